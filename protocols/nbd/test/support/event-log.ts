import type { BlockStatus } from '../../src/codec/block-status.ts';
import type { ReplyHandler } from '../../src/codec/reply-parser.ts';

/** What a parser told its handler; data that came in pieces is one entry. */
export type LogEntry =
  | { readonly kind: 'data'; readonly cookie: number; readonly offset: number; readonly bytes: string }
  | { readonly kind: 'simple' | 'done'; readonly cookie: number }
  | { readonly kind: 'hole'; readonly cookie: number; readonly offset: number; readonly length: number }
  | { readonly kind: 'status'; readonly cookie: number; readonly context: number; readonly areas: readonly (readonly number[])[] }
  | { readonly kind: 'error'; readonly cookie: number; readonly errno: number; readonly message: string };

/** A handler that writes down what it is told. `readLengths` says how much data a simple reply to a cookie carries. */
export class EventLog implements ReplyHandler {
  readonly entries: LogEntry[] = [];
  readonly echoes: (number | undefined)[] = [];
  readonly #readLengths: ReadonlyMap<number, number>;
  #target = { cookie: 0, offset: 0, missing: 0 };
  #pieces: Buffer[] = [];

  constructor(readLengths: ReadonlyMap<number, number> = new Map()) {
    this.#readLengths = readLengths;
  }

  simple(cookie: number): number {
    this.entries.push({ kind: 'simple', cookie });
    const length = this.#readLengths.get(cookie) ?? 0;
    this.#target = { cookie, offset: 0, missing: length };
    return length;
  }

  chunk(_cookie: number, _type: number, _length: number, offset: number | undefined): void {
    this.echoes.push(offset);
  }

  dataStart(cookie: number, offset: number, length: number): void {
    this.#target = { cookie, offset, missing: length };
  }

  data(source: Buffer, start: number, end: number): void {
    this.#pieces.push(Buffer.from(source.subarray(start, end)));
    this.#target.missing -= end - start;
    if (this.#target.missing > 0) return;
    const { cookie, offset } = this.#target;
    this.entries.push({ kind: 'data', cookie, offset, bytes: Buffer.concat(this.#pieces).toString('hex') });
    this.#pieces = [];
  }

  hole(cookie: number, offset: number, length: number): void {
    this.entries.push({ kind: 'hole', cookie, offset, length });
  }

  status(cookie: number, status: BlockStatus): void {
    const areas = Array.from(status.lengths, (length, index) => [length, status.flags[index] ?? Number.NaN]);
    this.entries.push({ kind: 'status', cookie, context: status.contextId, areas });
  }

  error(cookie: number, errno: number, message: string): void {
    this.entries.push({ kind: 'error', cookie, errno, message });
  }

  done(cookie: number): void {
    this.entries.push({ kind: 'done', cookie });
  }
}
