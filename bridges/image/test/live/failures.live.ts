import { randomBytes } from 'node:crypto';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageioClient } from '@fairlead/imageio';
import { compareImages, createQcow2, createRaw, fillPattern, qemuImg } from '@fairlead/testkit/disks';
import { nbdkit } from '@fairlead/testkit/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import type { ImageTables } from '../../src/tables.ts';
import { type TestBridge, testBridge } from '../support/bridge.ts';
import { agentThatIsKilled } from '../support/killed-agent.ts';
import { RawClient } from '../support/raw-client.ts';
import { control, openTransfer, pathOf } from '../support/tickets.ts';

const MiB = 1024 * 1024;

async function exportPid(bridge: TestBridge): Promise<number> {
  const row = await bridge.store
    .tables<ImageTables>()
    .selectFrom('image_jobs')
    .select('pid')
    .where('kind', '=', 'export')
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return row.pid ?? 0;
}

async function diskWithData(bridge: TestBridge, name: string, bytes = 64 * MiB): Promise<string> {
  const path = join(bridge.images, name);
  await createQcow2(path, bytes);
  await fillPattern(path, 'qcow2', [{ kind: 'random', start: 0, length: 8 * MiB }]);
  return path;
}

function rawClient(bridge: TestBridge, base = bridge.dataUrl): Promise<RawClient> {
  return RawClient.open({ url: base, ca: bridge.ca });
}

describe('the storage fails', () => {
  test('imageio 17.19, 17.54: a killed qemu-nbd ends the transfer with a reason, and requests fail at once', async () => {
    await using bridge = await testBridge();
    const path = join(bridge.images, 'big.raw');
    await createRaw(path, 2048 * MiB);
    const volume = { volumeId: 'v', path, format: 'raw' } as const;
    const { transferUrl, transferId } = await openTransfer(bridge, { direction: 'download', path, volume });
    using client = await rawClient(bridge);
    client.send(`GET ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);
    await until(() => client.received > 0);
    client.socket.pause();

    process.kill(await exportPid(bridge), 'SIGKILL');
    const state = await until(async () => {
      const found = await bridge.transfers.get(transferId);
      return found?.failure && found;
    });
    client.socket.resume();
    await client.closed();

    expect(state.failure?.code).toBe('IMAGE_EXPORT_DIED');
    expect(client.received).toBeLessThan(2048 * MiB);
    using second = await rawClient(bridge);
    second.send(`OPTIONS ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);
    expect(await second.answer()).toMatchObject({ status: 500, body: Buffer.from('Server failed to perform the request, check logs\n') });
    await expect(bridge.transfers.close(transferId)).rejects.toMatchObject({ code: 'IMAGE_EXPORT_DIED' });
    await expect(bridge.transfers.close(transferId)).rejects.toMatchObject({ code: 'IMAGE_EXPORT_DIED' });
  });

  test('imageio 17.42: a full disk is told as such, and the ticket stays usable', async () => {
    await using bridge = await testBridge();
    await using full = await nbdkit({
      plugin: 'memory',
      args: ['8M', 'error-pwrite=ENOSPC', 'error-pwrite-rate=100%'],
      filters: ['error'],
    });
    await control(bridge, 'PUT', 'full', { uuid: 'full', size: 8 * MiB, ops: ['write'], timeout: 60, url: `nbd:unix:${full.socketPath}` });
    using client = await rawClient(bridge);

    client.send('PUT /images/full HTTP/1.1\r\nhost: h\r\ncontent-length: 4\r\n\r\nabcd');
    const answer = await client.answer();
    client.send('OPTIONS /images/full HTTP/1.1\r\nhost: h\r\n\r\n');

    expect(answer).toMatchObject({ status: 500, body: Buffer.from('No space left on device\n') });
    expect((await client.answer()).status).toBe(200);
  });

  test('imageio 17.82, ovirt 12.18: a hung storage does not keep a ticket from being removed', async () => {
    await using bridge = await testBridge();
    await using slow = await nbdkit({ plugin: 'memory', args: ['8M', 'rdelay=30'], filters: ['delay'] });
    await control(bridge, 'PUT', 'hung', { uuid: 'hung', size: 8 * MiB, ops: ['read'], timeout: 60, url: `nbd:unix:${slow.socketPath}` });
    using client = await rawClient(bridge);
    client.send('GET /images/hung HTTP/1.1\r\nhost: h\r\nrange: bytes=0-4095\r\n\r\n');
    await until(async () => JSON.parse((await control(bridge, 'GET', 'hung')).body.toString()).active);

    const removed = await control(bridge, 'DELETE', 'hung');

    // Reading can be given up at once; only what cannot is answered with 409 first.
    expect([204, 409]).toContain(removed.status);
    expect((await control(bridge, 'DELETE', 'hung')).status).toBe(204);
    expect((await client.answer()).status).toBe(403);
  });
});

describe('the client fails', () => {
  test('imageio 17.41: a cut upload keeps what came, leaves the rest untouched and counts it', async () => {
    await using bridge = await testBridge();
    const path = await diskWithData(bridge, 'cut.qcow2');
    const { transferUrl, transferId } = await openTransfer(bridge, { direction: 'upload', path });
    using client = await rawClient(bridge);
    client.send(
      `PUT ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\ncontent-length: 4096\r\ncontent-range: bytes 0-4095/*\r\n\r\n${'x'.repeat(100)}`,
    );
    client.socket.end();

    expect((await client.answer()).body.toString()).toBe('Requested 4096 bytes, available 100 bytes\n');
    using reader = await rawClient(bridge);
    reader.send(`GET ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\nrange: bytes=0-200\r\n\r\n`);
    const body = (await reader.answer()).body.toString('latin1');
    expect(body.startsWith('x'.repeat(100))).toBe(true);
    expect(body.slice(100)).not.toContain('x'.repeat(10));
    expect(await bridge.transfers.get(transferId)).toMatchObject({ active: false });
  });

  test('a reader that does not read holds only a window in memory', async () => {
    await using bridge = await testBridge();
    await using endless = await nbdkit({ plugin: 'pattern', args: ['8G'] });
    await control(bridge, 'PUT', 'slow', {
      uuid: 'slow',
      size: 8192 * MiB,
      ops: ['read'],
      timeout: 60,
      url: `nbd:unix:${endless.socketPath}`,
    });
    using client = await rawClient(bridge);
    const before = process.memoryUsage().rss;
    client.send('GET /images/slow HTTP/1.1\r\nhost: h\r\n\r\n');
    await until(() => client.received > 0);
    client.socket.pause();
    const moved = async () => Number(JSON.parse((await control(bridge, 'GET', 'slow')).body.toString()).transferred);
    let last = -1;

    await until(async () => {
      const now = await moved();
      const still = now === last;
      last = now;
      return still;
    });

    expect(last).toBeLessThan(64 * MiB);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * MiB);
  });

  test('imageio 17.82, 17.89: cancelling cuts a client that does not read, and its ticket is refused from then on', async () => {
    await using bridge = await testBridge();
    const path = join(bridge.images, 'c.raw');
    await createRaw(path, 2048 * MiB);
    const { transferUrl, transferId } = await openTransfer(bridge, {
      direction: 'download',
      path,
      volume: { volumeId: 'v', path, format: 'raw' },
    });
    using client = await rawClient(bridge);
    client.send(`GET ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);
    await until(() => client.received > 0);
    client.socket.pause();

    await bridge.transfers.cancel(transferId);
    await bridge.transfers.cancel(transferId);
    client.socket.resume();
    await client.closed();

    using other = await rawClient(bridge);
    other.send(`OPTIONS ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);
    expect((await other.answer()).status).toBe(403);
    await expect(bridge.transfers.close(transferId)).rejects.toMatchObject({ code: 'IMAGE_TRANSFER_CANCELED' });
  });

  test('connections above the advertised number are refused for a moment', async () => {
    await using bridge = await testBridge({ config: { max_connections: 1 } });
    const path = await diskWithData(bridge, 'm.qcow2');
    const { transferUrl } = await openTransfer(bridge, { direction: 'download', path });
    const clients = await Promise.all([1, 2, 3, 4].map(() => rawClient(bridge)));
    const statuses: number[] = [];

    for (const client of clients) {
      client.send(`OPTIONS ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);
      statuses.push((await client.answer()).status);
    }
    for (const client of clients) client.socket.destroy();

    expect(statuses).toEqual([200, 200, 200, 503]);
  });
});

describe('images of their own', () => {
  test('imageio 17.115: eight parallel readers get the same bytes as one', async () => {
    await using bridge = await testBridge();
    const path = await diskWithData(bridge, 'p.qcow2', 64 * MiB);
    const { transferUrl, transferId } = await openTransfer(bridge, { direction: 'download', path });
    await using client = await ImageioClient.open(transferUrl, { ca: bridge.ca, connections: 8 });
    const read = async (offset: number, length: number) => {
      const chunks: Uint8Array[] = [];
      await client.read(offset, length, (chunk) => void chunks.push(Buffer.from(chunk)));
      return Buffer.concat(chunks);
    };

    const parts = await Promise.all(Array.from({ length: 8 }, (_none, index) => read(index * 8 * MiB, 8 * MiB)));
    const whole = await read(0, 64 * MiB);

    expect(client.readers).toBe(8);
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    expect((await bridge.transfers.get(transferId))?.transferred).toBe(64 * MiB);
  });

  test('a path outside of the roots is refused, a link that leads out too', async () => {
    await using bridge = await testBridge();
    const outside = join(bridge.folder, 'outside.qcow2');
    await createQcow2(outside, MiB);
    await symlink(outside, join(bridge.images, 'link.qcow2'));

    for (const path of [outside, join(bridge.images, 'link.qcow2'), join(bridge.images, '..', 'outside.qcow2'), '/etc/shadow']) {
      await expect(openTransfer(bridge, { direction: 'download', path })).rejects.toMatchObject({ code: 'IMAGE_PATH_FORBIDDEN' });
    }
    await expect(openTransfer(bridge, { direction: 'download', path: join(bridge.images, 'none.qcow2') })).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
    });
  });

  test('a raw disk is never probed: a qcow2 header in it stays data', async () => {
    await using bridge = await testBridge();
    const path = await diskWithData(bridge, 'guest.qcow2');
    const { transferUrl } = await openTransfer(bridge, { direction: 'download', path, volume: { volumeId: 'v', path, format: 'raw' } });
    using client = await rawClient(bridge);

    client.send(`GET ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\nrange: bytes=0-3\r\n\r\n`);

    expect((await client.answer()).body.toString('latin1')).toBe('QFI\u00fb');
  });

  test('a damaged image is refused with what qemu says', async () => {
    await using bridge = await testBridge();
    const path = join(bridge.images, 'junk.qcow2');
    await createRaw(path, MiB);

    await expect(openTransfer(bridge, { direction: 'download', path })).rejects.toMatchObject({
      code: 'IMAGE_FORMAT_MISMATCH',
      status: 409,
    });
  });

  test('two uploads into one image are refused', async () => {
    await using bridge = await testBridge();
    const path = await diskWithData(bridge, 'w.qcow2');
    await openTransfer(bridge, { direction: 'upload', path });

    await expect(openTransfer(bridge, { direction: 'upload', path })).rejects.toMatchObject({ code: 'IMAGE_BUSY' });
    await expect(openTransfer(bridge, { direction: 'download', path })).rejects.toMatchObject({ code: 'IMAGE_IMAGE_IN_USE' });
  });
});

describe('imageio 17.131: uploads of qcow2 files as they are', () => {
  async function upload(bridge: TestBridge, file: Buffer, cut = file.length) {
    const path = join(bridge.images, 'target.qcow2');
    await createQcow2(path, 64 * MiB);
    const opened = await openTransfer(bridge, { direction: 'upload', path, format: 'cow', size: file.length });
    await using client = await ImageioClient.open(opened.transferUrl, { ca: bridge.ca });
    const middle = Math.floor(cut / 2);
    await client.write(0, middle, file.subarray(0, middle));
    await client.write(middle, cut - middle, file.subarray(middle, cut), { flush: true });
    return { path, writers: client.writers, transferId: opened.transferId };
  }

  async function qcow2File(bridge: TestBridge, change?: (path: string) => Promise<void>): Promise<Buffer> {
    const path = await diskWithData(bridge, 'source.qcow2');
    await change?.(path);
    return readFile(path);
  }

  test('a sound one is taken byte by byte', async () => {
    await using bridge = await testBridge();
    const file = await qcow2File(bridge);
    const { path, writers, transferId } = await upload(bridge, file);

    await bridge.transfers.close(transferId);

    expect(file.equals(await readFile(path))).toBe(true);
    expect(writers).toBe(1);
  });

  test('one that is cut, junk, too large or stands on another file is refused, again and again', async () => {
    await using bridge = await testBridge();
    const sound = await qcow2File(bridge);
    const rebase = (path: string) => qemuImg(['rebase', '-u', '-f', 'qcow2', '-F', 'raw', '-b', '/etc/passwd', path]);
    const backed = await qcow2File(bridge, async (path) => void (await rebase(path)));
    const large = await qcow2File(bridge, (path) => createQcow2(path, 65 * MiB));
    const refused = async (file: Buffer, cut?: number) => {
      const { transferId } = await upload(bridge, file, cut);
      await expect(bridge.transfers.close(transferId)).rejects.toMatchObject({ code: 'IMAGE_VERIFY_FAILED' });
      await expect(bridge.transfers.close(transferId)).rejects.toMatchObject({ code: 'IMAGE_VERIFY_FAILED' });
    };

    await refused(sound, sound.length - 2 * MiB);
    await refused(randomBytes(MiB));
    await refused(backed);
    await refused(large);
  });

  test('one that was cut or cancelled can be repeated into the same disk, as a file and by ranges', async () => {
    await using bridge = await testBridge();
    const file = await qcow2File(bridge);
    const { path, transferId } = await upload(bridge, file, MiB);
    await bridge.transfers.cancel(transferId);
    const wish = { direction: 'upload', path } as const;

    const again = await openTransfer(bridge, { ...wish, format: 'cow', size: file.length, transferId: 'again' });
    await using client = await ImageioClient.open(again.transferUrl, { ca: bridge.ca });
    await client.write(0, MiB, file.subarray(0, MiB), { flush: true });
    await expect(bridge.transfers.close('again')).rejects.toMatchObject({ code: 'IMAGE_VERIFY_FAILED' });
    const byRanges = await openTransfer(bridge, { ...wish, transferId: 'ranges' });
    expect(byRanges.size).toBe(64 * MiB);
    await bridge.transfers.close('ranges');
    const whole = await openTransfer(bridge, { ...wish, format: 'cow', size: file.length, transferId: 'whole' });
    await using last = await ImageioClient.open(whole.transferUrl, { ca: bridge.ca });
    await last.write(0, file.length, file, { flush: true });
    await bridge.transfers.close('whole');

    expect(file.equals(await readFile(path))).toBe(true);
  });

  test('a download as qcow2 file is refused', async () => {
    await using bridge = await testBridge();
    const path = await diskWithData(bridge, 'd.qcow2');

    await expect(openTransfer(bridge, { direction: 'download', path, format: 'cow' })).rejects.toMatchObject({
      code: 'IMAGE_COW_UNSUPPORTED',
    });
  });
});

describe('after a restart', () => {
  test('open transfers go on, their progress is kept, and an upload ends sound', async () => {
    await using bridge = await testBridge();
    const path = await diskWithData(bridge, 'r.qcow2');
    const target = join(bridge.images, 'rt.qcow2');
    await createQcow2(target, 64 * MiB);
    const down = await openTransfer(bridge, { direction: 'download', path });
    const up = await openTransfer(bridge, { direction: 'upload', path: target });
    const copy = async (from: number, to: number) => {
      await using reader = await ImageioClient.open(bridge.dataUrl + pathOf(down.transferUrl), { ca: bridge.ca });
      await using writer = await ImageioClient.open(bridge.dataUrl + pathOf(up.transferUrl), { ca: bridge.ca });
      const chunks: Uint8Array[] = [];
      await reader.read(from, to - from, (chunk) => void chunks.push(Buffer.from(chunk)));
      await writer.write(from, to - from, Buffer.concat(chunks), { flush: true });
    };
    await copy(0, 4 * MiB);

    await bridge.restart();
    await copy(4 * MiB, 64 * MiB);
    const state = await bridge.transfers.get(up.transferId);
    await bridge.transfers.close(up.transferId);
    await bridge.transfers.close(down.transferId);

    await compareImages(path, target);
    expect(state).toMatchObject({ transferred: 64 * MiB });
  });

  test('imageio 17.129: after kill -9 running exports are taken over, lost writers reported, programs without a job ended', async () => {
    await using folder = await tempDir('img-');
    const { down, up, lost, orphan, pids, ca } = await agentThatIsKilled(folder.path);
    process.kill(pids[lost.transferId] ?? 0, 'SIGKILL');
    await until(() => !exists(pids[lost.transferId] ?? 0));

    await using bridge = await testBridge({ folder: folder.path });

    expect(ca).not.toBe(bridge.ca);
    expect(exists(pids[orphan.transferId] ?? 0)).toBe(false);
    expect(exists(pids[down.transferId] ?? 0)).toBe(true);
    await using reader = await ImageioClient.open(bridge.dataUrl + pathOf(down.transferUrl), { ca: bridge.ca });
    expect(await reader.size()).toBe(8 * MiB);
    await bridge.transfers.close(down.transferId);
    await bridge.transfers.close(up.transferId);
    await expect(bridge.transfers.close(lost.transferId)).rejects.toMatchObject({ code: 'IMAGE_EXPORT_DIED' });
    expect([down, up].map(({ transferId }) => exists(pids[transferId] ?? 0))).toEqual([false, false]);
  });
});

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
