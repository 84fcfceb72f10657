import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { answering, connectTo, MiB } from './support/clients.ts';
import { differsAt } from './support/differs-at.ts';
import { ALL_FLAGS, type FakeOptions, type FakePeer, type FakeRequest, fakeServer } from './support/fake-server.ts';
import { DISC, FLUSH, WRITE, WRITE_ZEROES } from './support/spec-bytes.ts';

const SEND_FLUSH = 4;
const SEND_WRITE_ZEROES = 64;
const NO_HOLE = 2;

describe('zeroing', () => {
  test('takes steps of 128 MiB and tells progress', async () => {
    await using server = await answering(WRITE_ZEROES, (request, peer) => peer.success(request), { size: 300 * MiB });
    await using client = await connectTo(server);
    const progress: number[] = [];

    await client.zero(MiB, 299 * MiB, { onProgress: (done) => progress.push(done) });

    expect(server.requests.map(({ length }) => length / MiB)).toEqual([128, 128, 43]);
    expect(progress.map((done) => done / MiB)).toEqual([128, 256, 299]);
  });

  test('may punch holes unless told not to', async () => {
    await using server = await fakeServer();
    await using client = await connectTo(server);

    await client.zero(0, 512);
    await client.zero(0, 512, { punchHole: true });
    await client.zero(0, 512, { punchHole: false });

    expect(server.requests.map(({ flags }) => flags)).toEqual([0, 0, NO_HOLE]);
  });

  test.each<[string, FakeOptions]>([
    ['is not announced', { flags: ALL_FLAGS & ~SEND_WRITE_ZEROES }],
    [
      'turns out not to be supported',
      { answer: (request: FakeRequest, peer: FakePeer) => (request.type === WRITE_ZEROES ? peer.error(request, 95) : 'default') },
    ],
  ])('writes zeroes where the command %s', async (_name, options) => {
    await using server = await fakeServer(options);
    server.memory.fill(9);
    await using client = await connectTo(server);
    const progress: number[] = [];

    await client.zero(100, 500_000, { onProgress: (done) => progress.push(done) });

    expect(differsAt(server.memory, Buffer.alloc(MiB, 9).fill(0, 100, 500_100))).toBe(-1);
    expect(progress.at(-1)).toBe(500_000);
  });

  test('fails with what the server says', async () => {
    await using server = await answering(WRITE_ZEROES, (request, peer) => peer.error(request, 28, 'full'));
    await using client = await connectTo(server);

    await expect(client.zero(0, 512)).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 28 });
    expect(server.types).not.toContain(WRITE);
  });

  test('can be aborted; a silent server is given up within a second or so', async () => {
    await using server = await answering(WRITE_ZEROES, () => undefined);
    await using client = await connectTo(server);
    const abort = new AbortController();
    const zeroing = client.zero(0, 512, { signal: abort.signal });
    await until(() => server.requests.length === 1);

    abort.abort();

    await expect(zeroing).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    expect(client.closed).toBe(true);
  });
});

describe('flushing', () => {
  test('asks only where the export can', async () => {
    await using able = await fakeServer();
    await using unable = await fakeServer({ flags: ALL_FLAGS & ~SEND_FLUSH });
    await using one = await connectTo(able);
    await using other = await connectTo(unable);

    await one.flush();
    await other.flush();

    expect(able.requests).toMatchObject([{ type: FLUSH, offset: 0, length: 0 }]);
    expect(unable.requests).toHaveLength(0);
  });

  test('has a patience of its own', async () => {
    await using server = await answering(FLUSH, () => undefined);
    await using client = await connectTo(server, { requestMs: 60_000, flushMs: 120 });

    await expect(client.flush()).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
  });

  test('happens by itself at the end of a written export', async () => {
    await using server = await fakeServer();
    const written = await connectTo(server);
    const flushed = await connectTo(server);
    await written.write(0, [Buffer.of(1)]);
    await written.close();
    await flushed.write(0, [Buffer.of(1)]);
    await flushed.flush();

    await flushed.close();

    expect(server.types).toEqual([WRITE, FLUSH, DISC, WRITE, FLUSH, DISC]);
  });

  test('that fails at the end is told, and the connection is closed', async () => {
    await using server = await answering(FLUSH, (request, peer) => peer.error(request, 5, 'disk gone'));
    const client = await connectTo(server);
    await client.zero(0, 512);

    await expect(client.close()).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 5 });
    await server.peers[0]?.hungUp;
    expect(server.types).toEqual([WRITE_ZEROES, FLUSH, DISC]);
  });

  test('does not happen on destroy', async () => {
    await using server = await fakeServer();
    const client = await connectTo(server);
    await client.write(0, [Buffer.of(1)]);

    client.destroy();

    await server.peers[0]?.hungUp;
    expect(server.types).toEqual([WRITE]);
  });
});
