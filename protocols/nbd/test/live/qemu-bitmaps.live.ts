import { join } from 'node:path';
import { connectNbd } from '@fairlead/nbd';
import { createQcow2, fillPattern, qemuImg } from '@fairlead/testkit/disks';
import { lacks, qemuNbd } from '@fairlead/testkit/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import { describe, expect, test } from 'vitest';
import { KiB, MiB } from '../support/clients.ts';

interface Image extends AsyncDisposable {
  readonly path: string;
}

describe.skipIf(lacks('qemu-nbd', 'qemu-img', 'qemu-io'))('dirty bitmaps of qemu-nbd', () => {
  async function withBitmaps(...names: string[]): Promise<Image> {
    const folder = await tempDir('live-');
    const path = join(folder.path, 'disk.qcow2');
    await createQcow2(path, 8 * MiB);
    for (const name of names) await qemuImg(['bitmap', '--add', path, name]);
    await fillPattern(path, 'qcow2', [{ kind: 'data', start: MiB, length: 64 * KiB, byte: 5 }]);
    return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  }

  test('tell what was written since', async () => {
    await using image = await withBitmaps('monday');
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true, bitmap: 'monday' });
    await using client = await connectNbd({ socketPath: server.socketPath, dirtyBitmap: true });

    expect(client.contexts).toEqual(['base:allocation', 'qemu:dirty-bitmap:monday']);
    expect(await Array.fromAsync(client.extents())).toEqual([
      { start: 0, length: MiB, allocation: 3, dirty: 0 },
      { start: MiB, length: 64 * KiB, allocation: 0, dirty: 1 },
      { start: MiB + 64 * KiB, length: 7 * MiB - 64 * KiB, allocation: 3, dirty: 0 },
    ]);
  });

  test('must be named if there are several', async () => {
    await using image = await withBitmaps('monday', 'tuesday');
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true, bitmap: ['monday', 'tuesday'] });
    const { socketPath } = server;

    await using named = await connectNbd({ socketPath, dirtyBitmap: 'tuesday' });

    expect(named.contexts).toContain('qemu:dirty-bitmap:tuesday');
    await expect(connectNbd({ socketPath, dirtyBitmap: true })).rejects.toMatchObject({ code: 'NBD_BITMAP_AMBIGUOUS' });
  });

  test('that are not exported are missed', async () => {
    await using image = await withBitmaps('monday');
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true });

    const connecting = connectNbd({ socketPath: server.socketPath, dirtyBitmap: 'monday' });

    await expect(connecting).rejects.toMatchObject({ code: 'NBD_BITMAP_UNKNOWN' });
  });

  test('that do not exist keep the server from starting, and it says why', async () => {
    await using image = await withBitmaps('monday');

    const starting = qemuNbd({ image: image.path, format: 'qcow2', readOnly: true, bitmap: 'sunday' });

    await expect(starting).rejects.toThrow(/Bitmap 'sunday' is not found/);
  });
});
