import type { Connection, Starved } from '../connection.ts';
import { alignDown, alignUp, type Shape } from '../limits.ts';
import type { Slab } from '../net/slabs.ts';
import { Operation } from '../operation.ts';
import { type ReadOwner, ReadRequest } from './read-request.ts';
import { BufferSink, type ChunkSink } from './sink.ts';
import { keepZeroes, ZEROES } from './zeroes.ts';

/** Room for slabs that are only partly filled, beside what the window needs. */
const SPARE_SLABS = 16;
const SLAB_BYTES_USED = 128 * 1024;

/**
 * One ranged read, cut into requests that run at the same time and are answered in any order, given to the sink in order
 * (imageio 9.2). The oldest request streams through; later ones are held. What is asked for and not yet passed on never
 * exceeds the window, so a slow sink stops the asking and the socket never has to be paused.
 */
export class ReadJob implements ReadOwner, Starved {
  readonly #connection: Connection;
  readonly #sink: ChunkSink;
  readonly #requestBytes: number;
  readonly #window: number;
  readonly #mostSlabs: number;
  /** The range wanted, and the same widened to whole blocks. */
  readonly #from: number;
  readonly #to: number;
  readonly #end: number;
  /** Where the next request begins; all before `#passed` went to the sink. */
  #next: number;
  #passed: number;
  readonly #queue: ReadRequest[] = [];
  #blocked = false;
  #settled = false;
  readonly #promise = Promise.withResolvers<void>();
  #operation: Operation | undefined;

  constructor(connection: Connection, shape: Shape, range: { offset: number; length: number }, sink: ChunkSink) {
    this.#connection = connection;
    this.#sink = sink;
    this.#requestBytes = shape.requestBytes;
    this.#window = shape.requestBytes * shape.inFlight;
    // Who copies keeps no slab, and must not wait for those who do.
    this.#mostSlabs = sink instanceof BufferSink ? Number.POSITIVE_INFINITY : Math.ceil((2 * this.#window) / SLAB_BYTES_USED) + SPARE_SLABS;
    this.#from = range.offset;
    this.#to = range.offset + range.length;
    this.#next = alignDown(this.#from, shape.align);
    this.#passed = this.#next;
    this.#end = range.length === 0 ? this.#next : alignUp(this.#to, shape.align);
  }

  /** Resolves when the sink has everything. Rejects with what the sink threw, or an `NbdError`; then the sink gets no more. */
  run(signal: AbortSignal | undefined): Promise<void> {
    this.#operation = new Operation(this.#connection, signal, (error) => this.#cancel(error));
    if (this.#next === this.#end) this.#finish();
    else this.resume();
    return this.#promise.promise;
  }

  /** Asks for more as far as the window and the memory allow. */
  resume(): void {
    if (!this.#settled && this.#mayAsk()) this.#connection.batch(() => this.#ask());
  }

  #ask(): void {
    while (this.#mayAsk()) {
      const length = Math.min(this.#requestBytes, this.#end - this.#next);
      const request = new ReadRequest(this, this.#next, length);
      this.#next += length;
      this.#queue.push(request);
      this.#connection.send(request);
    }
  }

  #mayAsk(): boolean {
    const length = Math.min(this.#requestBytes, this.#end - this.#next);
    if (length <= 0 || this.#next - this.#passed + length > this.#window) return false;
    if (this.#connection.slabs.live < this.#mostSlabs) return true;
    this.#connection.starved.add(this);
    return false;
  }

  /** From a request: the next part of it, in order. */
  accept(request: ReadRequest, slab: Slab | undefined, start: number, end: number): void {
    if (this.#settled) return;
    if (this.#blocked || request !== this.#queue[0] || request.held.length > 0) {
      request.hold(slab, start, end);
      return;
    }
    if (slab === undefined) {
      request.hold(slab, start, end);
      this.#advance();
      return;
    }
    slab.retain();
    this.#pass(slab, start, end);
    this.resume();
  }

  /** From a request: its answer is complete. */
  answered(request: ReadRequest): void {
    if (this.#settled) return;
    if (request.error !== undefined) {
      this.#settle(request.error);
      return;
    }
    this.#advance();
  }

  /** Passes on what is held, oldest request first, until the sink has enough. */
  #advance(): void {
    while (!this.#blocked && !this.#settled) {
      const head = this.#queue[0];
      if (head === undefined) break;
      this.#passHeld(head);
      if (!head.complete || head.held.length > 0) break;
      this.#queue.shift();
    }
    if (this.#settled) return;
    if (this.#queue.length === 0 && this.#next === this.#end) {
      this.#finish();
      return;
    }
    this.resume();
  }

  #passHeld(request: ReadRequest): void {
    while (!this.#blocked && !this.#settled) {
      const piece = request.held[0];
      if (piece === undefined) return;
      if (piece.slab !== undefined) {
        request.held.shift();
        this.#pass(piece.slab, piece.start, piece.end);
      } else {
        const length = Math.min(piece.end - piece.start, ZEROES.length);
        piece.start += length;
        if (piece.start === piece.end) request.held.shift();
        this.#pass(undefined, 0, length);
      }
    }
  }

  /** Gives a part to the sink, without what only the alignment added. The part's reference goes along. */
  #pass(slab: Slab | undefined, start: number, end: number): void {
    const offset = this.#passed;
    this.#passed += end - start;
    const first = start + Math.max(0, this.#from - offset);
    const last = end - Math.max(0, this.#passed - this.#to);
    if (first >= last) {
      slab?.release();
      return;
    }
    const bytes = slab === undefined ? ZEROES : slab.buffer;
    const whole = first === 0 && last === bytes.length;
    try {
      const more = this.#sink.write(whole ? bytes : bytes.subarray(first, last), slab === undefined ? keepZeroes : slab.release);
      if (!more && this.#passed < this.#end) this.#block();
    } catch (error) {
      this.#cancel(error);
    }
  }

  #block(): void {
    this.#blocked = true;
    this.#sink.drained().then(
      () => {
        this.#blocked = false;
        if (!this.#settled) this.#advance();
      },
      (error: unknown) => this.#cancel(error),
    );
  }

  #finish(): void {
    this.#settled = true;
    this.#operation?.end();
    this.#promise.resolve();
  }

  /** Stopped from outside or by the sink: what is still outstanding must drain soon. */
  #cancel(error: unknown): void {
    if (this.#settled) return;
    this.#settle(error);
    this.#connection.drainSoon(this.#queue);
  }

  #settle(error: unknown): void {
    this.#settled = true;
    this.#operation?.end();
    this.#connection.starved.delete(this);
    for (const request of this.#queue) request.drop();
    this.#promise.reject(error);
  }
}
