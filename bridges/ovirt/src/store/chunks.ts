/** Rows written by one statement: SQLite takes 32766 parameters. */
const CHUNK = 500;

/** The items in parts that one statement can take. */
export function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) => items.slice(index * CHUNK, (index + 1) * CHUNK));
}
