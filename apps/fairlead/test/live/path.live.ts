import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareImages, createQcow2, fillPattern, qemuImg } from '@fairlead/testkit/disks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Provider } from '../support/provider.ts';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

let provider: Provider;
beforeAll(async () => {
  provider = await Provider.start();
});
afterAll(() => provider[Symbol.asyncDispose]());

/** The disks of one VM: holes, zero clusters, sizes that are no whole GiB, and one with nothing in it. */
async function makeDisks(): Promise<Record<string, string>> {
  const file = (name: string) => provider.path('pool', `${name}.qcow2`);
  const files = { root: file('root'), data: file('data'), empty: file('empty'), odd: file('odd') };
  await createQcow2(files.root, 256 * MiB);
  await fillPattern(files.root, 'qcow2', [
    { kind: 'random', start: 0, length: 20 * MiB },
    { kind: 'zero', start: 4 * MiB, length: 3 * MiB },
    { kind: 'hole', start: 9 * MiB, length: 1 * MiB },
    { kind: 'data', start: 200 * MiB + 512, length: 1024, byte: 0xa5 },
  ]);
  await createQcow2(files.data, 3.5 * GiB);
  await fillPattern(files.data, 'qcow2', [
    { kind: 'random', start: 1 * GiB, length: 2 * MiB },
    { kind: 'random', start: 3.5 * GiB - MiB, length: MiB },
  ]);
  await createQcow2(files.empty, GiB);
  await fillPattern(files.empty, 'qcow2', [{ kind: 'zero', start: 0, length: 64 * MiB }]);
  await createQcow2(files.odd, GiB + 512);
  await fillPattern(files.odd, 'qcow2', [{ kind: 'random', start: GiB, length: 512 }]);
  return files;
}

/** `disk → checksum` of a table that `backup` or `verify` printed. */
function checksums(table: string): Record<string, string> {
  const rows = table.split('\n').map((line) => ({ disk: line.split(' ')[0] ?? '', sum: /[0-9a-f]{64,}/.exec(line)?.[0] }));
  return Object.fromEntries(rows.filter(({ sum }) => sum !== undefined).map(({ disk, sum }) => [disk, sum ?? '']));
}

test('a VM with four disks is backed up, lost and restored by the commands, every byte the same', { timeout: 120_000 }, async () => {
  const disks = await makeDisks();
  await provider.addVm('multi', disks);
  for (const name of Object.keys(disks)) await provider.copyVolume(name, provider.path(`${name}.original`));
  const folder = provider.path('backups', 'multi');

  const backup = await provider.run('backup', 'multi', '--to', folder);
  expect(backup).toMatchObject({ code: 0 });
  expect(Object.keys(checksums(backup.stdout))).toEqual(['root', 'data', 'empty', 'odd']);
  const verified = await provider.run('verify', folder);
  expect(verified).toMatchObject({ code: 0 });
  expect(checksums(verified.stdout)).toEqual(checksums(backup.stdout));
  expect(verified.stdout.match(/as backed up/g)).toHaveLength(4);

  const [lost] = await provider.client.listVms({ search: 'name=multi' });
  await provider.client.deleteVm(lost?.id ?? '');
  expect(await provider.inventory()).toEqual({ vms: [], volumes: [], files: [] });

  const restored = await provider.run('restore', folder, '--name', 'again');
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Restored again as \S+ with 4 disk\(s\)/) });
  const live = await provider.run('verify', 'again');
  expect(live).toMatchObject({ code: 0 });
  expect(checksums(live.stdout)).toEqual(checksums(backup.stdout));
  for (const name of Object.keys(disks)) {
    const formats = { a: 'qcow2', b: 'qcow2' };
    await compareImages(provider.path(`${name}.original`), provider.cloud.volumePath(name), formats);
  }
  const [vm] = await provider.client.listVms({ search: 'name=again', follow: 'disk_attachments.disk,nics' });
  expect(vm).toMatchObject({ memory: lost?.memory, cpu: { topology: lost?.cpu?.topology } });
  expect(vm?.nics).toHaveLength(1);
  expect(vm?.disk_attachments?.map((one) => [one.disk?.name, one.bootable, one.disk?.provisioned_size])).toEqual([
    ['root', true, GiB],
    ['data', false, 4 * GiB],
    ['empty', false, GiB],
    ['odd', false, 2 * GiB],
  ]);
  expect(await provider.servers()).toEqual([]);
});

describe('what is refused', () => {
  let folder: string;
  let before: Awaited<ReturnType<Provider['inventory']>>;
  beforeAll(async () => {
    folder = provider.path('backups', 'small');
    const file = provider.path('pool', 'small-root.qcow2');
    await createQcow2(file, 64 * MiB);
    await fillPattern(file, 'qcow2', [{ kind: 'random', start: 0, length: 8 * MiB }]);
    await provider.addVm('small', { 'small-root': file });
    expect(await provider.run('backup', 'small', '--to', folder)).toMatchObject({ code: 0 });
    before = await provider.inventory();
  });

  /** A copy of the backup to spoil. */
  async function copyOf(name: string): Promise<{ copy: string; image: string }> {
    const copy = provider.path('backups', name);
    await cp(folder, copy, { recursive: true });
    const image = (await readdir(copy)).find((file) => file.endsWith('.qcow2')) ?? '';
    return { copy, image: join(copy, image) };
  }

  test('a backup into a folder that exists: the folder stays as it is', async () => {
    const taken = provider.path('taken');
    await mkdir(taken);
    await writeFile(join(taken, 'mine'), 'mine');

    const told = await provider.run('backup', 'small', '--to', taken);

    expect(told).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(BACKUP_FOLDER_EXISTS)') });
    expect(await readFile(join(taken, 'mine'), 'utf8')).toBe('mine');
  });

  test('a backup whose image has one changed byte is not restored: no VM and no disk stay behind', async () => {
    const { copy, image } = await copyOf('changed');
    await fillPattern(image, 'qcow2', [{ kind: 'data', start: 5 * MiB + 77 * 512, length: 512, byte: 0 }]);

    const verified = await provider.run('verify', copy);
    const restored = await provider.run('restore', copy, '--name', 'changed');

    expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining('DIFFERENT') });
    expect(restored).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(BACKUP_CHECKSUM_DIFFERS)') });
    expect(await provider.inventory()).toEqual(before);
    expect(await provider.servers()).toEqual([]);
  });

  test.each([
    ['missing', (image: string) => rm(image), /is missing or cannot be read/],
    ['no image', (image: string) => writeFile(image, 'nothing'), /is no qcow2 image/],
    [
      'larger',
      (image: string) => qemuImg(['resize', '-q', '-f', 'qcow2', image, '128M']),
      /has 134217728 bytes; the manifest says 67108864/,
    ],
    [
      'on another',
      (image: string) => qemuImg(['rebase', '-q', '-u', '-f', 'qcow2', '-F', 'raw', '-b', '/etc/hostname', image]),
      /stands on another file/,
    ],
  ] as const)('an image that is %s is told before anything is made', async (name, spoil, words) => {
    const { copy, image } = await copyOf(`spoiled ${name}`);
    await spoil(image);
    const calls = provider.cloud.calls.length;

    const restored = await provider.run('restore', copy, '--name', 'spoiled');

    expect(restored).toMatchObject({ code: 66, stdout: '', stderr: expect.stringMatching(words) });
    expect(provider.cloud.calls.slice(calls)).not.toContain('deployVirtualMachine');
    expect(await provider.inventory()).toEqual(before);
  });

  test('a manifest that names a file outside of its folder', async () => {
    const { copy } = await copyOf('outside');
    const file = join(copy, 'manifest.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"file": "[^"]+"/, '"file": "../../secret.qcow2"'));

    const told = await provider.run('verify', copy);

    expect(told).toMatchObject({ code: 66, stderr: expect.stringContaining('(BACKUP_NOT_A_BACKUP)') });
  });

  test('a manifest that was cut', async () => {
    const { copy } = await copyOf('cut');
    const file = join(copy, 'manifest.json');
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 200));
    await appendFile(file, ' ');

    expect(await provider.run('restore', copy, '--name', 'cut')).toMatchObject({ code: 66, stdout: '' });
  });
});
