import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { TransferWish } from '../src/fake/index.ts';
import { openBackups, refusal } from './backup-support.ts';

test('a transfer points below the base that was given', async () => {
  await using rig = await openBackups({ transferUrl: 'https://images.example:54322/images/' });
  const transfer = await rig.download(await rig.start());
  expect(transfer.transferurl).toBe(`https://images.example:54322/images/${transfer.id}`);
});

test('a function is told what to open, and its URL is handed out', async () => {
  const wishes: TransferWish[] = [];
  const transferUrl = (wish: TransferWish) => {
    wishes.push(wish);
    return `https://images.example/${wishes.length}`;
  };
  await using rig = await openBackups({ transferUrl });
  const download = await rig.download(await rig.start());
  const upload = await rig.upload(rig.root, { format: 'cow' });
  expect([download.transferurl, upload.transferurl]).toEqual(['https://images.example/1', 'https://images.example/2']);
  expect(wishes).toMatchObject([
    { id: download.id, direction: 'download', format: 'raw', volumeId: rig.data.id, file: rig.cloud.fake.volumePath('data') },
    { id: upload.id, direction: 'upload', format: 'cow', volumeId: rig.root.id },
  ]);
  expect((await readFile(wishes[0]?.file ?? '')).subarray(0, 4).toString('latin1')).toBe('QFI\u00fb');
});

test('a refusal of the host before the transfer leaves the volume as it was', async () => {
  await using rig = await openBackups();
  rig.refuse('startNbdServer');
  expect(await refusal(rig.upload(rig.data))).toBe('530 Failed to start the NBD server');
  rig.refuse('createImageTransfer', 'Failed to start image server.');
  expect(await refusal(rig.upload(rig.data))).toBe('530 Failed to create image transfer: Failed to start image server.');
  expect(rig.data.state).toBe('Ready');
  await rig.upload(rig.data);
});

test('a running instance exports its disks itself, a stopped one needs a server for each, and a file that is written whole none', async () => {
  await using rig = await openBackups();
  await rig.download(await rig.start());
  rig.vm.state = 'Stopped';
  await rig.download(await rig.start(), { volumeid: rig.root.id });
  const loose = await rig.cloud.fake.addVm({ name: 'other', disks: [{ name: 'loose' }] });
  await rig.upload(rig.cloud.fake.cloud.volumesOf(loose)[0] ?? rig.data, { format: 'cow' });
  const { asked } = rig.cloud.fake.agent;
  expect(asked.filter((step) => step === 'startNbdServer')).toHaveLength(1);
  expect(asked.filter((step) => step === 'createImageTransfer')).toHaveLength(3);
});
