import { hashPassword, isPasswordHash, isWeakerHash, type PasswordCost, verifyPassword } from '@fairlead/kernel/secrets';
import { CyberappError } from '../../errors.ts';

/** A stored hash that asks for more is not computed: an import may bring anything (cyberapp 3.1). */
const MOST_COST: PasswordCost = { memory: 262_144, passes: 10, parallelism: 16 };
const MOST_WAITING = 32;
const RETRY_S = 2;

export interface PasswordVerdict {
  readonly isRight: boolean;
  /** A hash of today's cost, where the stored one is cheaper to guess. */
  readonly better?: string;
  /** The stored hash cannot be computed: its owner never gets in. */
  readonly isAbsurd?: true;
}

/** How guesses are counted, so that many at once get no further than one after the other. */
export interface Bookkeeping {
  /** Looks once more at who had to wait. */
  again(): Promise<void>;
  /** Counts the outcome before the next one has the place. */
  count(isRight: boolean): Promise<void>;
}

/** Verifies passwords off the event loop, so many at once and so many waiting (cyberapp 7.2). */
export class PasswordGate {
  readonly #cost: PasswordCost;
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  /** What unknown users are verified against, so that they take as long as known ones. */
  #dummy: Promise<string> | undefined;

  constructor(cost: PasswordCost, places: number) {
    this.#cost = cost;
    this.#places = places;
  }

  /**
   * Throws CYBERAPP_BUSY when too many wait already, and what its bookkeeping throws. Without a hash the answer is no, after the same work.
   */
  async verify(password: string, hash: string | null, { again, count }: Bookkeeping): Promise<PasswordVerdict> {
    const hasWaited = await this.#enter();
    try {
      if (hasWaited) await again();
      const verdict = await this.#compute(password, hash);
      await count(verdict.isRight);
      return verdict;
    } finally {
      this.#leave();
    }
  }

  async #compute(password: string, hash: string | null): Promise<PasswordVerdict> {
    const isAbsurd = hash !== null && !isPasswordHash(hash, MOST_COST);
    if (hash === null || isAbsurd) {
      this.#dummy ??= hashPassword('nobody has this password', this.#cost);
      await verifyPassword(password, await this.#dummy, MOST_COST);
      return isAbsurd ? { isRight: false, isAbsurd: true } : { isRight: false };
    }
    const isRight = await verifyPassword(password, hash, MOST_COST);
    if (!isRight || !isWeakerHash(hash, this.#cost)) return { isRight };
    return { isRight, better: await hashPassword(password, this.#cost) };
  }

  /** Whether it had to be waited for. */
  async #enter(): Promise<boolean> {
    if (this.#busy < this.#places) {
      this.#busy += 1;
      return false;
    }
    if (this.#waiting.length >= MOST_WAITING) throw CyberappError('CYBERAPP_BUSY', {}, { retryAfterS: RETRY_S });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await promise;
    return true;
  }

  /** Hands the place on. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }
}
