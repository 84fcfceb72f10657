import { fits } from './glob.ts';
import type { Random } from './random.ts';

/** What the fake does instead of answering well. Times are real ones. */
export type Fault =
  /** Answers well, but so many ms later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection ends before any answer; nothing was done. */
  | { readonly kind: 'reset' }
  /** What was asked is done, then the connection ends before any answer. */
  | { readonly kind: 'lost-answer' }
  /** No answer ever. */
  | { readonly kind: 'hang' }
  /** The connection ends in the middle of the right answer's body. */
  | { readonly kind: 'cut' }
  /** A complete answer, but only half of its JSON. */
  | { readonly kind: 'truncate' }
  /** The right answer, its body byte by byte in pieces of their own. */
  | { readonly kind: 'drip' }
  /** The right status without a body. */
  | { readonly kind: 'empty' }
  /** A page of a front end. */
  | { readonly kind: 'html'; readonly status?: number }
  | { readonly kind: 'body'; readonly status?: number; readonly contentType?: string; readonly body: string }
  | { readonly kind: 'redirect'; readonly status?: 301 | 302 | 303 | 307 | 308; readonly location: string }
  /** An error of the API in the usual body; `retryAfter` as the header has it: seconds or a date. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: number | string;
      readonly class?: string;
      readonly errorCode?: string;
      readonly message?: string;
    };

interface Waiting {
  readonly target: string;
  readonly faults: readonly [Fault, ...Fault[]];
  readonly share: number;
  times: number;
}

/**
 * Faults that wait for their call.
 * A target is `*`, a path pattern (`/dedicated/server/*`) or one with its method (`GET /me`); `*` stands for any characters.
 * Paths are without `/1.0` and `/v1`; those of v2 begin with `/v2`; the token endpoint is `/auth/oauth2/token`.
 */
export class Faults {
  readonly #waiting: Waiting[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Lets the next calls go wrong. @param times how many; Infinity until `clear` */
  next(target: string, fault: Fault, times = 1): void {
    this.#waiting.push({ target, faults: [fault], share: 1, times });
  }

  /** Lets a share (0 to 1) of all calls go wrong, each with one of the faults, until `clear`. */
  sometimes(target: string, share: number, ...faults: [Fault, ...Fault[]]): void {
    this.#waiting.push({ target, faults, share, times: Number.POSITIVE_INFINITY });
  }

  /** Takes back what waits for a target, or everything. */
  clear(target?: string): void {
    const kept = this.#waiting.filter((entry) => target !== undefined && entry.target !== target);
    this.#waiting.splice(0, this.#waiting.length, ...kept);
  }

  /** The fault of this call, if any; it is used up. */
  take(method: string, path: string): Fault | undefined {
    if (this.#waiting.length === 0) return undefined;
    const entry = this.#waiting.find(({ target, share }) => matches(target, method, path) && (share >= 1 || this.#random.chance(share)));
    if (entry === undefined) return undefined;
    entry.times -= 1;
    if (entry.times <= 0) this.#waiting.splice(this.#waiting.indexOf(entry), 1);
    return this.#random.pick(entry.faults);
  }
}

function matches(target: string, method: string, path: string): boolean {
  const [first = '', second] = target.split(' ');
  return second === undefined ? fits(first, path) : fits(first, method) && fits(second, path);
}
