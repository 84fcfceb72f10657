import { addressKey } from '@fairlead/kernel/limits';
import { CyberappError } from '../../errors.ts';
import { Refused } from './step.ts';

const MOST_OF_ONE = 32;
const MOST = 256;

/** Requests that are under way: so many of one address, so many in all (cyberapp 7.3). */
export class Crowd {
  readonly #of = new Map<string, number>();
  #all = 0;

  /** Call the answer when the request is over. Throws Refused. */
  enter(address: string): () => void {
    const key = addressKey(address);
    const here = this.#of.get(key) ?? 0;
    if (here >= MOST_OF_ONE || this.#all >= MOST)
      throw new Refused('address', CyberappError('CYBERAPP_BUSY', {}, { retryAfterS: 2 }), { reason: 'crowd' });
    this.#of.set(key, here + 1);
    this.#all += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#all -= 1;
      const left = (this.#of.get(key) ?? 1) - 1;
      if (left === 0) this.#of.delete(key);
      else this.#of.set(key, left);
    };
  }
}
