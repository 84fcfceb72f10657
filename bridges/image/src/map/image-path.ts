import { isAbsolute, sep } from 'node:path';

/** Whether a resolved path lies inside one of the resolved roots. */
export function isBelow(roots: readonly string[], path: string): boolean {
  return isAbsolute(path) && roots.some((root) => path.startsWith(root.endsWith(sep) ? root : root + sep));
}
