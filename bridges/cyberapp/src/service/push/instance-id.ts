import { randomInt } from 'node:crypto';
import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables } from '../../store/tables.ts';

const NAME = 'instance_id';
const MOST = 2 ** 48 - 1;

/** What tells this gateway's alerts from those of others: configured, or made once for a store, so that a cluster has one. */
export async function instanceId(store: Store, configured: string | undefined): Promise<string> {
  if (configured !== undefined) return configured;
  const db = store.tables<CyberappTables>();
  await db
    .insertInto('cyberapp_counters')
    .values({ name: NAME, value: randomInt(1, MOST) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value } = await db.selectFrom('cyberapp_counters').select('value').where('name', '=', NAME).executeTakeFirstOrThrow();
  return value.toString(16).padStart(12, '0');
}
