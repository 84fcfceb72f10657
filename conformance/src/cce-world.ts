import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Two gateways on the demo's objects: one with the embedded engine, which it also serves on Unix sockets, one that takes that for a real cced. */
export interface CceWorld extends AsyncDisposable {
  /** `https://…/v2/cce` by backend. */
  readonly urls: Readonly<Record<'embedded' | 'socket', string>>;
  readonly socket: string;
  readonly adminSocket: string;
  readonly user: string;
  readonly password: string;
}

/** Apps have no doors, so the demo's world is loaded by its path. */
export async function startCceWorld(root: string, stateDir: string): Promise<CceWorld> {
  const path = join(root, 'apps/fairlead/src/demo/cce-world.ts');
  const { startCceWorld: start } = await import(pathToFileURL(path).href);
  return start({ stateDir });
}
