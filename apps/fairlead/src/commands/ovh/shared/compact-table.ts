import { formatTable } from '../../../output.ts';

/** A table without the columns in which nothing stands; the first so many are there always. */
export function compactTable(heading: readonly string[], rows: readonly (readonly string[])[], always: number): string {
  const used = heading.map((_, column) => column < always || rows.some((row) => (row[column] ?? '') !== ''));
  return formatTable([heading, ...rows].map((row) => row.filter((_, column) => used[column])));
}
