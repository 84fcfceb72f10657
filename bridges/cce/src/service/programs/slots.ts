import type { Clock } from '@fairlead/kernel/clock';

/** How many programs run at a time. */
export interface SlotOptions {
  readonly limit: number;
  /**
   * Milliseconds that a program waits for another to end. A handler whose write starts a handler holds its place meanwhile, so waiting without end could
   * wait for itself.
   */
  readonly waitMs: number;
  readonly clock: Clock;
}

/** Places for programs; who comes first is served first. */
export class Slots {
  readonly #options: SlotOptions;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** A place, given back by disposing of it; undefined when none became free in time or the signal ended. */
  async take(signal: AbortSignal): Promise<Disposable | undefined> {
    if (signal.aborted) return undefined;
    if (this.#taken < this.#options.limit) this.#taken += 1;
    else if (!(await this.#waitForOne(signal))) return undefined;
    let isFree = false;
    return {
      [Symbol.dispose]: () => {
        if (isFree) return;
        isFree = true;
        this.#giveOn();
      },
    };
  }

  /** Who waits takes the place over, so that nobody slips in between. */
  #giveOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }

  async #waitForOne(signal: AbortSignal): Promise<boolean> {
    const freed = Promise.withResolvers<void>();
    const wake = () => freed.resolve();
    this.#waiting.push(wake);
    const stop = new AbortController();
    const tooLate = this.#options.clock.sleep(this.#options.waitMs, AbortSignal.any([signal, stop.signal])).catch(() => undefined);
    await Promise.race([freed.promise, tooLate]);
    stop.abort();
    const index = this.#waiting.indexOf(wake);
    if (index < 0) return true;
    this.#waiting.splice(index, 1);
    return false;
  }
}
