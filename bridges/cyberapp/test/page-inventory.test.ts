import { answerProblems, CallbackTable } from '@fairlead/acronis/codec';
import { newUuid } from '@fairlead/kernel/ids';
import { expect, test } from 'vitest';
import type { CyberappTables, OrganizationRow, WorkloadRow } from '../src/store/tables.ts';
import { type Answered, APP, type HandlerRig, startHandler } from './support/handler-rig.ts';

const table = new CallbackTable({ app: APP, inventory: true });
const NAMES = ['inventory_read', 'connector_status_read'] as const;

/** What the gateway of Acronis would say of an answer. */
function problems(name: (typeof NAMES)[number], { status, json, headers }: Answered): readonly string[] {
  const callback = table.named(name);
  if (callback === undefined) throw new TypeError(name);
  return answerProblems(callback, String(json.request_id), { status, contentType: String(headers['content-type']), body: json });
}

async function addWorkload(rig: HandlerRig, of: OrganizationRow, tenantId: string, change: Partial<WorkloadRow> = {}): Promise<void> {
  const name = change.name ?? 'web-1';
  const row: WorkloadRow = {
    ...{
      acronis_tenant_id: tenantId,
      item_key: `cloudstack:vm:${name}`,
      organization_id: of.id,
      datacenter_id: 'eu8',
      source: 'cloudstack',
    },
    ...{ type: 'virtual_machine', name, workload_id: newUuid(), state: 'live', content_hash: null, sent_hash: null },
    body: JSON.stringify({ type: 'x', name, attributes: { status: 'RUNNING' }, allowed_actions: [], enabled: true }),
    ...{ first_seen_ms: 0, last_seen_ms: 0, missing_since_ms: null, missing_runs: 0, inflight_op: null, inflight_since_ms: null },
    ...{ attempts: 0, next_attempt_ms: 0, last_error: null, updated_ms: 0, ...change },
  };
  await rig.store.tables<CyberappTables>().insertInto('cyberapp_workloads').values(row).execute();
}

test('what the connector shows is read on the page of its tenant, and by nobody else', async () => {
  await using rig = await startHandler({ keys: 'inventory_callbacks = true' });
  const { c1, c2, d1 } = rig.tree;
  const [t1, t2, theirs] = [newUuid(), newUuid(), newUuid()];
  const link = (id: string, tenant: string, identity = 'p1') =>
    rig.call('tenant_mapping.write', { modified: [{ vendor_tenant_id: id, acronis_tenant_id: tenant }] }, { identity });
  await link(c1.id, t1);
  await link(c2.id, t2);
  await link(d1.id, theirs, 'p2');
  await addWorkload(rig, c1, t1, { name: 'web-2', state: 'blocked' });
  await addWorkload(rig, c1, t1);
  await addWorkload(rig, c1, t1, { name: 'gone', state: 'leaving' });
  // Of a tenant that it was linked to before.
  await addWorkload(rig, c1, newUuid());
  await addWorkload(rig, c2, t2);
  await addWorkload(rig, d1, theirs);
  const read = await rig.call('inventory_read', undefined, { tenantId: t1 });
  expect(problems('inventory_read', read)).toEqual([]);
  const row = { type: 'virtual_machine', state: 'RUNNING', source: 'cloudstack' };
  expect(read.json.payload).toEqual({
    items: [
      { id: 'cloudstack:vm:web-1', name: 'web-1', ...row },
      { id: 'cloudstack:vm:web-2', name: 'web-2', ...row },
    ],
  });
  const status = await rig.call('connector_status_read', undefined, { tenantId: t1 });
  expect(problems('connector_status_read', status)).toEqual([]);
  expect(status.json.payload).toEqual({ workloads: 1, alerts: 0, blocked: 1 });
  for (const tenantId of [theirs, newUuid()]) {
    expect((await rig.call('inventory_read', undefined, { tenantId })).json.payload).toEqual({ items: [] });
    expect((await rig.call('connector_status_read', undefined, { tenantId })).json.payload).toEqual({
      workloads: 0,
      alerts: 0,
      blocked: 0,
    });
  }
});

test('the last run and why the tenant could not be pushed to are told', async () => {
  await using rig = await startHandler({ keys: 'inventory_callbacks = true' });
  const tenantId = newUuid();
  const modified = [{ vendor_tenant_id: rig.tree.c1.id, acronis_tenant_id: tenantId }];
  await rig.call('tenant_mapping.write', { modified });
  const db = rig.store.tables<CyberappTables>();
  const run = { datacenter_id: 'eu8', started_ms: 0, trigger: 'interval', counts: '{}', outcome: 'ok', node: 'one' };
  await db
    .insertInto('cyberapp_runs')
    .values([
      { ...run, id: newUuid(), finished_ms: 60_000, dry_run: 0 },
      { ...run, id: newUuid(), finished_ms: 90_000, dry_run: 1 },
    ])
    .execute();
  const target = { datacenter_id: 'eu8', acronis_tenant_id: tenantId, organization_id: rig.tree.c1.id, next_attempt_ms: 0 };
  await db
    .insertInto('cyberapp_targets')
    .values({ ...target, consecutive_failures: 2, last_ok_ms: null, last_error: 'ACRONIS_FORBIDDEN', paused_reason: null })
    .execute();
  const status = await rig.call('connector_status_read', undefined, { tenantId });
  expect(problems('connector_status_read', status)).toEqual([]);
  expect(status.json.payload).toMatchObject({ last_run: '1970-01-01T00:01:00.000Z', last_error: 'ACRONIS_FORBIDDEN' });
});

test('without `inventory_callbacks` they are not known', async () => {
  await using rig = await startHandler();
  for (const name of NAMES) expect((await rig.call(name, undefined)).status).toBe(400);
});
