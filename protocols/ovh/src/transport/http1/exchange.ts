import { NetworkError, TimeoutError } from '../../errors/errors.ts';
import type { SendOptions, WireAnswer, WireRequest } from '../transport.ts';
import { AnswerBody, type BodySource } from './answer-body.ts';
import { AnswerReader, type AnswerSink } from './answer-reader.ts';
import { decoded } from './decoded.ts';
import type { AnswerHead } from './head.ts';

/** Which of its waits an exchange is in. */
export type Phase = 'connect' | 'headers' | 'body';

/** What an exchange asks of the connection that it is on. */
export interface Carrier {
  pause(): void;
  resume(): void;
  /** The wait begins anew: after so many ms, `late` is called. */
  arm(ms: number): void;
  /** The answer is complete. */
  done(keepMs: number | undefined): void;
  /** Nothing more can be done with this connection. */
  cut(): void;
}

const LATE: Readonly<Record<Phase, string>> = { connect: 'No connection', headers: 'No answer', body: 'No piece of the body' };

/** One request and its answer: its phases, and what ends them. */
export class Exchange implements AnswerSink, BodySource {
  readonly answer: Promise<WireAnswer>;
  readonly options: SendOptions;
  readonly #host: string;
  readonly #reader: AnswerReader;
  readonly #body: AnswerBody;
  #resolve!: (answer: WireAnswer) => void;
  #reject!: (error: unknown) => void;
  #carrier: Carrier | undefined;
  #phase: Phase = 'connect';
  #over = false;
  #paused = false;
  #keepMs: number | undefined;
  #bytes = 0;

  /** @param host is named in errors */
  constructor(request: Pick<WireRequest, 'method'>, options: SendOptions, host: string) {
    this.options = options;
    this.#host = host;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#body = new AnswerBody(this);
    this.#reader = new AnswerReader(request.method, this);
  }

  /** Ended already, by a deadline or the signal. */
  get over(): boolean {
    return this.#over;
  }

  /** The wait for a connection begins. */
  connect(carrier: Carrier): void {
    this.#carrier = carrier;
    carrier.arm(this.options.timeouts.connect);
  }

  /** The request goes out on this connection now. */
  begin(carrier: Carrier): void {
    this.#carrier = carrier;
    this.#phase = 'headers';
    carrier.arm(this.options.timeouts.headers);
  }

  /** Throws MalformedAnswer. False: more came than the answer. */
  read(bytes: Buffer): boolean {
    return this.#reader.push(bytes);
  }

  /** The connection is at its end, in good order or by an error. */
  disconnected(error: Error | undefined): void {
    if (this.#over) return;
    if (error !== undefined) {
      this.broken(error);
      return;
    }
    try {
      this.#reader.close();
    } catch (malformed) {
      this.broken(malformed as Error);
    }
  }

  /** Node or the reader says that this does not go on. */
  broken(error: Error): void {
    const code = (error as NodeJS.ErrnoException).code;
    const sent = this.#mayBeSeen;
    const why = `${code === undefined ? '' : ` (${code})`}: ${error.message}`;
    this.fail(new NetworkError(`The connection to ${this.#host} ${sent ? 'broke off' : 'was not made'}${why}`, sent, error));
  }

  /** A wait was too long. */
  late(): void {
    const phase = this.#phase;
    if (this.#paused && !this.#over) {
      // It is the reader who takes that long, not the server.
      this.#carrier?.arm(this.options.timeouts.body);
      return;
    }
    const text = `${LATE[phase]} from ${this.#host} within ${this.options.timeouts[phase]} ms`;
    this.fail(new TimeoutError(text, { phase, sent: this.#mayBeSeen }));
  }

  /** Ends everything with this error. */
  fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    // Without effect where the head was given already.
    this.#reject(error);
    this.#body.fail(error);
    this.#carrier?.cut();
  }

  onHead(head: AnswerHead): void {
    this.#keepMs = head.keepMs;
    this.#phase = 'body';
    this.#carrier?.arm(this.options.timeouts.body);
    const { status, headers } = head;
    this.#resolve({ status, headers, body: decoded(this.#body, head, this.options.maxResponseBytes) });
  }

  onPiece(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#bytes += bytes.length;
    const { maxResponseBytes, timeouts } = this.options;
    if (this.#bytes > maxResponseBytes) {
      this.fail(new NetworkError(`The answer is longer than ${maxResponseBytes} bytes (maxResponseBytes)`, true));
      return;
    }
    this.#carrier?.arm(timeouts.body);
    this.#body.push(bytes);
  }

  onEnd(): void {
    if (this.#over) return;
    this.#over = true;
    this.#body.end();
    this.#carrier?.done(this.#keepMs);
  }

  pause(): void {
    this.#paused = true;
    if (!this.#over) this.#carrier?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#over) return;
    this.#carrier?.arm(this.options.timeouts.body);
    this.#carrier?.resume();
  }

  abandon(): void {
    this.fail(new Error('The body was destroyed'));
  }

  /** False while the connection is not there: nothing of the request can have left. */
  get #mayBeSeen(): boolean {
    return this.#phase !== 'connect';
  }
}
