import type { CheckRow } from '../store/tables.ts';

const FIRST_RETRY_MS = 60_000;

/** What a look at an account is judged by. */
export interface Rhythm {
  readonly everyMs: number;
  /** Digests of endpoint and keys under every server secret that is known. */
  readonly identities: readonly string[];
  /** When this gateway took the account from the configuration. */
  readonly takenMs: number;
}

/**
 * Whether an account is looked at now: after `everyMs` give or take a twentieth, sooner after a failure that may pass, and at once when it
 * was configured anew since the last look.
 */
export function isDue(row: CheckRow | undefined, { everyMs, identities, takenMs }: Rhythm, now: number): boolean {
  if (row === undefined || row.ended_ms > now) return true;
  if (!identities.includes(row.identity) && row.ended_ms < takenMs) return true;
  const share = row.jitter / 1000;
  const wait = row.failures === 0 ? everyMs * (0.95 + share / 10) : retryMs(row.failures, everyMs) * (0.75 + share / 2);
  return now >= row.ended_ms + wait;
}

function retryMs(failures: number, everyMs: number): number {
  return Math.min(everyMs, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20));
}
