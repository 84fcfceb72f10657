/** Watches one wait at a time: `run` fails with the given error when its promise takes longer than the limit. */
export class IdleTimer {
  readonly #limitMs: number;
  readonly #failure: () => Error;

  constructor(limitMs: number, failure: () => Error) {
    this.#limitMs = limitMs;
    this.#failure = failure;
  }

  async run<T>(wait: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(this.#failure()), this.#limitMs);
    try {
      return await Promise.race([wait, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
