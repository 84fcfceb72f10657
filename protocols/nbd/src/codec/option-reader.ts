import { NbdError } from '../error.ts';
import { readU64 } from './u64.ts';
import {
  MAX_OPTION_REPLY,
  NBD_CLISERV_MAGIC,
  NBD_FLAG_FIXED_NEWSTYLE,
  NBD_IHAVEOPT,
  NBD_MAGIC,
  NBD_REP_ERR_BLOCK_SIZE_REQD,
  NBD_REP_ERR_EXT_HEADER_REQD,
  NBD_REP_ERR_INVALID,
  NBD_REP_ERR_PLATFORM,
  NBD_REP_ERR_POLICY,
  NBD_REP_ERR_SHUTDOWN,
  NBD_REP_ERR_TLS_REQD,
  NBD_REP_ERR_TOO_BIG,
  NBD_REP_ERR_UNKNOWN,
  NBD_REP_ERR_UNSUP,
  NBD_REP_MAGIC,
} from './wire.ts';

const ERROR_NAMES = new Map<number, string>([
  [NBD_REP_ERR_UNSUP, 'ERR_UNSUP'],
  [NBD_REP_ERR_POLICY, 'ERR_POLICY'],
  [NBD_REP_ERR_INVALID, 'ERR_INVALID'],
  [NBD_REP_ERR_PLATFORM, 'ERR_PLATFORM'],
  [NBD_REP_ERR_TLS_REQD, 'ERR_TLS_REQD'],
  [NBD_REP_ERR_UNKNOWN, 'ERR_UNKNOWN'],
  [NBD_REP_ERR_SHUTDOWN, 'ERR_SHUTDOWN'],
  [NBD_REP_ERR_BLOCK_SIZE_REQD, 'ERR_BLOCK_SIZE_REQD'],
  [NBD_REP_ERR_TOO_BIG, 'ERR_TOO_BIG'],
  [NBD_REP_ERR_EXT_HEADER_REQD, 'ERR_EXT_HEADER_REQD'],
]);

/** Head of one reply to an option; its data follows. */
export interface OptionReplyHeader {
  readonly option: number;
  readonly type: number;
  readonly length: number;
}

/** Reads the 18 bytes of the greeting and gives the server's handshake flags. Throws `NBD_HANDSHAKE`. */
export function decodeGreeting(bytes: Buffer): number {
  if (bytes.readBigUInt64BE(0) !== NBD_MAGIC) throw bad('this is no NBD server: the greeting lacks NBDMAGIC');
  const style = bytes.readBigUInt64BE(8);
  if (style === NBD_CLISERV_MAGIC) throw bad('the server speaks only the oldstyle negotiation');
  if (style !== NBD_IHAVEOPT) throw bad('the greeting lacks IHAVEOPT');
  const flags = bytes.readUInt16BE(16);
  if ((flags & NBD_FLAG_FIXED_NEWSTYLE) === 0) throw bad('the server does not offer the fixed newstyle negotiation');
  return flags;
}

/** Reads the 20 bytes before an option reply's data. Throws `NBD_HANDSHAKE`. */
export function decodeOptionReplyHeader(bytes: Buffer): OptionReplyHeader {
  if (bytes.readBigUInt64BE(0) !== NBD_REP_MAGIC) throw bad('an option reply has a wrong magic number');
  const length = bytes.readUInt32BE(16);
  if (length > MAX_OPTION_REPLY) throw bad(`an option reply of ${length} bytes is longer than ${MAX_OPTION_REPLY}`);
  return { option: bytes.readUInt32BE(8), type: bytes.readUInt32BE(12), length };
}

/** A metadata context the server has, from a META_CONTEXT reply. Throws `NBD_HANDSHAKE`. */
export function decodeMetaContext(data: Buffer): { id: number; name: string } {
  if (data.length < 5) throw bad('a metadata context without name');
  return { id: data.readUInt32BE(0), name: data.toString('utf8', 4) };
}

/** The information type of an INFO reply. Throws `NBD_HANDSHAKE`. */
export function infoType(data: Buffer): number {
  if (data.length < 2) throw bad('an information reply without type');
  return data.readUInt16BE(0);
}

/** Size in bytes and transmission flags. Throws `NBD_HANDSHAKE`, also for an export of 2^53 bytes or more. */
export function decodeExportInfo(data: Buffer): { size: number; flags: number } {
  if (data.length !== 12) throw bad('the export information has a wrong length');
  const size = readU64(data, 2);
  if (size === undefined) throw bad('the export is larger than 2^53 bytes');
  return { size, flags: data.readUInt16BE(10) };
}

/** Smallest, preferred and largest block, bytes. Throws `NBD_HANDSHAKE` if they contradict each other. */
export function decodeBlockSize(data: Buffer): { min: number; preferred: number; max: number } {
  if (data.length !== 14) throw bad('the block size information has a wrong length');
  const min = data.readUInt32BE(2);
  const preferred = data.readUInt32BE(6);
  const max = data.readUInt32BE(10);
  // NBD "Block size constraints": the minimum is a power of two of at most 64 KiB.
  const powerOfTwo = min > 0 && (min & (min - 1)) === 0;
  if (!powerOfTwo || min > 65536 || preferred < min || max < min) {
    throw bad(`impossible block sizes: at least ${min}, preferred ${preferred}, at most ${max}`);
  }
  return { min, preferred, max };
}

/** Names an error reply in words: its wire name and the server's text. */
export function describeOptionError(type: number, data: Buffer): string {
  const name = ERROR_NAMES.get(type) ?? `error 0x${type.toString(16)}`;
  const text = data.toString('utf8');
  return text === '' ? name : `${name}: ${text}`;
}

function bad(message: string): NbdError {
  return new NbdError('NBD_HANDSHAKE', message);
}
