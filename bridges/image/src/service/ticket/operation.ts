import { texts } from '@fairlead/imageio/codec';
import { ImageError } from '../../errors.ts';

/** One read, write, zero or flush under way. Only operations count as activity (imageio 1). */
export class Operation {
  readonly start: number;
  /** Bytes done so far, from `start` on. */
  done = 0;
  /** Whether it waits for the client rather than for the storage. */
  waitsForClient: () => boolean = () => false;
  /** Ends the connection on which it runs, with all it holds. */
  cut: () => void = () => undefined;
  readonly #transferId: string;
  readonly #connection: AbortSignal;
  readonly #abort = new AbortController();
  readonly #gone = () => this.#abort.abort(this.#connection.reason);
  readonly #ended = Promise.withResolvers<void>();

  constructor(transferId: string, start: number, connection: AbortSignal) {
    this.#transferId = transferId;
    this.start = start;
    this.#connection = connection;
    if (connection.aborted) this.#gone();
    connection.addEventListener('abort', this.#gone, { once: true });
  }

  /** Aborted by cancelling, or when the client goes. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  advance(bytes: number): void {
    this.done += bytes;
  }

  /** All bytes done so far. */
  reached(bytes: number): void {
    this.done = Math.max(this.done, bytes);
  }

  /** The transfer was cancelled: what runs stops after its current piece, and answers 403 if it still can (imageio 3.5). */
  cancel(): void {
    this.#abort.abort(ImageError('IMAGE_TICKET_FORBIDDEN', { why: texts.canceledDuring(this.#transferId) }));
  }

  finish(): void {
    this.#connection.removeEventListener('abort', this.#gone);
    this.#ended.resolve();
  }
}
