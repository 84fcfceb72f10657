import type { InventoryFact } from '@fairlead/kernel/services';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { imageError } from './support/image-stand-in.ts';
import { Rig } from './support/rig.ts';

const { signal } = new AbortController();
const HOUR = 3_600_000;

async function rigWithVm(): Promise<{ rig: Rig; vm: string; disk: string }> {
  let vm = '';
  const rig = await Rig.start({
    prepare: async (fake) => {
      vm = (await fake.addVm({ name: 'web-01', account: 'alice', disks: [{ name: 'root' }] })).id;
    },
  });
  await until(async () => (await rig.inventory.list(signal)).complete);
  return { rig, vm, disk: rig.fake.volume('root').id };
}

async function backUp(rig: Rig, vm: string): Promise<void> {
  const { json } = await rig.post(`/vms/${vm}/backups`);
  await rig.settled(`/vms/${vm}/backups/${json.id}`, 'ready');
  expect((await rig.post(`/vms/${vm}/backups/${json.id}/finalize`)).status).toBe(200);
}

async function failBackup(rig: Rig, vm: string, text: string): Promise<void> {
  rig.images.fail('backups.start', imageError('IMAGE_AGENT_UNREACHABLE', 503, text));
  const { json } = await rig.post(`/vms/${vm}/backups`);
  await rig.settled(`/vms/${vm}/backups/${json.id}`, 'failed');
}

async function told(rig: Rig, vm: string) {
  const key = `cs:main:vm:${vm}`;
  const { facts } = await rig.inventory.conditions(signal);
  const { items } = await rig.inventory.list(signal);
  const factOf = (code: string): InventoryFact | undefined => facts.find((fact) => fact.key === key && fact.code === code);
  const { backup_status: status, last_backup: last } = items.find((item) => item.key === key)?.attributes ?? {};
  return { ok: factOf('backup_last_ok'), failed: factOf('backup_last_failed'), stuck: factOf('backup_stuck'), status, last };
}

test('how backups ended is told: none, a good one, a bad one with its reason, and a good one again', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const begun = rig.clock.now();

  const none = await told(rig, vm);
  await backUp(rig, vm);
  const good = await told(rig, vm);
  rig.clock.advance(HOUR);
  await failBackup(rig, vm, 'The agent kvm1 cannot be reached: connect ECONNREFUSED 10.9.8.7:54322, /mnt/primary0/root');
  const bad = await told(rig, vm);
  rig.clock.advance(HOUR);
  await backUp(rig, vm);
  const again = await told(rig, vm);

  expect(none).toEqual({ status: 'NEVER' });
  expect([good.status, good.last, good.failed, good.stuck]).toEqual(['OK', good.ok?.value, undefined, undefined]);
  expect(good.ok).toMatchObject({ since: Date.parse(String(good.ok?.value)), detail: { began: expect.any(String) } });
  expect(good.ok?.since).toBeGreaterThanOrEqual(begun);
  expect([bad.status, bad.last, bad.ok]).toEqual(['FAILED', good.last, good.ok]);
  expect(bad.failed?.detail).toEqual({
    began: expect.any(String),
    reason: 'The agent […] cannot be reached: connect ECONNREFUSED […], […]',
  });
  expect(Date.parse(String(bad.failed?.detail?.began))).toBeLessThanOrEqual(bad.failed?.since ?? 0);
  expect([again.status, again.failed]).toEqual(['OK', bad.failed]);
  expect(again.ok?.since).toBeGreaterThan(bad.failed?.since ?? Number.POSITIVE_INFINITY);
});

test('the last ends are told when the backups themselves are long forgotten, after a restart as well', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  await backUp(rig, vm);
  await failBackup(rig, vm, 'no');
  const before = await told(rig, vm);

  await rig.stopAndRestart();
  rig.clock.advance(40 * HOUR);
  await until(async () => (await rig.rows('ovirt_backups')).length === 0);

  expect(await told(rig, vm)).toEqual(before);
  expect([before.ok === undefined, before.failed === undefined]).toEqual([false, false]);
});

test('a backup that is forgotten before anybody has looked at it is not lost', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  await backUp(rig, vm);
  const tables = rig.store.tables<{ ovirt_inventory_backups: object }>();
  await tables.deleteFrom('ovirt_inventory_backups').execute();

  rig.clock.advance(25 * HOUR);
  await until(async () => (await rig.rows('ovirt_backups')).length === 0);

  expect((await told(rig, vm)).status).toBe('OK');
});

test('an open backup is told since it last made progress, whatever its client asks, over a restart', async () => {
  const { rig, vm, disk } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const path = `/vms/${vm}/backups/${json.id}`;
  await rig.settled(path, 'ready');
  const ready = (await told(rig, vm)).stuck;
  rig.clock.advance(HOUR);
  await rig.get(path);
  const waiting = (await told(rig, vm)).stuck;

  const transfer = await rig.post('/imagetransfers', {
    disk: { id: disk },
    backup: { id: json.id },
    direction: 'download',
    inactivity_timeout: 0,
  });
  const begun = (await told(rig, vm)).stuck;
  rig.clock.advance(HOUR);
  rig.images.progress(String(transfer.json.id), { transferred: 4096 });
  await rig.get(`/imagetransfers/${transfer.json.id}`);
  const moved = (await told(rig, vm)).stuck;
  await rig.stopAndRestart();
  rig.clock.advance(HOUR);
  await rig.get(`/imagetransfers/${transfer.json.id}`);
  const still = (await told(rig, vm)).stuck;
  await rig.post(`${path}/finalize`);

  expect(ready).toMatchObject({ value: true, detail: { what: 'backup', began: expect.any(String) } });
  expect(waiting).toEqual(ready);
  expect(begun?.since).toBeGreaterThan(ready?.since ?? Number.POSITIVE_INFINITY);
  expect(moved?.since).toBeGreaterThan(begun?.since ?? Number.POSITIVE_INFINITY);
  expect(still).toEqual(moved);
  expect((await told(rig, vm)).stuck).toBeUndefined();
});

test('two gateways on one store tell the same', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const second = await rig.addGateway();
  await backUp(rig, vm);
  await rig.post(`/vms/${vm}/backups`);

  const [one, other] = [await rig.inventory.conditions(signal), await second.inventory.conditions(signal)];

  expect(other).toEqual(one);
  expect(one.facts.map((fact) => fact.code)).toEqual(
    expect.arrayContaining(['state', 'host_state', 'used_share', 'backup_last_ok', 'backup_stuck']),
  );
});
