import type { Operation } from '../codec/operation.ts';
import type { Reply } from '../codec/reply.ts';
import { abortedError, CscpError } from '../error.ts';

/** What ends an exchange early. */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the reply, once those before it are complete. */
  readonly timeoutMs: number;
}

type GiveUp = (exchange: Exchange, error: CscpError) => void;

/** One command on its way, until its reply is complete. */
export class Exchange {
  readonly operation: Operation;
  readonly reply: Promise<Reply>;
  readonly #settle: PromiseWithResolvers<Reply>;
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  readonly #giveUp: GiveUp;

  /** `giveUp` is called at the deadline and when the signal ends: the connection cannot be used any more. */
  constructor(operation: Operation, limits: Limits, giveUp: GiveUp) {
    this.operation = operation;
    this.#settle = Promise.withResolvers<Reply>();
    this.reply = this.#settle.promise;
    this.#signal = limits.signal;
    this.#onAbort = () => giveUp(this, abortedError(limits.signal, true));
    this.#timeoutMs = limits.timeoutMs;
    this.#giveUp = giveUp;
    limits.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** It is this one's turn to be answered: the deadline runs from here. */
  begin(): void {
    this.#timer = setTimeout(() => this.#giveUp(this, timeoutError(this.operation, this.#timeoutMs)), this.#timeoutMs);
  }

  resolve(reply: Reply): void {
    this.#release();
    this.#settle.resolve(reply);
  }

  reject(error: CscpError): void {
    this.#release();
    this.#settle.reject(error);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

function timeoutError({ verb }: Operation, timeoutMs: number): CscpError {
  return new CscpError('CSCP_TIMEOUT', `no whole reply to ${verb} within ${timeoutMs} ms`, { sent: true });
}
