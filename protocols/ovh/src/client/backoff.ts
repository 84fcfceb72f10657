import { ApiError } from '../errors/api-error.ts';
import { ConfigurationError, NetworkError, TimeoutError } from '../errors/errors.ts';
import { RateLimitError } from '../errors/refusals.ts';
import { retryAfterOf } from '../errors/retry-after.ts';

export interface RetryOptions {
  /** The first try counts. Default 4; 1 means no retry. */
  readonly maxAttempts?: number | undefined;
  /** Of the first wait, in ms. Default 300. */
  readonly baseMs?: number | undefined;
  /** Of the longest wait that we choose, in ms. Default 20 s. */
  readonly capMs?: number | undefined;
  /** The longest `Retry-After` that is obeyed, in ms; beyond, the error is thrown at once. Default 2 minutes. */
  readonly maxRetryAfterMs?: number | undefined;
  /** `busy`: also 423 and 403 of a class that ends in `::Busy`. */
  readonly retryOn?: readonly 'busy'[] | undefined;
}

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly maxRetryAfterMs: number;
  readonly busy: boolean;
}

/** What is to be done about a failed attempt, and why. */
export type Verdict = { readonly again: false } | { readonly again: true; readonly reason: string; readonly afterMs: number | undefined };

/** What of a call matters to a retry. */
export interface Repeatable {
  readonly method: string;
  /** The caller's word: `true` makes a POST repeatable, `false` a PUT or DELETE not. */
  readonly idempotent: boolean | undefined;
}

const NO: Verdict = { again: false };

/** Throws ConfigurationError for numbers that would never end, or never begin. */
export function retryPolicy(options: RetryOptions | false | undefined): RetryPolicy {
  const { maxAttempts, baseMs, capMs, maxRetryAfterMs, retryOn } = options === false ? { maxAttempts: 1 } : (options ?? {});
  return {
    maxAttempts: atLeast(1, maxAttempts ?? 4, 'maxAttempts'),
    baseMs: atLeast(0, baseMs ?? 300, 'baseMs'),
    capMs: atLeast(0, capMs ?? 20_000, 'capMs'),
    maxRetryAfterMs: atLeast(0, maxRetryAfterMs ?? 120_000, 'maxRetryAfterMs'),
    busy: retryOn?.includes('busy') ?? false,
  };
}

function atLeast(least: number, value: number, name: string): number {
  if (typeof value === 'number' && value >= least) return value;
  throw new ConfigurationError(`retry: ${name} must be a number, ${least} or more`);
}

/** The table of spec 3.9, but for what a new clock or a new token heals. */
export function verdictOn(error: unknown, call: Repeatable, policy: RetryPolicy, now: number): Verdict {
  const repeatable = call.idempotent ?? call.method !== 'POST';
  if (error instanceof NetworkError || error instanceof TimeoutError) {
    if (error.sent && !repeatable) return NO;
    return { again: true, reason: error instanceof TimeoutError ? 'timeout' : 'network', afterMs: undefined };
  }
  if (!(error instanceof ApiError)) return NO;
  const afterMs = error instanceof RateLimitError ? error.retryAfterMs : retryAfterOf(error.headers, now);
  const again: Verdict = { again: true, reason: String(error.status), afterMs };
  if (afterMs !== undefined && afterMs > policy.maxRetryAfterMs) return NO;
  if (error.status === 429 || (error.status === 503 && error.headers['retry-after'] !== undefined)) return again;
  if ([500, 502, 503, 504, 408].includes(error.status)) return repeatable ? again : NO;
  const busy = error.code === 'OVH_LOCKED' || error.code === 'OVH_BUSY';
  return busy && policy.busy ? again : NO;
}

/** Full jitter: anything between nothing and the exponential bound, so that many clients do not come back at once. */
export function backoffMs(attempt: number, policy: RetryPolicy, random: () => number): number {
  return random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
}
