import { protocolError } from '../error.ts';
import { readU64 } from './u64.ts';
import { MAX_DESCRIPTORS } from './wire.ts';

const COMPACT_HEAD = 4;
const COMPACT_DESCRIPTOR = 8;
const EXTENDED_HEAD = 8;
const EXTENDED_DESCRIPTOR = 16;

/** One context's answer to a block status request: consecutive areas from the request's offset on. */
export interface BlockStatus {
  readonly contextId: number;
  /** Bytes of each area; never 0. */
  readonly lengths: Float64Array;
  /** What the context says of each area. */
  readonly flags: Float64Array;
}

/** The longest legal payload, which is what a parser collects at most. */
export function maxStatusPayload(extended: boolean): number {
  return extended ? EXTENDED_HEAD + MAX_DESCRIPTORS * EXTENDED_DESCRIPTOR : COMPACT_HEAD + MAX_DESCRIPTORS * COMPACT_DESCRIPTOR;
}

/** Reads the payload of BLOCK_STATUS (u32 pairs). Throws `NBD_PROTOCOL`. */
export function decodeBlockStatus(payload: Buffer): BlockStatus {
  const count = (payload.length - COMPACT_HEAD) / COMPACT_DESCRIPTOR;
  if (!Number.isInteger(count) || count < 1) throw protocolError(`a block status chunk of ${payload.length} bytes`);
  const status = empty(payload.readUInt32BE(0), count);
  for (let index = 0, at = COMPACT_HEAD; index < count; index += 1, at += COMPACT_DESCRIPTOR) {
    status.lengths[index] = someLength(payload.readUInt32BE(at));
    status.flags[index] = payload.readUInt32BE(at + 4);
  }
  return status;
}

/** Reads the payload of BLOCK_STATUS_EXT (u64 pairs after a count). Throws `NBD_PROTOCOL`. */
export function decodeBlockStatusExt(payload: Buffer): BlockStatus {
  const count = (payload.length - EXTENDED_HEAD) / EXTENDED_DESCRIPTOR;
  if (!Number.isInteger(count) || count < 1) throw protocolError(`an extended block status chunk of ${payload.length} bytes`);
  if (payload.readUInt32BE(4) !== count) throw protocolError('an extended block status chunk whose count contradicts its length');
  const status = empty(payload.readUInt32BE(0), count);
  for (let index = 0, at = EXTENDED_HEAD; index < count; index += 1, at += EXTENDED_DESCRIPTOR) {
    status.lengths[index] = someLength(readU64(payload, at));
    status.flags[index] = someFlags(readU64(payload, at + 8));
  }
  return status;
}

function empty(contextId: number, count: number): BlockStatus {
  return { contextId, lengths: new Float64Array(count), flags: new Float64Array(count) };
}

function someLength(length: number | undefined): number {
  if (length === undefined || length === 0) throw protocolError('a block status area of no or of impossible length');
  return length;
}

function someFlags(flags: number | undefined): number {
  if (flags === undefined) throw protocolError('block status flags beyond 2^53');
  return flags;
}
