import { BLOCK_BYTES } from './checksum.ts';

export interface Extent {
  readonly start: number;
  readonly length: number;
  readonly zero: boolean;
}

/** A range of whole blocks (the last one of a disk may be shorter) that holds data. */
export interface Run {
  readonly start: number;
  readonly length: number;
}

/** No run is longer: the pieces that parallel streams share out. */
export const RUN_BYTES = 8 * BLOCK_BYTES;

/** Cuts the data of a disk into runs of whole blocks; a block with any data in it is carried whole. */
export function dataRuns(extents: readonly Extent[], size: number): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const extent of extents) {
    if (extent.zero) continue;
    const from = Math.max(end, Math.floor(extent.start / BLOCK_BYTES) * BLOCK_BYTES);
    const to = Math.min(size, Math.ceil((extent.start + extent.length) / BLOCK_BYTES) * BLOCK_BYTES);
    append(runs, from, to);
    end = Math.max(end, to);
  }
  return runs;
}

function append(runs: Run[], from: number, to: number): void {
  let start = from;
  const last = runs.at(-1);
  if (last && last.start + last.length === start && last.length < RUN_BYTES) {
    const length = Math.min(RUN_BYTES - last.length, Math.max(0, to - start));
    runs[runs.length - 1] = { start: last.start, length: last.length + length };
    start += length;
  }
  for (; start < to; start += RUN_BYTES) runs.push({ start, length: Math.min(RUN_BYTES, to - start) });
}

/** Does every byte of the disk stand in exactly one extent? A gap would be a silent hole. */
export function coversDisk(extents: readonly Extent[], size: number): boolean {
  let end = 0;
  for (const extent of extents) {
    if (extent.start !== end || extent.length <= 0) return false;
    end += extent.length;
  }
  return end === size;
}
