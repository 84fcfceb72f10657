// An independent builder of NBD's wire format, straight from the tables of the protocol document. It shares nothing with
// the codec under test, not even the numbers.

/** Appends fields to a list of bytes, big-endian, by arithmetic on BigInt. */
export class Bytes {
  readonly #bytes: number[] = [];

  #field(value: number | bigint, width: number): this {
    for (let byte = width - 1; byte >= 0; byte -= 1) this.#bytes.push(Number((BigInt(value) >> BigInt(8 * byte)) & 0xffn));
    return this;
  }

  u16(value: number): this {
    return this.#field(value, 2);
  }

  u32(value: number): this {
    return this.#field(value, 4);
  }

  u64(value: number | bigint): this {
    return this.#field(value, 8);
  }

  text(text: string): this {
    return this.raw(Buffer.from(text));
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  get buffer(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

export const ACK = 1;
export const INFO = 3;
export const META_CONTEXT = 4;
export const ERR_UNSUP = 2 ** 31 + 1;
export const ERR_POLICY = 2 ** 31 + 2;
export const ERR_INVALID = 2 ** 31 + 3;
export const ERR_TLS_REQD = 2 ** 31 + 5;
export const ERR_UNKNOWN = 2 ** 31 + 6;
export const ERR_SHUTDOWN = 2 ** 31 + 7;

export const GO = 7;
export const STRUCTURED_REPLY = 8;
export const LIST_META_CONTEXT = 9;
export const SET_META_CONTEXT = 10;
export const EXTENDED_HEADERS = 11;

export const READ = 0;
export const WRITE = 1;
export const DISC = 2;
export const FLUSH = 3;
export const WRITE_ZEROES = 6;
export const BLOCK_STATUS = 7;

const DONE = 1;

export function greeting(flags = 3): Buffer {
  return new Bytes().text('NBDMAGICIHAVEOPT').u16(flags).buffer;
}

export function optionReply(option: number, type: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  return new Bytes().u64(0x3e889045565a9n).u32(option).u32(type).u32(data.length).raw(data).buffer;
}

export function exportInfo(size: number | bigint, flags: number): Buffer {
  return new Bytes().u16(0).u64(size).u16(flags).buffer;
}

export function blockSizeInfo(min: number, preferred: number, max: number): Buffer {
  return new Bytes().u16(3).u32(min).u32(preferred).u32(max).buffer;
}

export function metaContext(id: number, name: string): Buffer {
  return new Bytes().u32(id).text(name).buffer;
}

export function simpleReply(cookie: number | bigint, errno = 0): Bytes {
  return new Bytes().u32(0x67446698).u32(errno).u64(cookie);
}

export interface ChunkFields {
  readonly cookie: number | bigint;
  readonly type: number;
  readonly flags?: number;
  readonly payload?: Uint8Array;
  /** Given: an extended chunk that echoes this offset. */
  readonly echo?: number;
  /** Lie about the payload's length. */
  readonly length?: number | bigint;
}

export function chunk({ cookie, type, flags = DONE, payload = Buffer.alloc(0), echo, length = payload.length }: ChunkFields): Buffer {
  const magic = echo === undefined ? 0x668e33ef : 0x6e8a278c;
  const head = new Bytes().u32(magic).u16(flags).u16(type).u64(cookie);
  if (echo === undefined) head.u32(Number(length));
  else head.u64(echo).u64(length);
  return Buffer.concat([head.buffer, payload]);
}

export function dataPayload(offset: number | bigint, data: Uint8Array): Buffer {
  return Buffer.concat([new Bytes().u64(offset).buffer, data]);
}

export function holePayload(offset: number | bigint, length: number): Buffer {
  return new Bytes().u64(offset).u32(length).buffer;
}

export function statusPayload(context: number, areas: readonly (readonly [length: number, flags: number])[]): Buffer {
  const bytes = new Bytes().u32(context);
  for (const [length, flags] of areas) bytes.u32(length).u32(flags);
  return bytes.buffer;
}

export function statusExtPayload(context: number, areas: readonly (readonly [length: number | bigint, flags: number | bigint])[]): Buffer {
  const bytes = new Bytes().u32(context).u32(areas.length);
  for (const [length, flags] of areas) bytes.u64(length).u64(flags);
  return bytes.buffer;
}

export function errorPayload(errno: number, message: string, offset?: number): Buffer {
  const text = Buffer.from(message);
  const bytes = new Bytes().u32(errno).u16(text.length).raw(text);
  return offset === undefined ? bytes.buffer : bytes.u64(offset).buffer;
}
