import { NetworkError, TimeoutError, type TimeoutPhase } from '../../errors/errors.ts';
import type { SendOptions, WireAnswer, WireRequest } from '../transport.ts';
import { AnswerBody } from './answer-body.ts';
import { AnswerReader } from './answer-reader.ts';
import { decoded } from './decoded.ts';
import type { AnswerHead } from './head.ts';

/** What an exchange asks of its connection. */
export interface Carrier {
  pause(): void;
  resume(): void;
  /** The answer is complete. */
  done(keepMs: number | undefined): void;
  /** Nothing more can be done with this connection. */
  cut(): void;
}

/** One request and its answer: phases, their deadlines, and what ends them. */
export class Exchange {
  readonly answer: Promise<WireAnswer>;
  readonly #options: SendOptions;
  readonly #reader: AnswerReader;
  readonly #body = new AnswerBody({
    pause: () => this.#carrier?.pause(),
    resume: () => this.#carrier?.resume(),
    abandon: () => this.fail(new Error('The body was destroyed')),
  });
  readonly #host: string;
  #resolve!: (answer: WireAnswer) => void;
  #reject!: (error: unknown) => void;
  #carrier: Carrier | undefined;
  #timer: NodeJS.Timeout | undefined;
  #phase: TimeoutPhase = 'connect';
  #over = false;
  #headed = false;
  #keepMs: number | undefined;
  #bytes = 0;
  readonly #abort = (): void => this.fail(this.#options.signal.reason);

  /** @param host is named in errors */
  constructor(request: Pick<WireRequest, 'method'>, options: SendOptions, host: string) {
    this.#options = options;
    this.#host = host;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#reader = new AnswerReader(request.method, {
      onHead: (head) => this.#onHead(head),
      onPiece: (bytes) => this.#onPiece(bytes),
      onEnd: () => this.#onEnd(),
    });
    options.signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** Ended already, by a deadline or the signal. */
  get over(): boolean {
    return this.#over;
  }

  /** False while the connection is not there: nothing of the request can have left. */
  get #mayBeSeen(): boolean {
    return this.#phase !== 'connect';
  }

  /** The wait for a connection begins. */
  connecting(): void {
    this.#arm('connect');
  }

  /** The request goes out on this connection now. */
  begin(carrier: Carrier): void {
    this.#carrier = carrier;
    this.#arm('headers');
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
    const what = this.#mayBeSeen ? 'broke off' : 'was not made';
    const why = `${code === undefined ? '' : ` (${code})`}: ${error.message}`;
    this.fail(new NetworkError(`The connection to ${this.#host} ${what}${why}`, this.#mayBeSeen, error));
  }

  /** Ends everything with this error. */
  fail(error: unknown): void {
    if (this.#over) return;
    this.#finish();
    if (this.#headed) this.#body.fail(error);
    else this.#reject(error);
    this.#carrier?.cut();
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#abort);
  }

  #arm(phase: 'connect' | 'headers' | 'body'): void {
    this.#phase = phase;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#late, this.#options.timeouts[phase]);
  }

  readonly #late = (): void => {
    const phase = this.#phase as 'connect' | 'headers' | 'body';
    const what = { connect: 'No connection', headers: 'No answer', body: 'No piece of the body' }[phase];
    const text = `${what} from ${this.#host} within ${this.#options.timeouts[phase]} ms`;
    this.fail(new TimeoutError(text, { phase, sent: this.#mayBeSeen }));
  };

  #onHead(head: AnswerHead): void {
    this.#headed = true;
    this.#keepMs = head.keepMs;
    const { status, headers } = head;
    if (head.length !== 0) this.#arm('body');
    this.#resolve({ status, headers, body: decoded(this.#body, head, this.#options.maxResponseBytes) });
  }

  #onPiece(bytes: Buffer): void {
    if (this.#over) return;
    this.#bytes += bytes.length;
    const { maxResponseBytes } = this.#options;
    if (this.#bytes > maxResponseBytes) {
      this.fail(new NetworkError(`The answer is longer than ${maxResponseBytes} bytes (maxResponseBytes)`, true));
      return;
    }
    this.#timer?.refresh();
    this.#body.push(bytes);
  }

  #onEnd(): void {
    if (this.#over) return;
    this.#finish();
    this.#body.end();
    this.#carrier?.done(this.#keepMs);
  }
}
