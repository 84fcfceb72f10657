import { OvhError, TimeoutError } from '../errors/errors.ts';
import type { SendOptions, Transport, WireAnswer, WireRequest, WireTimeouts } from '../transport/transport.ts';
import { backoffMs, type RetryPolicy, verdictOn } from './backoff.ts';
import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { Limiter } from './limiter.ts';
import type { Watcher } from './watcher.ts';

/** How one answer came about. */
export interface Passage {
  readonly request: WireRequest;
  readonly attempts: number;
  /** From the sending to the head of the answer, in ms. */
  readonly durationMs: number;
}

/** One exchange with the server, repeated as often as the policy allows. */
export interface Plan<T> {
  readonly method: string;
  readonly idempotent: boolean | undefined;
  /** Gets what a request needs (time, token); what it gives is called when the request may leave, and authenticates it. */
  ready(signal: AbortSignal): Promise<() => WireRequest>;
  /** Reads the answer. Throws for what is no success. */
  read(answer: WireAnswer, passage: Passage, signal: AbortSignal): Promise<T>;
  /** Tells whether something was put right after this error (clock, token), so that the call is worth one more try. */
  mend?(error: unknown): string | undefined;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeouts: WireTimeouts;
  /** ms over all attempts. */
  readonly total?: number | undefined;
  readonly policy: RetryPolicy;
}

export interface EngineParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly watcher: Watcher;
  readonly maxResponseBytes: number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Aborts when the client is closed. */
  readonly closed: AbortSignal;
}

interface Step {
  readonly reason: string;
  readonly delayMs: number;
}

/** Sends plans: waits for a place, sends, reads, and decides about another try (spec 3.9). */
export class Engine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  /** Tells the caller's logger. */
  warn(message: string): void {
    this.#parts.watcher.warn(message);
  }

  async run<T>(plan: Plan<T>, options: RunOptions): Promise<T> {
    const { closed, clock, watcher } = this.#parts;
    using deadline = new Deadline(options.signal === undefined ? [closed] : [closed, options.signal], options.total);
    let mended = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(plan, attempt, options, deadline.signal);
      } catch (error) {
        const failure = failureOf(error, attempt, deadline.signal);
        const cure: string | undefined = mended || deadline.signal.aborted ? undefined : plan.mend?.(error);
        mended ||= cure !== undefined;
        const step = cure === undefined ? this.#next(plan, error, attempt, options.policy) : { reason: cure, delayMs: 0 };
        // A pause that does not fit is not begun: the error that was is more telling than that the time was over.
        const tooLong = step !== undefined && step.delayMs > 0 && step.delayMs >= deadline.remainingMs;
        if (step === undefined || deadline.signal.aborted || tooLong) {
          watcher.failed(failure);
          throw failure;
        }
        watcher.retrying({ attempt, delayMs: step.delayMs, reason: step.reason, error });
        await this.#pause(step.delayMs, deadline.signal, error, clock);
      }
    }
  }

  async #once<T>(plan: Plan<T>, attempt: number, options: RunOptions, signal: AbortSignal): Promise<T> {
    const { transport, limiter, clock, watcher, maxResponseBytes } = this.#parts;
    signal.throwIfAborted();
    const send: SendOptions = { timeouts: options.timeouts, signal, maxResponseBytes };
    const authenticated = await plan.ready(signal);
    const release = await limiter.acquire(signal);
    try {
      const request = authenticated();
      watcher.sending(request, attempt);
      const begun = clock.monotonic();
      const answer = await transport.send(request, send);
      const passage = { request, attempts: attempt, durationMs: clock.monotonic() - begun };
      watcher.answered(answer, passage);
      return await plan.read(answer, passage, signal);
    } finally {
      release();
    }
  }

  #next(plan: Plan<unknown>, error: unknown, attempt: number, policy: RetryPolicy): Step | undefined {
    if (attempt >= policy.maxAttempts) return undefined;
    const verdict = verdictOn(error, plan, policy, this.#parts.clock.now());
    if (!verdict.again) return undefined;
    return { reason: verdict.reason, delayMs: verdict.afterMs ?? backoffMs(attempt, policy, this.#parts.random) };
  }

  async #pause(delayMs: number, signal: AbortSignal, error: unknown, clock: Clock): Promise<void> {
    try {
      if (delayMs > 0) await clock.sleep(delayMs, signal);
    } catch (ended) {
      if (ended instanceof TimeoutError) ended.cause = error;
      throw ended;
    }
  }
}

/** The error to throw: the reason of the signal where that ended the call; ours know how often they were tried. */
function failureOf(error: unknown, attempt: number, signal: AbortSignal): unknown {
  const failure = signal.aborted ? signal.reason : error;
  if (failure instanceof OvhError && failure.attempts === 0) failure.attempts = wasSent(failure) ? attempt : attempt - 1;
  return failure;
}

function wasSent(failure: OvhError): boolean {
  return !['OVH_INVALID_CALL', 'OVH_MISSING_CONSUMER_KEY', 'OVH_TIME_SYNC', 'OVH_OAUTH2', 'OVH_CLOSED'].includes(failure.code);
}
