import { expect, test } from 'vitest';
import { startHarness } from './harness.ts';
import { Rig } from './support/rig.ts';

/** The audit of a rig, oldest first: `vm.create ok`. */
async function actions(rig: Rig): Promise<string[]> {
  const rows = (await rig.rows('kernel_audit')).toSorted((a, b) => Number(a.at_ms) - Number(b.at_ms));
  return rows.map((row) => `${row.action} ${row.outcome}`);
}

test('ovirt 12.24: a backup with its transfer is recorded from beginning to end, by whom and from where, under the correlation id of the request', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
  const disk = rig.fake.volume('root').id;
  const how = { headers: { 'correlation-id': 'nightly-1' } };

  const backup = await rig.post(`/vms/${vm.id}/backups`, {}, how);
  const path = `/vms/${vm.id}/backups/${backup.json.id}`;
  await rig.settled(path, 'ready');
  const body = { disk: { id: disk }, backup: { id: backup.json.id }, direction: 'download', format: 'raw' };
  const transfer = await rig.post('/imagetransfers', body, how);
  await rig.settled(`/imagetransfers/${transfer.json.id}`, 'transferring');
  await rig.post(`/imagetransfers/${transfer.json.id}/finalize`, {}, how);
  await rig.post(`${path}/finalize`, {}, how);
  await rig.settled(path, 'succeeded');

  const rows = await rig.rows('kernel_audit');
  const of = (action: string) => rows.find((row) => row.action === action);
  const asked = { face: 'ovirt', actor: 'admin@internal', correlation_id: 'nightly-1', address: '127.0.0.1', outcome: 'ok' };
  expect(of('login')).toMatchObject({ actor: 'admin@internal', outcome: 'ok', address: '127.0.0.1' });
  expect(of('backup.start')).toMatchObject({ ...asked, object: backup.json.id, detail: JSON.stringify({ vm: vm.id, disks: 1 }) });
  expect(of('transfer.open')).toMatchObject({ ...asked, object: transfer.json.id });
  expect(of('transfer.end')).toMatchObject({ ...asked, address: null, object: transfer.json.id });
  expect(of('backup.finalize')).toMatchObject({ ...asked, object: backup.json.id });
  expect(of('backup.end')).toMatchObject({ ...asked, address: null, object: backup.json.id });
  expect(rows).toHaveLength(6);
});

test('making and removing disks and VMs is recorded with what was made, and so is what CloudStack refuses', async () => {
  await using rig = await Rig.start();
  const vm = await rig.post('/vms', { name: 'vm-x', cluster: { id: rig.ids.cluster }, memory: 512 * 1024 ** 2 });
  const wish = { name: 'disk-x', provisioned_size: 1024 ** 3, format: 'cow', storage_domains: { storage_domain: [{ id: rig.ids.pool }] } };
  const disk = await rig.post('/disks', wish);
  await rig.settled(`/disks/${disk.json.id}`, 'ok', 'status');
  rig.fake.faults.next('destroyVirtualMachine', { kind: 'job', errorcode: 530, errortext: 'not today' });
  const refused = await rig.delete(`/vms/${vm.json.id}`);
  await rig.delete(`/vms/${vm.json.id}`);
  await rig.delete(`/disks/${disk.json.id}`);

  expect([vm.status, disk.status]).toEqual([201, 201]);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(await actions(rig)).toEqual(['login ok', 'vm.create ok', 'disk.create ok', 'vm.remove failed', 'vm.remove ok', 'disk.remove ok']);
  const rows = await rig.rows('kernel_audit');
  expect(rows.filter((row) => row.object === vm.json.id)).toHaveLength(3);
  expect(rows.filter((row) => row.object === disk.json.id)).toHaveLength(2);
});

test('refused logins are recorded without the password, and a ban once', async () => {
  await using harness = await startHarness();
  for (let attempt = 0; attempt < 12; attempt++) {
    const authorization = `Basic ${Buffer.from('alice@tenants:tell-nobody-4711').toString('base64')}`;
    await harness.api('/vms', { user: null, headers: { authorization } });
  }

  const rows = await harness.context.audit.find({ limit: 100 });
  expect(rows.filter((row) => row.action === 'login')).toHaveLength(10);
  expect(rows.filter((row) => row.action === 'ban')).toMatchObject([{ outcome: 'refused', detail: { seconds: 300 } }]);
  expect(rows[0]).toMatchObject({ actor: 'alice@tenants', address: '127.0.0.1', outcome: 'refused' });
  expect(JSON.stringify(rows)).not.toContain('4711');
});
