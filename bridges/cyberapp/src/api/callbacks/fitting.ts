/** Bytes of an answer (cyberapp 7.3), less what is around the rows. */
const MOST_BYTES = 8 * 1024 * 1024 - 1024;

/** The first rows, at most so many, that an answer has room for. */
export function fitting<Row>(rows: readonly Row[], most: number): readonly Row[] {
  let bytes = 0;
  for (const [at, row] of rows.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    if (at >= most || bytes > MOST_BYTES) return rows.slice(0, at);
  }
  return rows;
}
