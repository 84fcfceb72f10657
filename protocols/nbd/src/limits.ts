import { MAX_PAYLOAD, NBD_FLAG_READ_ONLY } from './codec/wire.ts';
import { NbdError } from './error.ts';
import type { Agreement } from './negotiate.ts';

/** How requests are cut and how many run at once; bytes. */
export interface Shape {
  /** Size of the requests that a longer range is cut into; a multiple of `align`. */
  readonly requestBytes: number;
  readonly inFlight: number;
  /** Every offset and length on the wire is a multiple of this. */
  readonly align: number;
  /** Announced size of the export. */
  readonly size: number;
  /** End of the last whole block: what lies beyond cannot be reached (imageio 8.9). */
  readonly reachable: number;
}

/** Fits the caller's wishes to what the server can do. */
export function shapeFor(agreement: Agreement, requestBytes: number, inFlight: number): Shape {
  const { min, max } = agreement.blockSize;
  const most = Math.min(max, MAX_PAYLOAD);
  const wished = Math.min(Math.max(requestBytes, min), most);
  return {
    requestBytes: alignDown(wished, min),
    inFlight: Math.max(1, inFlight),
    align: min,
    size: agreement.size,
    reachable: alignDown(agreement.size, min),
  };
}

/** The largest multiple of `align` that is not above `value`. */
export function alignDown(value: number, align: number): number {
  return value - (value % align);
}

/** The smallest multiple of `align` that is not below `value`. */
export function alignUp(value: number, align: number): number {
  return alignDown(value + align - 1, align);
}

/** Throws `NBD_OUT_OF_RANGE` unless the range lies within what can be reached. */
export function assertRange(shape: Shape, offset: number, length: number): void {
  const sane = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!sane || offset + length > shape.size) {
    throw new NbdError('NBD_OUT_OF_RANGE', `${length} bytes at ${offset} do not fit an export of ${shape.size} bytes`);
  }
  if (offset + length > shape.reachable) {
    const { size, align } = shape;
    throw new NbdError(
      'NBD_OUT_OF_RANGE',
      `the export's size ${size} is no multiple of its block size ${align}: its last block is out of reach`,
    );
  }
}

/** Throws `NBD_READ_ONLY` if the export does not take writes. */
export function assertWritable(flags: number): void {
  if ((flags & NBD_FLAG_READ_ONLY) !== 0) throw new NbdError('NBD_READ_ONLY', 'the export is read-only');
}
