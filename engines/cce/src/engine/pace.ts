import { setImmediate as letOthersWork } from 'node:timers/promises';

/** Work after which others have their turn; some tens of milliseconds at worst. */
const SLICE = 1 << 20;

/** Keeps the searches of one command from holding up everybody else. Work is counted as patterns do, states times characters. */
export class Pace {
  readonly #signal: AbortSignal;
  #work = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Before so much work: a promise when others are to have their turn first. It rejects with the reason of the signal. */
  before(work: number): Promise<void> | undefined {
    if (this.#work === 0 || this.#work + work < SLICE) {
      this.#work += work;
      return undefined;
    }
    this.#work = work;
    return letOthersWork().then(() => this.#signal.throwIfAborted());
  }
}
