import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ImageioClient } from '@fairlead/imageio';
import { createQcow2, createRaw, fillPattern, randomBytes } from '@fairlead/testkit/disks';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { type TestBridge, testBridge } from '../support/bridge.ts';
import { RawClient } from '../support/raw-client.ts';
import { openTransfer, pathOf } from '../support/tickets.ts';
import { MiB, tell } from '../support/world.ts';

/** Cases of imageio 17 about the proxy, and about whole transfers. */

async function read(client: ImageioClient, offset: number, length: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  await client.read(offset, length, (chunk) => void chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks);
}

async function upload(bridge: TestBridge, name: string, bytes = 16 * MiB) {
  const path = join(bridge.images, name);
  await createQcow2(path, bytes);
  return { path, ...(await openTransfer(bridge, { direction: 'upload', path })) };
}

test('imageio 17.119: extents, downloads and uploads around the size of a buffer, zero and flush go through the proxy', async () => {
  await using bridge = await testBridge();
  const { proxyUrl } = await upload(bridge, 'a.qcow2');
  await using client = await ImageioClient.open(proxyUrl, { ca: bridge.ca });
  for (const buffer of [64 * 1024, MiB, 8 * MiB]) {
    for (const length of [buffer - 4096, buffer, buffer + 4096]) {
      const data = randomBytes(length, length);
      await client.write(4096, length, data, { flush: true });
      expect((await read(client, 4096, length)).equals(data)).toBe(true);
    }
  }
  await client.zero(0, 16 * MiB);
  await client.flush();
  const extents: unknown[] = [];
  for await (const extent of client.extents('zero')) extents.push(extent);

  expect((await read(client, 0, 16 * MiB)).equals(Buffer.alloc(16 * MiB))).toBe(true);
  expect(extents).toMatchObject([{ start: 0, length: 16 * MiB, zero: true }]);
});

test('imageio 17.122, ovirt 12.5: what a client does not read through the proxy is not read from the disk', async () => {
  await using bridge = await testBridge();
  const path = join(bridge.images, 'big.raw');
  await createRaw(path, 10_240 * MiB);
  const volume = { volumeId: 'v', path, format: 'raw' } as const;
  const { transferUrl, transferId } = await openTransfer(bridge, { direction: 'download', path, volume });
  using client = await RawClient.open({ url: bridge.proxyUrl, ca: bridge.ca });
  const before = process.memoryUsage().rss;
  client.send(`GET ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);
  await until(() => client.received > 0);
  client.socket.pause();
  let last = -1;
  await until(
    async () => {
      const moved = (await bridge.transfers.get(transferId))?.transferred ?? 0;
      const rests = moved === last;
      last = moved;
      return rests && moved > 0;
    },
    { timeoutMs: 20_000 },
  );

  expect(last).toBeLessThan(64 * MiB);
  expect(process.memoryUsage().rss - before).toBeLessThan(192 * MiB);
  client.socket.destroy();
  await until(async () => (await bridge.transfers.get(transferId))?.active === false);
});

describe('whole transfers', () => {
  test('imageio 17.132: two disks over eight connections each come out the same, though a client is lost on the way', async () => {
    await using bridge = await testBridge();
    const size = 16 * MiB;
    const sums = await Promise.all(
      ['one', 'two'].map(async (name, seed) => {
        const path = join(bridge.images, `${name}.qcow2`);
        await createQcow2(path, size);
        await fillPattern(path, 'qcow2', [{ kind: 'random', start: seed * MiB, length: 5 * MiB, seed: seed + 1 }]);
        const down = await openTransfer(bridge, { direction: 'download', path });
        const up = await upload(bridge, `${name}-copy.qcow2`, size);
        const lost = await ImageioClient.open(up.transferUrl, { ca: bridge.ca, connections: 8 });
        await lost.write(0, 4, Buffer.from('lost'));
        const endless = (async function* () {
          yield Buffer.alloc(1000, 1);
          await lost[Symbol.asyncDispose]();
          yield Buffer.alloc(1000, 1);
        })();
        await lost.write(0, 2 * MiB, endless).catch(() => undefined);
        await using reader = await ImageioClient.open(down.transferUrl, { ca: bridge.ca, connections: 8 });
        await using writer = await ImageioClient.open(up.transferUrl, { ca: bridge.ca, connections: 8 });
        await Promise.all(
          Array.from({ length: 8 }, async (_none, part) => {
            const [offset, length] = [(part * size) / 8, size / 8];
            await writer.write(offset, length, await read(reader, offset, length));
          }),
        );
        await writer.flush();
        const sum = (data: Buffer) => createHash('sha256').update(data).digest('hex');
        return [sum(await read(reader, 0, size)), sum(await read(writer, 0, size))];
      }),
    );

    for (const [source, copy] of sums) expect(copy).toBe(source);
    expect(sums[0]?.[0]).not.toBe(sums[1]?.[0]);
  });

  test('imageio 17.120: what the host refuses comes through the proxy as it is', async () => {
    await using bridge = await testBridge();
    const { transferUrl, transferId, path } = await upload(bridge, 'a.qcow2', MiB);
    const target = pathOf(transferUrl);
    using client = await RawClient.open({ url: bridge.proxyUrl, ca: bridge.ca });

    expect(await tell(client, 'GET', target, { headers: { range: `bytes=0-${MiB}` } })).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${MiB}` },
    });
    expect((await tell(client, 'PATCH', target, { body: `{"op":"zero","size":${MiB + 1}}` })).status).toBe(416);
    expect((await tell(client, 'PATCH', target, { body: '{"op":"nothing"}' })).status).toBe(400);
    expect((await tell(client, 'PUT', target, { body: 'ab', headers: { 'content-range': `bytes ${MiB - 1}-*/*` } })).status).toBe(416);
    await bridge.transfers.close(transferId);
    using other = await RawClient.open({ url: bridge.proxyUrl, ca: bridge.ca });
    expect((await tell(other, 'OPTIONS', target)).status).toBe(403);
    expect(path).toContain(bridge.images);
  });
});
