import { acronisClass, mayHaveHappened } from '@fairlead/acronis';
import type { Clock } from '@fairlead/kernel/clock';
import type { Store } from '@fairlead/kernel/store';
import type { AlertRow } from '../../store/tables.ts';
import type { AlertValues } from './alert-machine.ts';
import { changeRow } from './alert-rows.ts';
import { errorText, rowWaitMs } from './backoff.ts';
import type { Tally } from './counts.ts';
import type { PushClient } from './push-client.ts';

/** What the steps of alerts share. */
export interface AlertParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Code of the app, which identifiers of types are made with. */
  readonly app: string;
  /** `fairlead:<instance id>`: what alerts name as their source. */
  readonly alertSource: string;
  /** `re_raise_after`, ms; undefined: what a person dismissed is never raised again while it is true. */
  readonly reRaiseAfterMs?: number | undefined;
  /** `manifest_version`: another one, and what was refused is tried again. */
  readonly manifest?: string | undefined;
  /** From 0 to 1, for waits between attempts. */
  readonly random?: (() => number) | undefined;
}

/** One step for one tenant. */
export interface AlertTask {
  readonly client: PushClient;
  readonly signal: AbortSignal;
  readonly tally: Tally;
}

/** A call that has come to an end leaves no mark. */
export const ANSWERED = { inflight_op: null, inflight_since_ms: null } as const;
/** A state that begins with no failure behind it. */
export const SETTLED = { ...ANSWERED, attempts: 0, next_attempt_ms: 0, last_error: null } as const;

/** Whether an error concerns this alert alone: Acronis does not want it as it is. */
export function isRefusal(error: unknown): boolean {
  const found = acronisClass(error);
  return found === 'refused' || found === 'too_large';
}

/**
 * Writes down that a call about a row failed, and throws the error on. What may have been carried out stays in flight. What is no
 * error of Acronis (a stop, a store that fails) is not written: the row is as before the call.
 */
export async function failed({ store, clock }: AlertParts, row: AlertRow, error: unknown): Promise<never> {
  if (acronisClass(error) === undefined) throw error;
  const attempts = row.attempts + 1;
  const values: AlertValues = {
    attempts,
    next_attempt_ms: clock.now() + rowWaitMs(attempts),
    last_error: errorText(error),
    ...(mayHaveHappened(error) ? {} : ANSWERED),
  };
  await changeRow(store, row, values);
  throw error;
}
