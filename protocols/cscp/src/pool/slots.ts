import { abortedError, CscpError } from '../error.ts';

interface Waiter {
  readonly give: () => void;
}

/** A number of slots; who comes first gets the next one. */
export class Slots {
  readonly #max: number;
  readonly #waiters = new Set<Waiter>();
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Throws `CSCP_BUSY` when none came free in time, `CSCP_ABORTED`. */
  async take(waitMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortedError(signal, false);
    if (this.#taken < this.#max && this.#waiters.size === 0) {
      this.#taken += 1;
      return;
    }
    await this.#wait(waitMs, signal);
  }

  /** The slot goes to the one that waits longest. */
  release(): void {
    const [next] = this.#waiters;
    if (!next) {
      this.#taken -= 1;
      return;
    }
    this.#waiters.delete(next);
    next.give();
  }

  async #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { give: resolve };
    // Who gave up must be gone at once, else a slot could be given to it.
    const giveUp = (error: CscpError): void => {
      this.#waiters.delete(waiter);
      reject(error);
    };
    const timer = setTimeout(() => giveUp(new CscpError('CSCP_BUSY', `no connection came free within ${waitMs} ms`)), waitMs);
    const onAbort = (): void => giveUp(abortedError(signal, false));
    this.#waiters.add(waiter);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }
}
