import { mayHaveHappened } from '@fairlead/acronis';
import type { AlertRow } from '../../store/tables.ts';
import type { AlertTask } from './alert-parts.ts';
import { Failures } from './failures.ts';

/**
 * Does the work for one alert after the other. One that fails does not keep the others, unless it tells of the tenant or the data
 * center, or is the fifth in a row: that is thrown. Answers the first failure that was not.
 */
export async function eachAlert(
  rows: readonly AlertRow[],
  { client, tally }: AlertTask,
  work: (row: AlertRow) => Promise<unknown>,
): Promise<unknown> {
  const failures = new Failures(client, 0);
  let first: unknown;
  for (const row of rows) {
    try {
      await work(row);
      failures.ok();
    } catch (error) {
      failures.failed(error);
      tally.add('failed');
      first ??= error;
    }
  }
  return first;
}

/** Does work that the steps after it do not depend on: when it fails without telling of more, they go on. */
export async function beside({ tally }: AlertTask, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!mayHaveHappened(error)) throw error;
    tally.add('failed');
  }
}
