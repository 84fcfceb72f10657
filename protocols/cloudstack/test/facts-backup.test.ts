import { expect, test } from 'vitest';
import { readAsyncJob } from '../src/schema/index.ts';
import { openBackups, refusal } from './backup-support.ts';
import { failure } from './support.ts';

test('31 a backup leaves the list when it is finalized or failed, and its id then finds nothing without an error', async () => {
  await using rig = await openBackups();
  const id = await rig.start();
  expect(await rig.item('listBackups', { id })).toMatchObject({ id, status: 'ReadyForImageTransfer' });
  expect(await rig.finalize(id)).toMatchObject({ id, status: 'BackedUp' });
  expect(await rig.client.call('listBackups', { id })).toEqual({});
  rig.refuse('startBackup', 'domain has active block job');
  const known: Array<string | undefined> = [];
  const onJob = (_job: string, backup: string | undefined) => void known.push(backup);
  const start = rig.client.run('startBackup', { virtualmachineid: rig.vm.id }, { onJob });
  expect(await refusal(start)).toBe('job 530 Failed to start Backup: domain has active block job');
  expect(await rig.client.call('listBackups', { id: known[0] })).toEqual({});
  expect(await refusal(rig.client.call('listBackups', { id: crypto.randomUUID() }))).toMatch(/^431 /);
});

test('32 listBackups is there only with the backup framework, the seven export APIs without it too', async () => {
  await using rig = await openBackups({ backupFramework: false });
  const names = new Set((await rig.client.listApis()).names);
  expect([...names].filter((name) => /backup|checkpoint|imagetransfer|export/i.test(name)).toSorted()).toEqual([
    'createImageTransfer',
    'deleteVirtualMachineCheckpoint',
    'finalizeBackup',
    'finalizeImageTransfer',
    'listImageTransfers',
    'listVirtualMachineCheckpoints',
    'startBackup',
  ]);
  await failure(rig.client.call('listBackups'), 'CLOUDSTACK_NOT_OFFERED');
  const id = await rig.start();
  await rig.download(id);
  await rig.finalize(id);
});

test.each(['nas', 'networker'])('32 with the framework on, a zone of the provider %s refuses backups and transfers', async (provider) => {
  await using rig = await openBackups();
  rig.cloud.fake.cloud.zone.details = { 'backup.framework.provider.plugin': provider };
  expect(await refusal(rig.start())).toMatch(/^530 Veeam-KVM backups are disabled/);
  expect(await refusal(rig.upload(rig.data))).toMatch(/^530 Veeam-KVM backups are disabled/);
  for (const accepted of ['veeam', 'dummy']) {
    rig.cloud.fake.cloud.zone.details = { 'backup.framework.provider.plugin': accepted };
    await rig.finalize(await rig.start());
  }
});

test('32 the export APIs exist only where they are exposed, for root admins', async () => {
  await using rig = await openBackups({ exportApis: false });
  await failure(rig.start(), 'CLOUDSTACK_NOT_OFFERED');
  expect((await rig.client.listApis()).has('startBackup')).toBe(false);
  rig.cloud.fake.cloud.features.exportApis = true;
  for (const user of ['alice', 'dadmin']) {
    const call = rig.cloud.client({ user }).call('startBackup', { virtualmachineid: rig.vm.id });
    expect((await failure(call, 'CLOUDSTACK_NOT_OFFERED')).errorCode).toBe(432);
  }
});

test('33 a second startBackup is accepted while the first is ready, and each finalize rotates the checkpoints in its order', async () => {
  await using rig = await openBackups();
  const first = await rig.start();
  const second = await rig.start();
  const to = async (id: string) => (await rig.item('listBackups', { id }))?.tocheckpointid;
  const [one, two] = [await to(first), await to(second)];
  const checkpoints = async () =>
    (await rig.items('listVirtualMachineCheckpoints', { virtualmachineid: rig.vm.id })).map(({ id, isactive }) => [id, isactive]);
  expect(await checkpoints()).toEqual([]);
  await rig.finalize(second);
  expect(await checkpoints()).toEqual([[two, true]]);
  await rig.finalize(first);
  expect(await checkpoints()).toEqual([
    [one, true],
    [two, false],
  ]);
  const third = await rig.start();
  expect(await rig.item('listBackups', { id: third })).toMatchObject({ type: 'FULL', fromcheckpointid: one });
});

test('33 deleting the active checkpoint makes the older one active; deleting any other succeeds and does nothing', async () => {
  await using rig = await openBackups();
  for (let again = 0; again < 2; again++) await rig.finalize(await rig.start());
  const list = () => rig.items('listVirtualMachineCheckpoints', { virtualmachineid: rig.vm.id });
  const remove = (checkpointid: unknown) =>
    rig.client.call('deleteVirtualMachineCheckpoint', { virtualmachineid: rig.vm.id, checkpointid: String(checkpointid) });
  const [active, older] = await list();
  expect(await remove(older?.id)).toEqual({ success: true });
  expect(await remove('ckp-00000000')).toEqual({ success: true });
  expect(await list()).toEqual([active, older]);
  rig.refuse('deleteCheckpoint', 'checkpoint not found');
  expect(await refusal(remove(active?.id))).toBe('530 Failed to delete checkpoint: checkpoint not found');
  expect(await remove(active?.id)).toEqual({ success: true });
  expect(await list()).toEqual([{ ...older, isactive: true }]);
});

test('34 createImageTransfer takes a volume of another instance, cow for a download and any format', async () => {
  await using rig = await openBackups();
  await rig.cloud.fake.addVm({ name: 'other', disks: [{ name: 'foreign' }] });
  const id = await rig.start();
  const foreign = rig.cloud.fake.volume('foreign').id;
  expect(await rig.download(id, { volumeid: foreign })).toMatchObject({ volumeid: foreign, phase: 'transferring' });
  expect(await rig.download(id, { format: 'cow' })).toMatchObject({ direction: 'download' });
  expect(await rig.download(id, { volumeid: rig.root.id, format: 'nonsense' })).toMatchObject({ backupid: id });
});

test('34 an upload onto the root volume of a running instance is taken: the volume is Restoring', async () => {
  await using rig = await openBackups();
  const { id } = await rig.upload(rig.root);
  expect(rig.vm.state).toBe('Running');
  expect(await rig.item('listVolumes', { id: rig.root.id })).toMatchObject({ state: 'Restoring', vmstate: 'Running' });
  await rig.client.call('finalizeImageTransfer', { id });
  expect(await rig.item('listVolumes', { id: rig.root.id })).toMatchObject({ state: 'Ready' });
});

test('34 a wrong direction is 431, a download without its backup and a second transfer of a volume are 530', async () => {
  await using rig = await openBackups();
  expect(await refusal(rig.upload(rig.data, { direction: 'UPLOAD' }))).toMatch(/^431 No enum constant/);
  expect(await refusal(rig.upload(rig.data, { direction: 'download' }))).toBe('530 Backup not found: null');
  await rig.upload(rig.data);
  expect(await refusal(rig.upload(rig.data))).toBe(`530 Image transfer already exists for volume: ${rig.data.id}`);
});

test('35 a stop during a backup stays pending until the finalize and up to 15 s more; until then the instance is Running', async () => {
  await using rig = await openBackups();
  const { clock } = rig.cloud.fake;
  const id = await rig.start();
  const { jobid } = (await rig.client.call('stopVirtualMachine', { id: rig.vm.id })) as { jobid: string };
  const status = async () => (await rig.client.queryJob(jobid)).jobstatus;
  clock.advance(3_600_000 + 1000);
  expect([await status(), rig.vm.state]).toEqual([0, 'Running']);
  expect((await rig.client.call('listAsyncJobs', { listall: true })) as object).toMatchObject({ asyncjobs: [{ jobid }] });
  await rig.finalize(id);
  expect([await status(), rig.vm.state]).toEqual([0, 'Running']);
  clock.advance(15_000);
  expect([await status(), rig.vm.state]).toEqual([1, 'Stopped']);
});

test.each([
  ['startVirtualMachine', 'Stopped'],
  ['rebootVirtualMachine', 'Running'],
] as const)('35 %s waits for the end of a backup as well', async (command, state) => {
  await using rig = await openBackups();
  rig.vm.state = state;
  const id = await rig.start();
  const { jobid } = (await rig.client.call(command, { id: rig.vm.id })) as { jobid: string };
  rig.cloud.fake.clock.advance(60_000);
  expect((await rig.client.queryJob(jobid)).jobstatus).toBe(0);
  await rig.finalize(id);
  rig.cloud.fake.clock.advance(15_000);
  expect((await rig.client.queryJob(jobid)).jobstatus).toBe(1);
});

test('36 finalizeBackup ends open transfers itself', async () => {
  await using rig = await openBackups();
  const id = await rig.start();
  const transfer = await rig.download(id);
  expect(await rig.items('listImageTransfers', { backupid: id })).toHaveLength(1);
  await rig.finalize(id);
  expect(await rig.items('listImageTransfers')).toEqual([]);
  expect(await refusal(rig.client.call('finalizeImageTransfer', { id: transfer.id }))).toMatch(/^530 Image transfer not found/);
  expect(await refusal(rig.client.call('listImageTransfers', { id: transfer.id }))).toBe('530');
});

test('36 when a transfer cannot be ended the backup stays FinalizingImageTransfer, and a later finalize succeeds', async () => {
  await using rig = await openBackups();
  const id = await rig.start();
  await rig.download(id);
  rig.refuse('finalizeImageTransfer', 'Failed to unregister transfer');
  expect(await refusal(rig.finalize(id))).toBe('job 530 Failed to finalize image transfer: Failed to unregister transfer');
  expect(await rig.item('listBackups', { id })).toMatchObject({ status: 'FinalizingImageTransfer' });
  expect(await rig.items('listImageTransfers')).toHaveLength(1);
  expect(await rig.finalize(id)).toMatchObject({ status: 'BackedUp' });
});

test('36 when the host refuses to stop the backup its record is gone at once and no checkpoint came of it', async () => {
  await using rig = await openBackups();
  const id = await rig.start();
  rig.refuse('stopBackup', 'domjobabort failed');
  expect(await refusal(rig.finalize(id))).toBe('job 530 Failed to stop backup: domjobabort failed');
  expect(await rig.client.call('listBackups', { id })).toEqual({});
  expect(await refusal(rig.finalize(id))).toMatch(/^job 530 Backup not found/);
  expect(await rig.items('listVirtualMachineCheckpoints', { virtualmachineid: rig.vm.id })).toEqual([]);
});

test('38 the job of startBackup works on None and names no object; the id is in the immediate answer and the result', async () => {
  await using rig = await openBackups();
  rig.cloud.fake.cloud.jobs.delayMs = 2000;
  const { id, jobid } = (await rig.client.call('startBackup', { virtualmachineid: rig.vm.id })) as { id: string; jobid: string };
  const raw = async () => (await rig.client.call('queryAsyncJobResult', { jobid })) as Record<string, unknown>;
  expect(await raw()).toMatchObject({ jobstatus: 0, jobinstancetype: 'None' });
  expect(await raw()).not.toHaveProperty('jobinstanceid');
  rig.cloud.fake.clock.advance(2000);
  expect(readAsyncJob(await raw())).toMatchObject({ jobstatus: 1, jobresult: { backup: { id } } });
});

test('an agent that does not know the command leaves a Queued backup, which a finalize then calls BackedUp', async () => {
  await using rig = await openBackups();
  rig.cloud.fake.agent.refuse('startBackup', 'unsupported');
  expect(await refusal(rig.start())).toMatch(/^job 530 class com\.cloud\.agent\.api\.UnsupportedAnswer cannot be cast/);
  const left = await rig.item('listBackups', { virtualmachineid: rig.vm.id });
  expect(left).toMatchObject({ status: 'Queued' });
  const id = String(left?.id);
  expect(await refusal(rig.client.run('deleteBackup', { id }))).toMatch(/^job 530/);
  expect(await rig.finalize(id)).toMatchObject({ status: 'BackedUp' });
  expect(rig.cloud.fake.agent.asked).toEqual(['startBackup']);
});
