import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageioClient } from '@fairlead/imageio';
import { compareImages, createQcow2, fillPattern } from '@fairlead/testkit/disks';
import { describe, expect, test } from 'vitest';
import { testBridge } from '../support/bridge.ts';

const MiB = 1024 * 1024;

describe('image.transfers', () => {
  test('imageio 17.111: a downloaded disk and its upload into another one are bit-exact', async () => {
    await using bridge = await testBridge();
    const [source, target] = [join(bridge.images, 'a.qcow2'), join(bridge.images, 'b.qcow2')];
    await createQcow2(source, 64 * MiB);
    await createQcow2(target, 64 * MiB);
    await fillPattern(source, 'qcow2', [
      { kind: 'random', start: 0, length: 5 * MiB },
      { kind: 'zero', start: 8 * MiB, length: MiB },
      { kind: 'random', start: 40 * MiB + 12_345 * 512, length: 3 * MiB },
    ]);
    const common = { hosts: [bridge.host], inactivityTimeoutS: 60, sparse: true, format: 'raw' } as const;
    const down = await bridge.transfers.open({
      ...common,
      transferId: 't-down',
      direction: 'download',
      volume: { volumeId: 'v1', path: source, format: 'qcow2' },
    });
    const up = await bridge.transfers.open({
      ...common,
      transferId: 't-up',
      direction: 'upload',
      volume: { volumeId: 'v2', path: target, format: 'qcow2' },
    });
    {
      await using reader = await ImageioClient.open(down.transferUrl, { ca: bridge.ca });
      await using writer = await ImageioClient.open(up.proxyUrl, { ca: bridge.ca });
      for await (const extent of reader.extents('zero')) {
        if (extent.zero) {
          await writer.zero(extent.start, extent.length);
          continue;
        }
        const chunks: Uint8Array[] = [];
        await reader.read(extent.start, extent.length, (chunk) => void chunks.push(Buffer.from(chunk)));
        await writer.write(extent.start, extent.length, Buffer.concat(chunks));
      }
      await writer.flush();
    }
    const state = await bridge.transfers.get('t-up');
    await bridge.transfers.close('t-down');
    await bridge.transfers.close('t-up');

    await compareImages(source, target, { a: 'qcow2', b: 'qcow2' });
    expect(state).toMatchObject({ transferred: 64 * MiB, active: false, size: 64 * MiB });
    await using file = await open(target);
    expect((await file.stat()).size).toBeLessThan(20 * MiB);
  });
});
