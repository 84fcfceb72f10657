import { expect, test } from 'vitest';
import { openBackups } from './backup-support.ts';
import { job, raw } from './raw.ts';
import { openCloud } from './support.ts';

/** Facts 1 to 7 of the recordings of CloudStack 4.23: answers. */
const ADMIN = { as: 'admin' };

test('1 listImageTransfers puts its items under the key "null", createImageTransfer answers an imagetransfer', async () => {
  await using rig = await openBackups();
  await rig.download(await rig.start());
  const { inner, text } = await raw(rig.cloud, 'listImageTransfers', {}, ADMIN);
  expect(Object.keys(inner)).toEqual(['count', 'null']);
  expect(text).toContain('"null":[{"id":');
  const xml = await raw(rig.cloud, 'listImageTransfers', {}, { as: 'admin', format: 'xml' });
  expect(xml.text).toContain('<null><id>');
  await rig.finalize(String((await rig.item('listBackups'))?.id));
  const other = await raw(
    rig.cloud,
    'createImageTransfer',
    { volumeid: rig.data.id, backupid: await rig.start(), direction: 'download' },
    ADMIN,
  );
  expect(Object.keys(other.inner)).toEqual(['imagetransfer']);
});

test('2 a page after the last one has the count of all and no list; a list of nothing is an empty object', async () => {
  await using cloud = await openCloud();
  for (const name of ['one', 'two', 'three']) await cloud.fake.addVm({ name, account: 'alice' });
  const page = async (number: string) =>
    (await raw(cloud, 'listVirtualMachines', { page: number, pagesize: '2' }, { as: 'alice' })).inner as {
      count: number;
      virtualmachine?: unknown[];
    };
  expect([(await page('1')).count, (await page('1')).virtualmachine?.length]).toEqual([3, 2]);
  expect([(await page('2')).count, (await page('2')).virtualmachine?.length]).toEqual([3, 1]);
  expect(await page('3')).toEqual({ count: 3 });
  expect((await raw(cloud, 'listVirtualMachines', {}, { as: 'bob' })).inner).toEqual({});
});

test('3 five lists call their items otherwise than one would expect', async () => {
  await using rig = await openBackups();
  const { cloud } = rig;
  cloud.fake.addVmSnapshot('guarded', 'before');
  cloud.fake.cloud.jobs.delayMs = 1000;
  await raw(cloud, 'stopVirtualMachine', { id: rig.vm.id }, { ...ADMIN, method: 'POST' });
  const keyOf = async (command: string) =>
    Object.keys((await raw(cloud, command, { listall: 'true' }, ADMIN)).inner).find((key) => key !== 'count');
  const commands = ['listVMSnapshot', 'listAsyncJobs', 'listUserKeys', 'listBackupProviders', 'listHypervisorCapabilities'];
  expect(await Promise.all(commands.map(keyOf))).toEqual(['vmSnapshot', 'asyncjobs', 'userapikey', 'providers', 'hypervisorCapabilities']);
});

test('4 some answers are not called after their command', async () => {
  await using cloud = await openCloud();
  const envelope = async (command: string | undefined, params: Record<string, string> = {}) =>
    (await raw(cloud, command, params, ADMIN)).envelope;
  const { id: zoneid } = cloud.fake.cloud.zone;
  const upload = { name: 'x', format: 'QCOW2', zoneid };
  expect(await envelope('getUploadParamsForVolume', upload)).toBe('postuploadvolumeresponse');
  expect(await envelope('getUploadParamsForTemplate', { ...upload, displaytext: 'x', hypervisor: 'KVM' })).toBe(
    'postuploadtemplateresponse',
  );
  expect(await envelope('listVolumesMetrics')).toBe('listvolumesresponse');
  expect(await envelope('doWonders')).toBe('errorresponse');
  expect((await raw(cloud, 'listHosts', {}, { as: 'alice' })).envelope).toBe('errorresponse');
  expect(await envelope(undefined)).toBe('null');
  expect(await envelope('listZones')).toBe('listzonesresponse');
});

test('5 createBackup answers a number as id, everything else a UUID; internal numbers are taken as ids from everybody', async () => {
  await using cloud = await openCloud({ backupFramework: true });
  const vm = await cloud.fake.addVm({ name: 'one', account: 'alice', state: 'Running', disks: [{}] });
  const backup = await raw(cloud, 'createBackup', { virtualmachineid: vm.id }, { ...ADMIN, method: 'POST' });
  expect(backup.inner.id).toMatch(/^\d+$/);
  const stop = await raw(cloud, 'stopVirtualMachine', { id: String(vm.n) }, { as: 'alice', method: 'POST' });
  expect(stop.inner.jobid).toMatch(/^[0-9a-f-]{36}$/);
  for (const as of ['alice', 'dadmin', 'admin']) {
    const { inner } = await raw(cloud, 'listVirtualMachines', { id: String(vm.n) }, { as });
    expect(inner.virtualmachine).toMatchObject([{ id: vm.id }]);
  }
  const [root] = cloud.fake.cloud.volumesOf(vm);
  const volumes = await raw(cloud, 'listVolumes', { virtualmachineid: String(vm.n), id: String(root?.n) }, { as: 'alice' });
  expect(volumes.inner.volume).toMatchObject([{ id: root?.id }]);
  const accounts = await raw(cloud, 'listAccounts', { id: String(vm.owner.n) }, ADMIN);
  expect(accounts.inner.account).toMatchObject([{ name: 'alice' }]);
});

test('6 a body can be the JSON text null, an error can lack its text, and an expunged instance comes back without id', async () => {
  await using rig = await openBackups();
  const { cloud } = rig;
  expect((await raw(cloud, 'login', { password: 'x' }, { method: 'POST' })).text).toBe('null');
  const { id } = await rig.download(await rig.start());
  await rig.finalize(String((await rig.item('listBackups'))?.id));
  const gone = await raw(cloud, 'listImageTransfers', { id }, ADMIN);
  expect(gone.inner).toEqual({ uuidList: [], errorcode: 530, cserrorcode: 9999 });
  const expunged = await job(cloud, 'admin', 'destroyVirtualMachine', { id: rig.vm.id, expunge: 'true' });
  expect(expunged).toMatchObject({ jobstatus: 1, jobresult: { virtualmachine: { nic: [] } } });
  expect(Object.keys((expunged.jobresult as { virtualmachine: object }).virtualmachine)).not.toContain('id');
});

test('7 volumes of a backup are a text, it names no host, and a transfer names neither instance nor device nor progress', async () => {
  await using rig = await openBackups();
  await rig.download(await rig.start());
  const backup = await rig.item('listBackups');
  expect(backup?.volumes).toBe('[]');
  expect(Object.keys(backup ?? {})).not.toContain('hostid');
  const transfer = Object.keys((await rig.item('listImageTransfers')) ?? {});
  expect(transfer).toContain('transferurl');
  expect(transfer.filter((key) => ['vmid', 'virtualmachineid', 'devicename', 'progress'].includes(key))).toEqual([]);
});
