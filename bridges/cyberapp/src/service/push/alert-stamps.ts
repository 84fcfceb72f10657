import { sql } from 'kysely';
import type { Db } from '../../store/queries.ts';

const COUNTER = 'alert_source_stamp';

/**
 * Numbers that no alert of this instance has or had, ascending. Taken within the transaction that makes their rows: gateways of one
 * store wait for each other. They begin at the time, so that a store that was put back to an older state gives none a second time.
 */
export async function takeStamps(trx: Db, howMany: number, now: number): Promise<readonly number[]> {
  if (howMany === 0) return [];
  const next = sql<number>`cyberapp_counters.value + ${howMany}`;
  const first = now + howMany;
  const { value } = await trx
    .insertInto('cyberapp_counters')
    .values({ name: COUNTER, value: first })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({
        value: sql<number>`case when ${next} < ${first} then ${first} else ${next} end`,
      }),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return Array.from({ length: howMany }, (_, at) => Number(value) - howMany + 1 + at);
}
