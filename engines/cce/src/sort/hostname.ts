import { compareBytewise } from './ascii.ts';

/** The labels of a name from the right, in lower case; the dot of the root at the end is no label. */
export function hostnameKey(value: string): readonly string[] {
  const name = value.endsWith('.') ? value.slice(0, -1) : value;
  return name.toLowerCase().split('.').reverse();
}

/** cce 1.7 `hostname`: a domain stands before the names below it. */
export function compareHostnames(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const order = compareBytewise(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
