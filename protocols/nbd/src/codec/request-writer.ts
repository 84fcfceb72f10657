import { writeU64 } from './u64.ts';
import {
  EXTENDED_REQUEST_BYTES,
  NBD_CMD_FLAG_PAYLOAD_LEN,
  NBD_CMD_WRITE,
  NBD_EXTENDED_REQUEST_MAGIC,
  NBD_REQUEST_MAGIC,
  REQUEST_BYTES,
} from './wire.ts';

/** One request's head. `cookie` fits 32 bits, `offset` and `length` are safe integers. */
interface RequestHead {
  readonly type: number;
  readonly flags: number;
  readonly cookie: number;
  readonly offset: number;
  readonly length: number;
}

/** The head of a request: 28 bytes, or 32 with extended headers, where a payload must be announced by a flag. */
export function encodeRequest(head: RequestHead, extended: boolean): Buffer {
  const bytes = Buffer.allocUnsafe(extended ? EXTENDED_REQUEST_BYTES : REQUEST_BYTES);
  const announce = extended && head.type === NBD_CMD_WRITE ? NBD_CMD_FLAG_PAYLOAD_LEN : 0;
  bytes.writeUInt32BE(extended ? NBD_EXTENDED_REQUEST_MAGIC : NBD_REQUEST_MAGIC, 0);
  bytes.writeUInt16BE(head.flags | announce, 4);
  bytes.writeUInt16BE(head.type, 6);
  writeU64(bytes, head.cookie, 8);
  writeU64(bytes, head.offset, 16);
  if (extended) writeU64(bytes, head.length, 24);
  else bytes.writeUInt32BE(head.length, 24);
  return bytes;
}
