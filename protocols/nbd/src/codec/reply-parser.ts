import { protocolError } from '../error.ts';
import { type BlockStatus, decodeBlockStatus, decodeBlockStatusExt, maxStatusPayload } from './block-status.ts';
import { readU64 } from './u64.ts';
import {
  EXTENDED_REPLY_BYTES,
  MAX_ERROR_PAYLOAD,
  MAX_PAYLOAD,
  NBD_EINVAL,
  NBD_EXTENDED_REPLY_MAGIC,
  NBD_REPLY_FLAG_DONE,
  NBD_REPLY_TYPE_BLOCK_STATUS,
  NBD_REPLY_TYPE_BLOCK_STATUS_EXT,
  NBD_REPLY_TYPE_ERROR,
  NBD_REPLY_TYPE_ERROR_OFFSET,
  NBD_REPLY_TYPE_FLAG_ERROR,
  NBD_REPLY_TYPE_NONE,
  NBD_REPLY_TYPE_OFFSET_DATA,
  NBD_REPLY_TYPE_OFFSET_HOLE,
  NBD_SIMPLE_REPLY_MAGIC,
  NBD_STRUCTURED_REPLY_MAGIC,
  SIMPLE_REPLY_BYTES,
  STRUCTURED_REPLY_REST_BYTES,
} from './wire.ts';

/** Which replies the negotiation allows. */
export type ReplyMode = 'simple' | 'structured' | 'extended';

/**
 * Who is told what a parser finds. Any of these may throw `NBD_PROTOCOL` (an unknown cookie, say), which ends the parsing.
 * `done` comes exactly once per reply, after everything else of its cookie.
 */
export interface ReplyHandler {
  /** A successful simple reply; gives how many payload bytes follow, which only the request tells. */
  simple(cookie: number): number;
  /** The head of a chunk, before any payload of it is kept. `offset` is the request's, echoed, with extended headers. */
  chunk(cookie: number, type: number, length: number, offset: number | undefined): void;
  /** A data chunk begins: `length` bytes belong at `offset` of the export; they follow in `data`. */
  dataStart(cookie: number, offset: number, length: number): void;
  /** Bytes `start` to `end` of `source` belong to the data chunk (or simple reply) that began. */
  data(source: Buffer, start: number, end: number): void;
  /** The range reads as zeroes. */
  hole(cookie: number, offset: number, length: number): void;
  status(cookie: number, status: BlockStatus): void;
  error(cookie: number, errno: number, message: string): void;
  done(cookie: number): void;
}

type Step = 'head' | 'rest' | 'dataOffset' | 'payload' | 'bulk';

const SCRATCH_BYTES = 64;
const DATA_OFFSET_BYTES = 8;
const HOLE_BYTES = 12;
const NOTHING = Buffer.alloc(0);

/**
 * Bytes of the transmission phase into calls of a handler, however they are cut (imageio 8.6, 9.1).
 * Data passes through as ranges of the caller's buffer; only heads and small payloads that arrive in pieces are copied.
 * After it threw, it must not be used again.
 */
export class ReplyParser {
  readonly #handler: ReplyHandler;
  readonly #mode: ReplyMode;
  readonly #headBytes: number;
  readonly #scratch = Buffer.alloc(SCRATCH_BYTES);
  #step: Step = 'head';
  /** How many contiguous bytes the step wants, and where they gather if they come in pieces. */
  #want: number;
  #gather = this.#scratch;
  #gathered = 0;
  /** Data bytes yet to pass through. */
  #bulk = 0;
  // The reply at hand.
  #cookie = 0;
  #type = 0;
  #length = 0;
  #last = false;

  constructor(mode: ReplyMode, handler: ReplyHandler) {
    this.#mode = mode;
    this.#handler = handler;
    this.#headBytes = mode === 'extended' ? EXTENDED_REPLY_BYTES : SIMPLE_REPLY_BYTES;
    this.#want = this.#headBytes;
  }

  /** Takes the bytes before `end`. The handler may keep references to ranges given to `data`, and to nothing else. */
  push(source: Buffer, end: number): void {
    let at = 0;
    while (at < end) {
      if (this.#step === 'bulk') {
        const take = Math.min(this.#bulk, end - at);
        this.#handler.data(source, at, at + take);
        at += take;
        this.#bulk -= take;
        if (this.#bulk === 0) this.#finish();
      } else {
        at = this.#contiguous(source, at, end);
      }
    }
  }

  /** Lets the step parse in place if all it wants is here, else gathers. Gives the new position. */
  #contiguous(source: Buffer, at: number, end: number): number {
    const want = this.#want;
    if (this.#gathered === 0 && end - at >= want) {
      this.#parse(source, at);
      return at + want;
    }
    if (this.#gathered === 0) this.#gather = want <= SCRATCH_BYTES ? this.#scratch : Buffer.allocUnsafe(want);
    const take = Math.min(want - this.#gathered, end - at);
    source.copy(this.#gather, this.#gathered, at, at + take);
    this.#gathered += take;
    if (this.#gathered === want) {
      this.#gathered = 0;
      this.#parse(this.#gather, 0);
    }
    return at + take;
  }

  #parse(bytes: Buffer, at: number): void {
    switch (this.#step) {
      case 'head':
        this.#parseHead(bytes, at);
        return;
      case 'rest':
        this.#length = bytes.readUInt32BE(at);
        this.#beginChunk(undefined);
        return;
      case 'dataOffset':
        this.#beginData(bytes, at);
        return;
      default:
        this.#parsePayload(bytes.subarray(at, at + this.#want));
        return;
    }
  }

  #parseHead(bytes: Buffer, at: number): void {
    const magic = bytes.readUInt32BE(at);
    if (this.#mode === 'extended') {
      if (magic !== NBD_EXTENDED_REPLY_MAGIC) throw protocolError(`0x${magic.toString(16)} is no extended reply's magic number`);
      this.#parseChunkHead(bytes, at);
      const offset = readU64(bytes, at + 16);
      const length = readU64(bytes, at + 24);
      if (length === undefined) throw protocolError('a reply of more than 2^53 bytes');
      this.#length = length;
      this.#beginChunk(offset);
      return;
    }
    if (magic === NBD_SIMPLE_REPLY_MAGIC) {
      this.#parseSimple(bytes, at);
      return;
    }
    if (magic !== NBD_STRUCTURED_REPLY_MAGIC || this.#mode === 'simple') {
      throw protocolError(`0x${magic.toString(16)} is no reply's magic number here`);
    }
    this.#parseChunkHead(bytes, at);
    this.#expect('rest', STRUCTURED_REPLY_REST_BYTES);
  }

  #parseChunkHead(bytes: Buffer, at: number): void {
    this.#last = (bytes.readUInt16BE(at + 4) & NBD_REPLY_FLAG_DONE) !== 0;
    this.#type = bytes.readUInt16BE(at + 6);
    this.#cookie = cookieAt(bytes, at + 8);
  }

  #parseSimple(bytes: Buffer, at: number): void {
    const errno = bytes.readUInt32BE(at + 4);
    this.#cookie = cookieAt(bytes, at + 8);
    this.#last = true;
    if (errno !== 0) {
      this.#handler.error(this.#cookie, errno, '');
      this.#finish();
      return;
    }
    this.#bulk = this.#handler.simple(this.#cookie);
    if (this.#bulk === 0) {
      this.#finish();
      return;
    }
    this.#step = 'bulk';
  }

  #beginChunk(offset: number | undefined): void {
    const { limit, exact } = payloadRule(this.#type, this.#mode);
    const length = this.#length;
    if (length > limit || (exact && length !== limit)) throw protocolError(`a chunk of type ${this.#type} and ${length} bytes`);
    this.#handler.chunk(this.#cookie, this.#type, length, offset);
    if (this.#type === NBD_REPLY_TYPE_NONE) {
      if (!this.#last) throw protocolError('a chunk of type NONE that is not the last');
      this.#finish();
      return;
    }
    if (this.#type !== NBD_REPLY_TYPE_OFFSET_DATA) {
      // An unknown error type may carry nothing at all.
      length === 0 ? this.#parsePayload(NOTHING) : this.#expect('payload', length);
      return;
    }
    if (length <= DATA_OFFSET_BYTES) throw protocolError('a data chunk without data');
    this.#expect('dataOffset', DATA_OFFSET_BYTES);
  }

  #beginData(bytes: Buffer, at: number): void {
    this.#bulk = this.#length - DATA_OFFSET_BYTES;
    this.#handler.dataStart(this.#cookie, offsetAt(bytes, at), this.#bulk);
    this.#step = 'bulk';
  }

  #parsePayload(payload: Buffer): void {
    switch (this.#type) {
      case NBD_REPLY_TYPE_OFFSET_HOLE: {
        const length = payload.readUInt32BE(8);
        if (length === 0) throw protocolError('a hole of no length');
        this.#handler.hole(this.#cookie, offsetAt(payload, 0), length);
        break;
      }
      case NBD_REPLY_TYPE_BLOCK_STATUS:
        this.#handler.status(this.#cookie, decodeBlockStatus(payload));
        break;
      case NBD_REPLY_TYPE_BLOCK_STATUS_EXT:
        this.#handler.status(this.#cookie, decodeBlockStatusExt(payload));
        break;
      default:
        this.#parseError(payload);
    }
    this.#finish();
  }

  #parseError(payload: Buffer): void {
    // NBD "Structured replies": every error type, known or not, begins with the number and a text.
    const errno = payload.length >= 4 ? payload.readUInt32BE(0) : 0;
    const textBytes = payload.length >= 6 ? payload.readUInt16BE(4) : 0;
    const known = this.#type === NBD_REPLY_TYPE_ERROR || this.#type === NBD_REPLY_TYPE_ERROR_OFFSET;
    const tail = this.#type === NBD_REPLY_TYPE_ERROR_OFFSET ? 8 : 0;
    if (known && payload.length !== 6 + textBytes + tail) throw protocolError('an error chunk whose text contradicts its length');
    this.#handler.error(this.#cookie, errno === 0 ? NBD_EINVAL : errno, payload.toString('utf8', 6, 6 + textBytes));
  }

  #finish(): void {
    this.#expect('head', this.#headBytes);
    if (this.#last) this.#handler.done(this.#cookie);
  }

  #expect(step: Step, want: number): void {
    this.#step = step;
    this.#want = want;
  }
}

function cookieAt(bytes: Buffer, at: number): number {
  if (bytes.readUInt32BE(at) !== 0) throw protocolError('a reply to a cookie that was never given');
  return bytes.readUInt32BE(at + 4);
}

function offsetAt(bytes: Buffer, at: number): number {
  const offset = readU64(bytes, at);
  if (offset === undefined) throw protocolError('a chunk beyond 2^53');
  return offset;
}

/** The most payload a chunk of this type may have, or exactly that. Throws for types that the mode does not know. */
function payloadRule(type: number, mode: ReplyMode): { limit: number; exact: boolean } {
  if ((type & NBD_REPLY_TYPE_FLAG_ERROR) !== 0) return { limit: MAX_ERROR_PAYLOAD, exact: false };
  if (type === NBD_REPLY_TYPE_NONE) return { limit: 0, exact: true };
  if (type === NBD_REPLY_TYPE_OFFSET_DATA) return { limit: MAX_PAYLOAD + DATA_OFFSET_BYTES, exact: false };
  if (type === NBD_REPLY_TYPE_OFFSET_HOLE) return { limit: HOLE_BYTES, exact: true };
  if (type === NBD_REPLY_TYPE_BLOCK_STATUS && mode !== 'extended') return { limit: maxStatusPayload(false), exact: false };
  if (type === NBD_REPLY_TYPE_BLOCK_STATUS_EXT && mode === 'extended') return { limit: maxStatusPayload(true), exact: false };
  throw protocolError(`a chunk of unknown type ${type}`);
}
