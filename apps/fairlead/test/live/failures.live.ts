import { existsSync } from 'node:fs';
import { link, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createQcow2, fillPattern } from '@fairlead/testkit/disks';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningCli } from '../support/cli.ts';
import { Provider } from '../support/provider.ts';

const MiB = 1024 * 1024;
/** So much data that a transfer over one connection is still going on when its first tenth is told. */
const BIG = 256 * MiB;

let provider: Provider;
let before: Awaited<ReturnType<Provider['inventory']>>;
beforeAll(async () => {
  provider = await Provider.start();
  const small = provider.path('pool', 'small-root.qcow2');
  await createQcow2(small, 64 * MiB);
  await fillPattern(small, 'qcow2', [{ kind: 'random', start: 0, length: 8 * MiB }]);
  await provider.addVm('small', { 'small-root': small });
  const big = provider.path('pool', 'big-root.qcow2');
  await createQcow2(big, BIG);
  await fillPattern(big, 'qcow2', [{ kind: 'data', start: 0, length: BIG, byte: 0x5a }]);
  await provider.addVm('big', { 'big-root': big });
});
afterAll(() => provider[Symbol.asyncDispose]());
beforeEach(async () => {
  before = await provider.inventory();
});

/** A backup of the big VM whose first tenth has arrived. */
async function bigBackup(to: string): Promise<RunningCli> {
  const cli = provider.begin('backup', 'big', '--to', to, '--streams', '1');
  await cli.says(/^backup big-root .* \d+%/m, 'stderr');
  return cli;
}

/** Neither the folder nor a part of it is there, no server of images runs, and CloudStack has what it had. */
async function nothingIsLeft(folder: string): Promise<void> {
  expect(existsSync(dirname(folder)) ? await readdir(dirname(folder)) : []).toEqual([]);
  expect(await provider.servers()).toEqual([]);
  expect(await provider.inventory()).toEqual(before);
}

/** A backup of this VM begins, so nothing holds the VM any more. */
async function canBeBackedUp(name: string): Promise<void> {
  const { client } = provider;
  const [vm] = await client.listVms({ search: `name=${name}` });
  const id = vm?.id ?? '';
  const { id: backup = '' } = await client.startBackup(id, {});
  await until(async () => (await client.getBackup(id, backup)).phase === 'ready', { timeoutMs: 20_000, what: 'a backup to be ready' });
  await client.finalizeBackup(id, backup);
  await until(async () => (await client.getBackup(id, backup)).phase === 'succeeded', { timeoutMs: 20_000, what: 'a backup to end' });
}

describe('a backup that does not end', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('because of %s: everything is taken back', async (signal) => {
    const folder = provider.path(`by-${signal}`, 'backup');
    await using cli = await bigBackup(folder);

    cli.signal(signal);

    expect(await cli.ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Interrupted.') });
    await nothingIsLeft(folder);
    await canBeBackedUp('big');
  });

  test('because of SIGINT right at its start', async () => {
    const folder = provider.path('at-start', 'backup');
    await using cli = provider.begin('backup', 'big', '--to', folder);
    await cli.says(/^Begin the backup/m, 'stderr');

    cli.signal('SIGINT');

    expect(await cli.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('(BACKUP_INTERRUPTED)') });
    await nothingIsLeft(folder);
    await canBeBackedUp('big');
  });

  test('because the server of its image was killed: it says so, and the next one works', async () => {
    const folder = provider.path('killed', 'backup');
    await using cli = await bigBackup(folder);
    const exports = await provider.exports();
    expect(exports).toHaveLength(1);

    for (const pid of exports) process.kill(pid, 'SIGKILL');

    const ended = await cli.ended;
    expect(ended).toMatchObject({ code: 69, stdout: '' });
    expect(ended.stderr).toMatch(/\([A-Z_]+\)\n$/);
    await nothingIsLeft(folder);
    await canBeBackedUp('big');
  });

  test('because the gateway was killed and started again meanwhile', async () => {
    const folder = provider.path('gateway-killed', 'backup');
    await using cli = await bigBackup(folder);

    await provider.stopGateway('SIGKILL');
    await provider.startGateway();

    expect(await cli.ended).toMatchObject({ code: 69, stdout: '' });
    await nothingIsLeft(folder);
    await canBeBackedUp('big');
  });

  test('because CloudStack is down at the login: 69, and when it is back the next one works', async () => {
    const folder = provider.path('cloud-down', 'backup');
    await provider.gate.shut();

    const ended = await provider.run('backup', 'small', '--to', folder);
    await provider.gate.reopen();

    expect(ended).toMatchObject({ code: 69, stdout: '' });
    expect(ended.stderr).toMatch(/CloudStack|\(OVIRT_WIRE_[A-Z_]+\)/);
    await nothingIsLeft(folder);
    await canBeBackedUp('small');
  });
});

describe('a backup that cannot begin', () => {
  test.each(['reset', 'html'] as const)('because CloudStack answers with %s: the VM is free afterwards', async (kind) => {
    const folder = provider.path(`cloud-${kind}`, 'backup');
    provider.cloud.faults.next('listVirtualMachines', { kind }, Number.POSITIVE_INFINITY);

    const ended = await provider.run('backup', 'small', '--to', folder);
    provider.cloud.faults.clear();

    expect(ended).toMatchObject({ code: 69, stdout: '', stderr: expect.stringMatching(/^Begin the backup[\s\S]*CloudStack/m) });
    await nothingIsLeft(folder);
    await canBeBackedUp('small');
  });
});

test('a verification that is interrupted leaves no server of images behind', async () => {
  const folder = provider.path('to-verify');
  await mkdir(folder);
  await link(provider.path('pool', 'big-root.qcow2'), join(folder, 'big.qcow2'));
  const checksum = { algorithm: 'blake2b512-blocks-4MiB', digest: '0'.repeat(128) };
  const disk = { id: 'd', name: 'big', file: 'big.qcow2', size: BIG, bootable: true, interface: 'virtio', checksum };
  const vm = { id: 'v', name: 'v', clusterId: '', ovf: '<ovf/>', nics: [] };
  const manifest = { format: 1, createdAt: '2026-01-01T00:00:00.000Z', vm, storageDomainId: '', disks: [disk] };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await using cli = provider.begin('verify', folder);
  await cli.says(/^verify big .* \d+%/m, 'stderr');

  cli.signal('SIGINT');

  expect(await cli.ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(BACKUP_INTERRUPTED)') });
  expect(await provider.servers()).toEqual([]);
});

describe('a restore that does not end', () => {
  let folder: string;
  beforeAll(async () => {
    folder = provider.path('kept');
    expect(await provider.run('backup', 'small', '--to', folder)).toMatchObject({ code: 0 });
  });

  async function nothingWasMade(): Promise<void> {
    expect(await provider.inventory()).toEqual(before);
    expect(await provider.servers()).toEqual([]);
    expect((await provider.client.listVms()).map((vm) => vm.name).sort()).toEqual(['big', 'small']);
  }

  test('because the storage is full: it says so, and nothing stays behind', async () => {
    await using _full = await provider.fillStorage();

    const ended = await provider.run('restore', folder, '--name', 'full');

    expect(ended).toMatchObject({ code: 69, stdout: '' });
    expect(ended.stderr).toContain('No space left on device');
    await nothingWasMade();
  });

  test('because of SIGINT in between', async () => {
    await using cli = provider.begin('restore', folder, '--name', 'interrupted');
    await cli.says(/^Create disk/m, 'stderr');

    cli.signal('SIGINT');

    expect(await cli.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('(BACKUP_INTERRUPTED)') });
    await nothingWasMade();
  });

  test('because the answer about a new disk was lost, while CloudStack refuses to be reached: what was made is taken back', async () => {
    provider.cloud.faults.next('createVolume', { kind: 'cut' });
    provider.cloud.faults.next('destroyVirtualMachine', { kind: 'reset' }, 2);

    const ended = await provider.run('restore', folder, '--name', 'outage');
    provider.cloud.faults.clear();

    expect(ended).toMatchObject({ code: 69, stdout: '', stderr: expect.stringMatching(/^Take back[\s\S]*CloudStack/m) });
    expect(ended.stderr).not.toContain('still there');
    await nothingWasMade();
  });

  test('because a disk cannot be attached: what was made is taken back', async () => {
    provider.cloud.faults.next('attachVolume', { kind: 'job', errorcode: 530, errortext: 'Failed to attach volume' });

    const ended = await provider.run('restore', folder, '--name', 'unattached');

    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Failed to attach volume') });
    await nothingWasMade();
  });

  test('because the name is taken', async () => {
    const ended = await provider.run('restore', folder, '--name', 'small');

    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(OVIRT_WIRE_CONFLICT)') });
    await nothingWasMade();
  });
});

test('the server of an image is killed during an upload: the transfer and an event say why, and the disk can be filled anew', async () => {
  const { client } = provider;
  const [storage] = await client.listStorageDomains();
  const wish = { name: 'killed', format: 'cow', provisioned_size: 1024 * MiB, storage_domains: [{ id: storage?.id ?? '' }] } as const;
  const { id = '' } = await client.createDisk(wish);
  await until(async () => (await client.getDisk(id)).status === 'ok');
  const first = await client.createImageTransfer({ disk: { id }, direction: 'upload', format: 'raw' });
  const phaseOf = async (transfer: string) => (await client.getImageTransfer(transfer)).phase;
  await until(async () => (await phaseOf(first.id ?? '')) === 'transferring');

  for (const pid of await provider.exports()) process.kill(pid, 'SIGKILL');

  await until(async () => (await phaseOf(first.id ?? '')) === 'finished_failure', { timeoutMs: 20_000 });
  const [event] = await client.listEvents({ search: first.id ?? '' });
  expect(event).toMatchObject({ severity: 'error', description: expect.stringMatching(/is finished_failure: .*SIGKILL/) });
  expect((await client.getDisk(id)).status).toBe('illegal');
  const second = await client.createImageTransfer({ disk: { id }, direction: 'upload', format: 'raw' });
  await until(async () => (await phaseOf(second.id ?? '')) === 'transferring');
  await client.finalizeImageTransfer(second.id ?? '');
  await until(async () => (await phaseOf(second.id ?? '')) === 'finished_success');
  expect((await client.getDisk(id)).status).toBe('ok');
  await client.deleteDisk(id);
});

test('CloudStack is away for a moment while a restore is going on: it ends well', async () => {
  const folder = provider.path('moment');
  expect(await provider.run('backup', 'small', '--to', folder)).toMatchObject({ code: 0 });
  provider.cloud.faults.next('queryAsyncJobResult', { kind: 'reset' }, 3);

  const ended = await provider.run('restore', folder, '--name', 'patient');

  expect(provider.cloud.faults.take('queryAsyncJobResult')).toBeUndefined();
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Restored patient/) });
});

test('the gateway is stopped and started again between backup and restore', async () => {
  const folder = provider.path('between');
  expect(await provider.run('backup', 'small', '--to', folder)).toMatchObject({ code: 0 });

  expect(await provider.stopGateway('SIGTERM')).toMatchObject({ code: 0 });
  await provider.startGateway();
  const restored = await provider.run('restore', folder, '--name', 'later');

  expect(restored).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Restored later/) });
  const sums = await Promise.all([provider.run('verify', 'later'), provider.run('verify', folder)]);
  expect(sums.map((one) => /[0-9a-f]{128}/.exec(one.stdout)?.[0])).toEqual(Array(2).fill(expect.any(String)));
  expect(new Set(sums.map((one) => /[0-9a-f]{128}/.exec(one.stdout)?.[0])).size).toBe(1);
});
