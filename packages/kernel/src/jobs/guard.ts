import type { Clock } from '../clock/index.ts';
import type { Log } from '../log/index.ts';
import type { JobRows } from './rows.ts';

/** A worker says it is alive three times within a lease; one that is killed is followed by another after at most so long. */
export const LEASE_MS = 30_000;
const RENEW_MS = LEASE_MS / 3;

export interface GuardParts {
  readonly rows: JobRows;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Held {
  readonly name: string;
  readonly limitMs: number;
  readonly holder: string;
}

/** Says that the worker is alive, until `over`; aborts it when the lease is lost, may be lost, or the limit is over. */
export async function guardLease({ rows, clock, log }: GuardParts, { name, limitMs, holder }: Held, over: AbortController): Promise<void> {
  const started = clock.now();
  const ends = started + limitMs;
  let asked = started;
  let heldUntil = started + LEASE_MS;
  while (!over.signal.aborted) {
    // From when it was asked for, not from when the store answered: a slow store must not eat up the lease.
    const wake = Math.min(asked + RENEW_MS, ends);
    const left = wake - clock.now();
    if (left > 0) await clock.sleep(left, over.signal).catch(() => undefined);
    if (over.signal.aborted) return;
    asked = clock.now();
    if (asked >= ends) return over.abort(new Error(`the job took longer than ${limitMs} ms`));
    const renewed = await rows.renew(name, holder, LEASE_MS).catch((error: unknown) => {
      log.warn({ err: error, job: name }, 'the lease of a job could not be renewed');
      return undefined;
    });
    if (renewed === true) heldUntil = asked + LEASE_MS;
    const next = clock.now() + (renewed === true ? 0 : RENEW_MS);
    if (renewed === false || next >= heldUntil) over.abort(new Error('the lease of the job is lost'));
  }
}
