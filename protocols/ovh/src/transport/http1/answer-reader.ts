import { type AnswerHead, MalformedAnswer, readHead } from './head.ts';

/** Where the parts of an answer go. */
export interface AnswerSink {
  onHead(head: AnswerHead): void;
  onPiece(bytes: Uint8Array): void;
  onEnd(): void;
}

/** Generous: real heads have about one KiB. */
const HEAD_LIMIT = 64 * 1024;
const LINE_LIMIT = 4 * 1024;
const HEX = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i;

type Part = 'head' | 'bytes' | 'chunk-size' | 'chunk-end' | 'trailers' | 'close' | 'done';

/** Reads one answer from pieces of any size (RFC 9112). Throws MalformedAnswer; nothing may be pushed after that. */
export class AnswerReader {
  readonly #method: string;
  readonly #sink: AnswerSink;
  #part: Part = 'head';
  #held: Buffer | undefined;
  /** Of the body or of the chunk, in bytes. */
  #left = 0;
  #chunked = false;
  #headed = false;

  constructor(method: string, sink: AnswerSink) {
    this.#method = method;
    this.#sink = sink;
  }

  /** False: there were bytes beyond the end of the answer. */
  push(piece: Buffer): boolean {
    let bytes = this.#held === undefined ? piece : Buffer.concat([this.#held, piece]);
    this.#held = undefined;
    while (bytes.length > 0) {
      if (this.#part === 'done') return false;
      const used = this.#step(bytes);
      if (used === 0) {
        this.#held = bytes;
        return true;
      }
      bytes = bytes.subarray(used);
    }
    return true;
  }

  /** The connection has ended. Throws MalformedAnswer where the answer has not. */
  close(): void {
    if (this.#part === 'close') this.#end();
    if (this.#part !== 'done') throw new MalformedAnswer(this.#headed ? 'it ended before its end' : 'the connection ended before it');
  }

  /** How many bytes were understood; 0: more are needed. */
  #step(bytes: Buffer): number {
    switch (this.#part) {
      case 'head':
        return this.#head(bytes);
      case 'bytes':
        return this.#body(bytes);
      case 'close':
        this.#sink.onPiece(bytes);
        return bytes.length;
      default:
        return this.#line(bytes);
    }
  }

  #head(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0 ? bytes.length > HEAD_LIMIT : end > HEAD_LIMIT) throw new MalformedAnswer(`its head is longer than ${HEAD_LIMIT} bytes`);
    if (end < 0) {
      if (!'HTTP/'.startsWith(bytes.toString('latin1', 0, 5))) throw new MalformedAnswer('it does not begin as HTTP/1.1 does');
      return 0;
    }
    const head = readHead(bytes.toString('latin1', 0, end), this.#method);
    const used = end + 4;
    if (head.status === 101) throw new MalformedAnswer('it changes the protocol');
    // RFC 9110 15.2: the answer itself is still to come.
    if (head.status < 200) return used;
    this.#headed = true;
    this.#sink.onHead(head);
    this.#chunked = head.length === 'chunked';
    if (head.length === 'close') this.#part = 'close';
    else if (head.length === 'chunked') this.#part = 'chunk-size';
    else this.#expect(head.length);
    return used;
  }

  #expect(length: number): void {
    this.#left = length;
    this.#part = 'bytes';
    if (length === 0) this.#end();
  }

  #body(bytes: Buffer): number {
    const piece = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= piece.length;
    this.#sink.onPiece(piece);
    if (this.#left === 0) {
      if (this.#chunked) this.#part = 'chunk-end';
      else this.#end();
    }
    return piece.length;
  }

  /** The lines between chunks, and those after the last one (RFC 9112 7.1). */
  #line(bytes: Buffer): number {
    const end = bytes.indexOf(10);
    if (end < 0 ? bytes.length > LINE_LIMIT : end > LINE_LIMIT) throw new MalformedAnswer('a line between its chunks is too long');
    if (end < 0) return 0;
    const line = bytes.toString('latin1', 0, end).replace(/\r$/, '');
    if (this.#part === 'chunk-size') this.#chunk(line);
    else if (this.#part === 'trailers') {
      if (line === '') this.#end();
    } else {
      if (line !== '') throw new MalformedAnswer('a chunk is longer than it says');
      this.#part = 'chunk-size';
    }
    return end + 1;
  }

  #chunk(line: string): void {
    const [, size] = HEX.exec(line) ?? [];
    if (size === undefined) throw new MalformedAnswer('the size of a chunk is no number');
    this.#left = Number.parseInt(size, 16);
    this.#part = this.#left === 0 ? 'trailers' : 'bytes';
  }

  #end(): void {
    this.#part = 'done';
    this.#sink.onEnd();
  }
}
