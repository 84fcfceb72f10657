import type { Duplex } from 'node:stream';
import { formatReplyLine } from '../codec/format-reply.ts';
import type { EndCode, ReplyLine } from '../codec/reply.ts';
import { readStreamedLine } from '../codec/reply-parser.ts';
import { abortedError, CscpError, protocolError } from '../error.ts';

/** One thing that was committed (cce 12.1). */
export interface WatchedEvent {
  readonly transaction: string;
  /** `56..description`, `27.Foo.enable`, `5._CREATE`. */
  readonly event: string;
}

export interface WatchCallOptions {
  /** Ends the watch and the connection, whenever it fires. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the server has to say that it watches. Absent: those of the client. */
  readonly timeoutMs?: number | undefined;
  /** So many events may wait to be taken; then the server is made to wait. Absent: 1000. */
  readonly maxPending?: number | undefined;
}

/** The connection that watches. */
export interface WatchGround {
  readonly stream: Pick<Duplex, 'pause' | 'resume'>;
  /** Ends the connection. */
  destroy(reason?: CscpError): void;
}

const MAX_PENDING = 1000;
/** What a server says before a refusal is told; more lines are left out. */
const MAX_REASONS = 20;

/** What is committed, as it comes; leaving the loop ends the connection. One loop may go over it. */
export class CscpWatch implements AsyncIterable<WatchedEvent>, AsyncDisposable {
  readonly #ground: WatchGround;
  readonly #maxPending: number;
  readonly #signal: AbortSignal | undefined;
  readonly #begun = Promise.withResolvers<void>();
  readonly #reasons: ReplyLine[] = [];
  #events: WatchedEvent[] = [];
  #transaction = '';
  #isBegun = false;
  #end: EndCode | undefined;
  #failure: CscpError | undefined;
  #wake: (() => void) | undefined;

  constructor(ground: WatchGround, { signal, maxPending = MAX_PENDING }: WatchCallOptions) {
    this.#ground = ground;
    this.#maxPending = maxPending;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Ends when the server watches. Rejects with `CSCP_REFUSED` when it will not, `CSCP_TIMEOUT`, and what the connection fails with. */
  async begun(timeoutMs: number): Promise<void> {
    const late = () => this.#ground.destroy(new CscpError('CSCP_TIMEOUT', `no reply to WATCH within ${timeoutMs} ms`, { sent: true }));
    const timer = setTimeout(late, timeoutMs);
    try {
      await this.#begun.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next line of the server. Throws `CSCP_PROTOCOL` for what does not belong here. */
  push(rawLine: string): void {
    if (this.#end !== undefined) throw protocolError('the server goes on after the end of WATCH');
    const line = readStreamedLine(rawLine);
    if (typeof line === 'number') this.#finish(line);
    else this.#take(line);
    this.#wake?.();
  }

  /** The connection has failed or ended. */
  fail(error: CscpError): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#begun.reject(error);
    this.#wake?.();
  }

  /** Rejects with what ended the connection, unless the server ended the watch with 201. */
  async *[Symbol.asyncIterator](): AsyncGenerator<WatchedEvent, void, void> {
    try {
      for (;;) {
        const events = this.#events;
        this.#events = [];
        yield* events;
        if (this.#events.length > 0) continue;
        if (this.#end === 201) return;
        if (this.#failure !== undefined) throw this.#failure;
        await this.#more();
      }
    } finally {
      this.#ground.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ground.destroy();
  }

  async #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    this.#ground.stream.resume();
    await promise;
    this.#wake = undefined;
  }

  #take(line: ReplyLine): void {
    if (line.code === 113 && !this.#isBegun) {
      this.#isBegun = true;
      this.#begun.resolve();
    } else if (line.code === 112) this.#transaction = line.transaction;
    else if (line.code === 101 && this.#isBegun) this.#keep({ transaction: this.#transaction, event: line.event });
    else if (this.#reasons.length < MAX_REASONS) this.#reasons.push(line);
  }

  #keep(event: WatchedEvent): void {
    if (this.#events.push(event) >= this.#maxPending) this.#ground.stream.pause();
  }

  #finish(end: EndCode): void {
    this.#end = end;
    if (end === 201 && this.#isBegun) return;
    const said = [...this.#reasons.map(formatReplyLine), String(end)].join(', ');
    this.#ground.destroy(new CscpError('CSCP_REFUSED', `the server does not watch: ${said}`, { sent: true }));
  }

  readonly #onAbort = (): void => this.#ground.destroy(abortedError(this.#signal, true));
}
