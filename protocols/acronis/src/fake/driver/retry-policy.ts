/** How Acronis repeats a custom callback, as the Vendor Portal lets one choose. Times in ms. */
export interface RetryPolicy {
  readonly kind: 'fixed' | 'linear' | 'exponential';
  readonly interval: number;
  /** Of `linear` and `exponential`. Default 0. */
  readonly delta?: number | undefined;
  /** Of `linear` and `exponential`: no wait is longer, but for a fifth of `delta`. Default: any. */
  readonly maxInterval?: number | undefined;
  /** Repeats after the first try. */
  readonly retries: number;
  /** The first repeat comes at once. Default false. */
  readonly immediateFirst?: boolean | undefined;
}

const LOW = 0.8;
const HIGH = 1.2;

/** The wait before each repeat. @param random in [0, 1) */
export function retryWaits(policy: RetryPolicy, random: () => number): readonly number[] {
  const { retries, immediateFirst = false } = policy;
  const waits = Array.from({ length: retries }, (_, index) => waitOf(policy, index + 1, random));
  return immediateFirst ? [0, ...waits].slice(0, retries) : waits;
}

/** @param n 1 for the first repeat */
function waitOf(
  { kind, interval, delta = 0, maxInterval = Number.POSITIVE_INFINITY }: RetryPolicy,
  n: number,
  random: () => number,
): number {
  const spread = (low: number, high: number): number => low + random() * (high - low);
  switch (kind) {
    case 'fixed':
      return interval;
    case 'linear':
      return Math.min(interval + (n - 1) * delta, maxInterval);
    case 'exponential': {
      const wait = interval + (2 ** n - 1) * spread(LOW * delta, HIGH * delta);
      return wait <= maxInterval ? wait : maxInterval + spread((LOW - 1) * delta, (HIGH - 1) * delta);
    }
  }
}
