import { join } from 'node:path';
import { connect } from 'node:tls';
import { ImageioClient } from '@fairlead/imageio';
import type { StartImageBackup } from '@fairlead/kernel/services';
import { createQcow2, qemuImg } from '@fairlead/testkit/disks';
import { describe, expect, test } from 'vitest';
import { type TestBridge, testBridge } from '../support/bridge.ts';
import { openTransfer } from '../support/tickets.ts';

const MiB = 1024 * 1024;

async function request(bridge: TestBridge, backupId: string, more: Partial<StartImageBackup> = {}): Promise<StartImageBackup> {
  const volumes = ['root', 'data'].map((volumeId) => ({
    volumeId,
    path: join(bridge.images, `${volumeId}.qcow2`),
    format: 'qcow2' as const,
  }));
  for (const { path } of volumes) await createQcow2(path, 4 * MiB).catch(() => undefined);
  return { backupId, vmId: 'vm-1', running: false, hosts: [bridge.host], volumes, ...more };
}

describe('image.backups', () => {
  test('imageio 17.130: a stopped machine is held from start to end, and read through transfers', async () => {
    await using bridge = await testBridge();
    const wish = await request(bridge, 'b1');
    const started = await bridge.backups.start(wish);
    const path = wish.volumes[0]?.path ?? '';
    const transfer = { direction: 'download', path, backupId: 'b1', volume: { volumeId: 'root', path, format: 'qcow2' } } as const;
    const { transferUrl, transferId, size } = await openTransfer(bridge, transfer);
    {
      await using client = await ImageioClient.open(transferUrl, { ca: bridge.ca });
      expect(await client.size()).toBe(4 * MiB);
    }
    await expect(qemuImg(['resize', '-q', '-f', 'qcow2', path, '8M'])).rejects.toThrow(/lock/);
    await bridge.transfers.close(transferId);
    const during = await bridge.backups.get('b1');
    const ended = await bridge.backups.finalize('b1', 'keep');
    const again = await bridge.backups.finalize('b1', 'drop');

    expect(started).toMatchObject({
      phase: 'ready',
      hostId: 'host-1',
      volumes: [
        { volumeId: 'root', mode: 'full', size },
        { volumeId: 'data', size: 4 * MiB },
      ],
    });
    expect([during?.phase, ended.phase, again.phase, (await bridge.backups.get('b1'))?.phase]).toEqual([
      'ready',
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    await qemuImg(['resize', '-q', '-f', 'qcow2', path, '8M']);
    await expect(openTransfer(bridge, transfer)).rejects.toMatchObject({ code: 'IMAGE_BACKUP_NOT_READY' });
    expect(await bridge.backups.get('unknown')).toBeUndefined();
    expect(await bridge.backups.checkpoints('vm-1')).toEqual([]);
  });

  test('a second backup of a machine, a running one and an unknown checkpoint are refused', async () => {
    await using bridge = await testBridge();
    await bridge.backups.start(await request(bridge, 'b1'));

    await expect(bridge.backups.start(await request(bridge, 'b2'))).rejects.toMatchObject({ code: 'IMAGE_BUSY' });
    await expect(bridge.backups.start(await request(bridge, 'b3', { vmId: 'vm-2', running: true }))).rejects.toMatchObject({
      code: 'IMAGE_RUNNING_UNSUPPORTED',
    });
    await expect(bridge.backups.start(await request(bridge, 'b4', { vmId: 'vm-2', fromCheckpointId: 'c' }))).rejects.toMatchObject({
      code: 'IMAGE_CHECKPOINT_UNKNOWN',
    });
    await expect(
      bridge.backups.start(await request(bridge, 'b5', { vmId: 'vm-2', hosts: [{ id: 'h', name: 'kvm9', addresses: ['192.0.2.9'] }] })),
    ).rejects.toMatchObject({
      code: 'IMAGE_NO_AGENT',
    });
    await bridge.backups.finalize('b1', 'drop');
    expect((await bridge.backups.start(await request(bridge, 'b2'))).phase).toBe('ready');
  });

  test('a backup of which one disk cannot be opened leaves nothing open', async () => {
    await using bridge = await testBridge();
    const wish = await request(bridge, 'b1');
    const volumes = [...wish.volumes, { volumeId: 'gone', path: join(bridge.images, 'gone.qcow2'), format: 'qcow2' as const }];

    await expect(bridge.backups.start({ ...wish, volumes })).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });

    for (const { path } of wish.volumes) await qemuImg(['resize', '-q', '-f', 'qcow2', path, '8M']);
    expect((await bridge.backups.start(wish)).phase).toBe('ready');
  });

  test('an open backup outlives a restart, its transfers end with it', async () => {
    await using bridge = await testBridge();
    const wish = await request(bridge, 'b1');
    await bridge.backups.start(wish);
    const path = wish.volumes[1]?.path ?? '';
    const { transferId } = await openTransfer(bridge, {
      direction: 'download',
      path,
      backupId: 'b1',
      volume: { volumeId: 'data', path, format: 'qcow2' },
    });

    await bridge.restart();

    expect((await bridge.backups.get('b1'))?.phase).toBe('ready');
    expect((await bridge.backups.finalize('b1', 'keep')).phase).toBe('succeeded');
    await expect(bridge.transfers.extend(transferId)).rejects.toMatchObject({ code: 'IMAGE_TRANSFER_ENDED' });
  });
});

describe('control of the agent', () => {
  /** Connects with these credentials and tells how the agent takes it. */
  async function status(bridge: TestBridge, pair?: { readonly key: string; readonly cert: string }): Promise<string> {
    const { hostname, port } = new URL(bridge.controlUrl);
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect({ host: hostname, port: Number(port), ca: bridge.ca, ...pair });
    socket.on('error', () => resolve('refused'));
    socket.on('close', () => resolve('refused'));
    socket.once('data', (bytes) => resolve(bytes.toString('latin1').slice(9, 12)));
    socket.write('GET /internal/transfer/none HTTP/1.1\r\nhost: h\r\n\r\n');
    const found = await promise;
    socket.destroy();
    return found;
  }

  test('ovirt 12.2: only a gateway of our authority may speak to it', async () => {
    await using bridge = await testBridge();
    await using stranger = await testBridge();

    expect(await status(bridge)).toBe('refused');
    expect(await status(bridge, await stranger.authority.issueClient('fairlead-gateway'))).toBe('refused');
    expect(await status(bridge, await bridge.authority.issueClient('some-agent'))).toBe('403');
    expect(await status(bridge, await bridge.authority.issueClient('fairlead-gateway'))).toBe('404');
  });
});
