type Enter = () => void;

/**
 * So many at once; who waits is served in turn by what it is for, so that a thousand attempts for one user hold up no other user
 * for longer than one attempt.
 */
export class FairTurns {
  #free: number;
  /** In the order in which they are served next; each has at least one who waits. */
  readonly #waiting = new Map<string, Enter[]>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Waits for a turn and does the work in it. Rejects with the reason of the signal when it ends before the turn comes. */
  async take<T>(what: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(what, signal);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #next(): void {
    const [first] = this.#waiting;
    if (!first) {
      this.#free += 1;
      return;
    }
    const [what, queue] = first;
    const enter = queue.shift();
    this.#waiting.delete(what);
    if (queue.length > 0) this.#waiting.set(what, queue);
    enter?.();
  }

  #wait(what: string, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const queue = this.#waiting.get(what) ?? [];
    this.#waiting.set(what, queue);
    const enter = () => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = () => {
      queue.splice(queue.indexOf(enter), 1);
      if (queue.length === 0) this.#waiting.delete(what);
      reject(signal?.reason);
    };
    queue.push(enter);
    signal?.addEventListener('abort', giveUp, { once: true });
    return promise;
  }
}
