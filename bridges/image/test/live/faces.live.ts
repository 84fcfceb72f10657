import { join } from 'node:path';
import { createQcow2, fillPattern } from '@fairlead/testkit/disks';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import type { ImageTables } from '../../src/tables.ts';
import { type TestBridge, testBridge } from '../support/bridge.ts';
import { type RawAnswer, RawClient } from '../support/raw-client.ts';
import { openTransfer, pathOf } from '../support/tickets.ts';

const MiB = 1024 * 1024;
const forbidden = 'You are not allowed to access this resource: ';

interface Disk {
  readonly read: string;
  readonly write: string;
}

async function disks(bridge: TestBridge): Promise<Disk> {
  const [source, target] = [join(bridge.images, 's.qcow2'), join(bridge.images, 't.qcow2')];
  await createQcow2(source, 8 * MiB);
  await createQcow2(target, 8 * MiB);
  await fillPattern(source, 'qcow2', [{ kind: 'data', start: 0, length: MiB, byte: 0x61 }]);
  const down = await openTransfer(bridge, { direction: 'download', path: source, filename: 'disk "1".raw' });
  const up = await openTransfer(bridge, { direction: 'upload', path: target });
  return { read: pathOf(down.transferUrl), write: pathOf(up.transferUrl) };
}

function text(answer: RawAnswer): string {
  return answer.body.toString('latin1');
}

describe.each(['image server', 'image proxy'] as const)('the data API at the %s', (face) => {
  const open = (bridge: TestBridge) => RawClient.open({ url: face === 'image server' ? bridge.dataUrl : bridge.proxyUrl, ca: bridge.ca });

  test('reads, writes, zeroes, flushes and tells extents on one connection', async () => {
    await using bridge = await testBridge();
    const { read, write } = await disks(bridge);
    using client = await open(bridge);
    const ask = async (request: string) => {
      client.send(request);
      return client.answer();
    };

    const options = await ask(`OPTIONS ${write} HTTP/1.1\r\nhost: h\r\n\r\n`);
    const range = await ask(`GET ${read} HTTP/1.1\r\nhost: h\r\nrange: bytes=1048570-1048580\r\n\r\n`);
    const put = await ask(
      `PUT ${write}?flush=n HTTP/1.1\r\nhost: h\r\ncontent-length: 6\r\ncontent-range: bytes 4096-4101/*\r\n\r\nabcdef`,
    );
    const back = await ask(`GET ${write} HTTP/1.1\r\nhost: h\r\nrange: bytes=4095-4102\r\n\r\n`);
    const zero = '{"op":"zero","offset":4096,"size":3}';
    const zeroed = await ask(`PATCH ${write} HTTP/1.1\r\nhost: h\r\ncontent-length: ${zero.length}\r\n\r\n${zero}`);
    const again = await ask(`GET ${write} HTTP/1.1\r\nhost: h\r\nrange: bytes=4095-4102\r\n\r\n`);
    const flushed = await ask(`POST ${write}/flush HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n`);
    const extents = await ask(`GET ${read}/extents HTTP/1.1\r\nhost: h\r\n\r\n`);

    const { unix_socket: socket, ...told } = JSON.parse(text(options));
    expect(told).toEqual({ features: ['extents', 'flush', 'zero'], max_readers: 8, max_writers: 8 });
    expect(typeof socket).toBe(face === 'image server' ? 'string' : 'undefined');
    expect(options.headers.allow).toBe('OPTIONS,GET,PUT,PATCH');
    expect(range).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 1048570-1048580/8388608', 'content-length': '11' } });
    expect(range.headers['content-disposition']).toBe('attachment; filename=disk _1_.raw');
    expect(text(range)).toBe('aaaaaa\0\0\0\0\0');
    expect([put.status, zeroed.status, flushed.status, put.headers['content-length']]).toEqual([200, 200, 200, '0']);
    expect([text(back), text(again)]).toEqual(['\0abcdef\0', '\0\0\0\0def\0']);
    expect(JSON.parse(text(extents))).toEqual([
      { start: 0, length: MiB, zero: false, hole: false },
      { start: MiB, length: 7 * MiB, zero: true, hole: true },
    ]);
  });

  test('refuses with the status, the text and the end of connection that tools know', async () => {
    await using bridge = await testBridge();
    const { read, write } = await disks(bridge);
    const ask = async (request: string) => {
      using client = await open(bridge);
      client.send(request);
      const answer = await client.answer();
      return { status: answer.status, body: text(answer), range: answer.headers['content-range'], closed: !(await client.stillOpen()) };
    };

    expect(await ask('GET /images/none HTTP/1.1\r\nhost: h\r\n\r\n')).toEqual({
      status: 403,
      body: `${forbidden}No such ticket none\n`,
      range: undefined,
      closed: true,
    });
    expect(await ask(`GET ${read} HTTP/1.1\r\nhost: h\r\nrange: bytes=0-8388608\r\n\r\n`)).toMatchObject({
      status: 416,
      range: 'bytes */8388608',
      closed: false,
    });
    expect(await ask(`PUT ${read} HTTP/1.1\r\nhost: h\r\ncontent-length: 4\r\n\r\nabcd`)).toMatchObject({ status: 403, closed: true });
    expect(
      await ask(`PUT ${write} HTTP/1.1\r\nhost: h\r\ncontent-length: 4\r\ncontent-range: bytes 8388606-*/*\r\n\r\nabcd`),
    ).toMatchObject({ status: 416, closed: true });
    expect(await ask(`PUT ${write} HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n`)).toMatchObject({
      status: 400,
      closed: true,
    });
    expect(await ask(`GET ${read}/extents?context=dirty HTTP/1.1\r\nhost: h\r\n\r\n`)).toEqual({
      status: 404,
      body: 'Ticket does not support dirty extents\n',
      range: undefined,
      closed: false,
    });
    expect(await ask(`FOO ${read} HTTP/1.1\r\nhost: h\r\n\r\n`)).toEqual({
      status: 405,
      body: "Invalid method 'FOO'\n",
      range: undefined,
      closed: true,
    });
    expect(await ask(`PATCH ${write} HTTP/1.1\r\nhost: h\r\ncontent-length: 70000\r\n\r\n`)).toMatchObject({ status: 413, closed: true });
    expect(await ask('GET /nothing HTTP/1.1\r\nhost: h\r\n\r\n')).toMatchObject({ status: 404, body: "No handler for '/nothing'\n" });
  });

  test('imageio 17.6: answers a waiting client only after its ticket was checked', async () => {
    await using bridge = await testBridge();
    const { read, write } = await disks(bridge);
    using client = await open(bridge);
    client.send(`PUT ${write} HTTP/1.1\r\nhost: h\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n`);
    const go = await client.answer();
    client.send('abcd');
    const done = await client.answer();
    using other = await open(bridge);
    other.send(`PUT ${read} HTTP/1.1\r\nhost: h\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n`);

    expect([go.status, done.status]).toEqual([100, 200]);
    expect((await other.answer()).status).toBe(403);
  });

  test('serves browsers that ask', async () => {
    await using bridge = await testBridge();
    const { read } = await disks(bridge);
    using client = await open(bridge);
    client.send(`GET ${read} HTTP/1.1\r\nhost: h\r\norigin: https://x\r\nrange: bytes=0-0\r\n\r\n`);
    const found = await client.answer();
    client.send('GET /images/none HTTP/1.1\r\nhost: h\r\norigin: https://x\r\n\r\n');
    const refused = await client.answer();

    expect([found.headers['access-control-allow-origin'], refused.headers['access-control-allow-origin']]).toEqual(['*', '*']);
    expect(found.headers['access-control-max-age']).toBe('86400');
  });

  test('imageio 17.122: a client that goes away ends the operation', async () => {
    await using bridge = await testBridge();
    const path = join(bridge.images, 'big.qcow2');
    await createQcow2(path, 4096 * MiB);
    const { transferUrl, transferId } = await openTransfer(bridge, { direction: 'download', path });
    const client = await open(bridge);
    client.send(`GET ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);
    await until(async () => (await bridge.transfers.get(transferId))?.active);

    client.socket.destroy();

    await until(async () => (await bridge.transfers.get(transferId))?.active === false);
  });

  test('no ticket reaches the log', async () => {
    await using bridge = await testBridge();
    const { read, write } = await disks(bridge);
    using client = await open(bridge);
    for (const path of [read, write, '/images/none']) {
      client.send(`OPTIONS ${path} HTTP/1.1\r\nhost: h\r\n\r\n`);
      await client.answer();
    }

    expect(bridge.log.text()).not.toContain(read.slice('/images/'.length));
    expect(bridge.log.text()).not.toContain(write.slice('/images/'.length));
  });
});

describe('the image proxy', () => {
  test('answers 502 when the host cannot be reached', async () => {
    await using bridge = await testBridge();
    const { read } = await disks(bridge);
    await bridge.store.tables<ImageTables>().updateTable('image_routes').set({ data_url: 'https://127.0.0.1:1' }).execute();
    using client = await RawClient.open({ url: bridge.proxyUrl, ca: bridge.ca });

    client.send(`GET ${read} HTTP/1.1\r\nhost: h\r\nrange: bytes=0-0\r\n\r\n`);

    expect(await client.answer()).toMatchObject({ status: 502, body: Buffer.from('The image server of the host cannot be reached\n') });
  });

  test('imageio 17.121: trusts only hosts with a certificate of our authority', async () => {
    await using bridge = await testBridge();
    await using stranger = await testBridge();
    const { read } = await disks(bridge);
    await bridge.store.tables<ImageTables>().updateTable('image_routes').set({ data_url: stranger.dataUrl }).execute();
    using client = await RawClient.open({ url: bridge.proxyUrl, ca: bridge.ca });

    client.send(`OPTIONS ${read} HTTP/1.1\r\nhost: h\r\n\r\n`);

    expect((await client.answer()).status).toBe(502);
  });

  test('imageio 17.19, 17.122: a host that goes away in the middle of a body cuts the client', async () => {
    await using bridge = await testBridge();
    const path = join(bridge.images, 'big.qcow2');
    await createQcow2(path, 4096 * MiB);
    const { transferUrl, transferId } = await openTransfer(bridge, { direction: 'download', path });
    using client = await RawClient.open({ url: bridge.proxyUrl, ca: bridge.ca });
    client.send(`GET ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);
    await until(() => client.received > 0);
    client.socket.pause();

    await bridge.transfers.cancel(transferId);
    client.socket.resume();
    await client.closed();

    expect(client.received).toBeLessThan(4096 * MiB);
  });

  test('knows a transfer no more when it has ended', async () => {
    await using bridge = await testBridge();
    const path = join(bridge.images, 'a.qcow2');
    await createQcow2(path, MiB);
    const { transferUrl, transferId } = await openTransfer(bridge, { direction: 'download', path });
    await bridge.transfers.close(transferId);
    using client = await RawClient.open({ url: bridge.proxyUrl, ca: bridge.ca });

    client.send(`OPTIONS ${pathOf(transferUrl)} HTTP/1.1\r\nhost: h\r\n\r\n`);

    expect((await client.answer()).status).toBe(403);
  });
});
