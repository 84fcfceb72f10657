import type { Connection, Running } from './connection.ts';
import { abortedError, type NbdError } from './error.ts';

/** The life of one call of the client: it ends by itself, by the caller's signal, or with the connection. */
export class Operation implements Running {
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;
  readonly #onStop: (error: NbdError) => void;
  readonly #onAbort = () => this.stop(abortedError(this.#signal as AbortSignal));
  #ended = false;

  /** `onStop` is called at most once. Throws if the connection is gone or the signal has fired already. */
  constructor(connection: Connection, signal: AbortSignal | undefined, onStop: (error: NbdError) => void) {
    if (connection.failure) throw connection.failure;
    if (signal?.aborted) throw abortedError(signal);
    this.#connection = connection;
    this.#signal = signal;
    this.#onStop = onStop;
    connection.running.add(this);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Ends it from outside. */
  stop(error: NbdError): void {
    if (this.#ended) return;
    this.end();
    this.#onStop(error);
  }

  /** It ended by itself. */
  end(): void {
    this.#ended = true;
    this.#connection.running.delete(this);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
