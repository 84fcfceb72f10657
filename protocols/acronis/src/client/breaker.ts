import type { Clock } from '@fairlead/kernel/clock';
import { type AcronisClass, failureError } from './outcome.ts';

/** Failures in a row after which a data center counts as down, */
const OPENS_AFTER = 10;
/** and how long it is left alone before one call tries again. */
const OPEN_FOR_MS = 60_000;

const DOWN: ReadonlySet<AcronisClass> = new Set(['unreachable', 'server']);
/** Says neither that it is up nor that it is down. */
const OPEN_QUESTION: ReadonlySet<AcronisClass> = new Set(['ambiguous', 'protocol']);

/** Stops calls to a data center that is down (CyberApp 4.11 "breaker"). */
export class Breaker {
  readonly #dc: string;
  readonly #clock: Clock;
  #failures = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #probing = false;

  constructor(dc: string, clock: Clock) {
    this.#dc = dc;
    this.#clock = clock;
  }

  /** Until when nothing is sent, ms since 1970; undefined while calls go through. */
  get openUntil(): number | undefined {
    return this.#openUntil > this.#clock.now() ? this.#openUntil : undefined;
  }

  /** Lets a call through, one at a time when it is the first after a break. @throws ACRONIS_UNREACHABLE otherwise */
  enter(call: string): void {
    const isDown = this.#failures >= OPENS_AFTER;
    if (!isDown) return;
    if (this.openUntil === undefined && !this.#probing) {
      this.#probing = true;
      return;
    }
    const retryAfterS = Math.max(1, Math.ceil((this.#openUntil - this.#clock.now()) / 1000));
    throw failureError({ kind: 'unreachable', reason: `down: not called for ${retryAfterS} s more`, retryAfterS }, this.#dc, call);
  }

  /** What became of a call that was let through; undefined when its caller gave it up. */
  leave(outcome: 'ok' | AcronisClass | undefined): void {
    const probed = this.#probing;
    this.#probing = false;
    if (outcome === undefined) return;
    const isOpenQuestion = outcome !== 'ok' && OPEN_QUESTION.has(outcome);
    if (isOpenQuestion && !probed) return;
    if (!isOpenQuestion && (outcome === 'ok' || !DOWN.has(outcome))) {
      this.#failures = 0;
      return;
    }
    this.#failures += 1;
    if (this.#failures >= OPENS_AFTER) this.#openUntil = this.#clock.now() + OPEN_FOR_MS;
  }
}
