import type { Store } from '@fairlead/kernel/store';
import { sql } from 'kysely';
import { ALERT_TYPES } from '../../map/alert-types.ts';
import { type Db, lockedWhere } from '../../store/queries.ts';
import type { AlertRow, CyberappTables } from '../../store/tables.ts';
import { FLAPPING_WINDOW_MS } from './alert-flapping.ts';
import type { AlertChange, AlertValues } from './alert-machine.ts';
import { takeStamps } from './alert-stamps.ts';
import type { LeftTenant } from './alert-steps.ts';

/** Episodes of one condition in one tenant, as far as the next one depends on them. */
export interface Past {
  readonly lastEpisode: number;
  /** How many came and went within the window of flapping. */
  readonly cleared: number;
}

const NOTHING: Past = { lastEpisode: 0, cleared: 0 };
/** Parameters of one statement have a limit. */
const KEYS_AT_ONCE = 500;
const ROWS_AT_ONCE = 30;

/** Rows of a tenant that are not closed, the oldest episode first; nobody else changes them before the transaction ends. */
export function heldRows(store: Store, trx: Db, tenantId: string): Promise<AlertRow[]> {
  const query = trx
    .selectFrom('cyberapp_alerts')
    .selectAll()
    .where('acronis_tenant_id', '=', tenantId)
    .where('state', '<>', 'closed')
    .orderBy('dedup_key')
    .orderBy('episode');
  return lockedWhere(store)(query).execute();
}

/** What is over of these conditions. */
export async function pastOf(db: Db, tenantId: string, keys: readonly string[], now: number): Promise<(key: string) => Past> {
  const past = new Map<string, Past>();
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
    const rows = await db
      .selectFrom('cyberapp_alerts')
      .select((get) => [
        'dedup_key',
        get.fn.max('episode').as('last'),
        sql<number>`count(case when alert_id is not null and false_since_ms is not null and state in ('closed', 'closing')
          and opened_ms > ${now - FLAPPING_WINDOW_MS} then 1 end)`.as('cleared'),
      ])
      .where('acronis_tenant_id', '=', tenantId)
      .where('dedup_key', 'in', keys.slice(at, at + KEYS_AT_ONCE))
      .groupBy('dedup_key')
      .execute();
    for (const { dedup_key: key, last, cleared } of rows) past.set(key, { lastEpisode: Number(last), cleared: Number(cleared) });
  }
  return (key) => past.get(key) ?? NOTHING;
}

export interface Writing {
  readonly tenant: LeftTenant;
  readonly past: (key: string) => Past;
  readonly now: number;
}

/** Writes what differs. Each new row has a stamp of its own. */
export async function writeChanges(trx: Db, changes: readonly AlertChange[], writing: Writing): Promise<void> {
  const begun = changes.filter((change) => change.op === 'begin');
  const stamps = await takeStamps(trx, begun.length, writing.now);
  const rows = begun.map((change, at) => newRow(change, stamps[at] as number, writing));
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await trx
      .insertInto('cyberapp_alerts')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      // Another gateway has begun the same one.
      .onConflict((conflict) => conflict.columns(['acronis_tenant_id', 'dedup_key', 'episode']).doNothing())
      .execute();
  }
  for (const change of changes) {
    if (change.op === 'set' && differs(change.row, change.values)) {
      await rowOf(trx.updateTable('cyberapp_alerts').set({ ...change.values, updated_ms: writing.now }), change.row).execute();
    }
    if (change.op === 'drop') await rowOf(trx.deleteFrom('cyberapp_alerts'), change.row).execute();
  }
}

/** That these conditions are true still. */
export async function noteTrue(trx: Db, tenantId: string, keys: readonly string[], now: number): Promise<void> {
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
    await trx
      .updateTable('cyberapp_alerts')
      .set({ last_true_ms: now })
      .where('acronis_tenant_id', '=', tenantId)
      .where('dedup_key', 'in', keys.slice(at, at + KEYS_AT_ONCE))
      .where('state', '<>', 'closed')
      .execute();
  }
}

/** A statement on one row. */
function rowOf<Q extends { where(column: 'acronis_tenant_id' | 'dedup_key' | 'episode', is: '=', value: string | number): Q }>(
  query: Q,
  { acronis_tenant_id: tenant, dedup_key: key, episode }: Pick<AlertRow, 'acronis_tenant_id' | 'dedup_key' | 'episode'>,
): Q {
  return query.where('acronis_tenant_id', '=', tenant).where('dedup_key', '=', key).where('episode', '=', episode);
}

/**
 * Changes a row in a transaction of its own, unless it is not any more as it was read: then another gateway has taken it, and the
 * answer is undefined. `also` is written with it.
 */
export async function changeRow(
  store: Store,
  row: AlertRow,
  values: AlertValues,
  also?: (trx: Db) => Promise<unknown>,
): Promise<AlertRow | undefined> {
  return await store.transaction<CyberappTables, AlertRow | undefined>(async (trx) => {
    const changed = await rowOf(trx.updateTable('cyberapp_alerts').set({ ...values, updated_ms: store.clock.now() }), row)
      .where('state', '=', row.state)
      .where('attempts', '=', row.attempts)
      .where('inflight_op', row.inflight_op === null ? 'is' : '=', row.inflight_op)
      .where('inflight_since_ms', row.inflight_since_ms === null ? 'is' : '=', row.inflight_since_ms)
      .returningAll()
      .executeTakeFirst();
    if (changed !== undefined) await also?.(trx);
    return changed;
  });
}

function differs(row: AlertRow, values: AlertValues): boolean {
  return Object.entries(values).some(([name, value]) => row[name as keyof AlertRow] !== value);
}

function newRow({ condition, values }: AlertChange & { readonly op: 'begin' }, stamp: number, { tenant, past, now }: Writing): AlertRow {
  const { dedupKey, code, itemKey } = condition;
  return {
    acronis_tenant_id: tenant.tenantId,
    dedup_key: dedupKey,
    episode: past(dedupKey).lastEpisode + 1,
    organization_id: tenant.organizationId,
    datacenter_id: tenant.datacenterId,
    alert_type: code,
    severity: ALERT_TYPES[code].severity,
    item_key: itemKey ?? null,
    alert_id: null,
    source_stamp: stamp,
    last_true_ms: now,
    false_since_ms: null,
    closed_ms: null,
    dismissed_ms: null,
    inflight_op: null,
    inflight_since_ms: null,
    attempts: 0,
    last_error: null,
    updated_ms: now,
    ...values,
  };
}
