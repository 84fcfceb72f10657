import { NBD_IHAVEOPT, NBD_INFO_BLOCK_SIZE, NBD_OPT_GO } from './wire.ts';

const OPTION_HEADER_BYTES = 16;

/** The client's answer to the greeting: which handshake flags it takes. */
export function encodeClientFlags(flags: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(flags);
  return bytes;
}

/** One option with its data (NBD "Option haggling"). */
export function encodeOption(option: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(OPTION_HEADER_BYTES + data.length);
  bytes.writeBigUInt64BE(NBD_IHAVEOPT, 0);
  bytes.writeUInt32BE(option, 8);
  bytes.writeUInt32BE(data.length, 12);
  data.copy(bytes, OPTION_HEADER_BYTES);
  return bytes;
}

/** `NBD_OPT_GO` for an export, asking for its block sizes. */
export function encodeGo(exportName: string): Buffer {
  const name = Buffer.from(exportName);
  const infos = Buffer.alloc(4);
  infos.writeUInt16BE(1, 0);
  infos.writeUInt16BE(NBD_INFO_BLOCK_SIZE, 2);
  return encodeOption(NBD_OPT_GO, Buffer.concat([u32(name.length), name, infos]));
}

/** `NBD_OPT_LIST_META_CONTEXT` or `NBD_OPT_SET_META_CONTEXT` (`option`) with its queries. */
export function encodeMetaContexts(option: number, exportName: string, queries: readonly string[]): Buffer {
  const name = Buffer.from(exportName);
  const parts = [u32(name.length), name, u32(queries.length)];
  for (const query of queries) {
    const bytes = Buffer.from(query);
    parts.push(u32(bytes.length), bytes);
  }
  return encodeOption(option, Buffer.concat(parts));
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
