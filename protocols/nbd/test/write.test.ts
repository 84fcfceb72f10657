import { randomBytes } from 'node:crypto';
import { connectNbd, type NbdClient } from '@fairlead/nbd';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { differsAt } from './support/differs-at.ts';
import { ALL_FLAGS, type FakeOptions, type FakePeer, type FakeRequest, type FakeServer, fakeServer } from './support/fake-server.ts';
import { BLOCK_STATUS, DISC, FLUSH, READ, WRITE, WRITE_ZEROES } from './support/spec-bytes.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const READ_ONLY = 2;
const SEND_FLUSH = 4;
const SEND_FUA = 8;
const SEND_WRITE_ZEROES = 64;
const FUA = 1;
const NO_HOLE = 2;

function connect(
  server: FakeServer,
  options: { requestBytes?: number; inFlight?: number; requestMs?: number; flushMs?: number } = {},
): Promise<NbdClient> {
  const { requestBytes = 64 * KiB, inFlight = 4, ...patience } = options;
  return connectNbd({ socketPath: server.socketPath, readAhead: { requestBytes, inFlight }, ...patience });
}

/** A server that answers requests of one type as told. */
function answering(
  type: number,
  answer: (request: FakeRequest, peer: FakePeer) => unknown,
  options: FakeOptions = {},
): Promise<FakeServer> {
  return fakeServer({ ...options, answer: (request, peer) => (request.type === type ? answer(request, peer) : 'default') });
}

async function* yielding(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A source that gives some bytes and then nothing, for ever. */
async function* stalling(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
  await new Promise(() => {});
}

describe('writes', () => {
  test.each(['simple', 'structured', 'extended'] as const)('arrive with %s replies', async (mode) => {
    await using server = await fakeServer({ mode });
    await using client = await connect(server);
    const bytes = randomBytes(200_000);

    await client.write(1234, [bytes.subarray(0, 5), bytes.subarray(5, 100_000), Buffer.alloc(0), bytes.subarray(100_000)]);

    expect(differsAt(server.memory.subarray(1234, 201_234), bytes)).toBe(-1);
    expect(differsAt(server.memory.subarray(0, 1234), Buffer.alloc(1234))).toBe(-1);
    expect(differsAt(server.memory.subarray(201_234, 201_334), Buffer.alloc(100))).toBe(-1);
  });

  test('are cut at multiples of the request size, never beyond what the server takes', async () => {
    await using server = await fakeServer({ blockSize: [1, 4096, 40_000] });
    await using client = await connect(server);

    await client.write(10, [Buffer.alloc(100_000, 1)]);

    expect(server.requests.map(({ offset, length }) => [offset, length])).toEqual([
      [10, 39_990],
      [40_000, 40_000],
      [80_000, 20_010],
    ]);
  });

  test('of nothing ask nothing', async () => {
    await using server = await fakeServer();
    await using client = await connect(server);

    await client.write(10, []);
    await client.write(10, [Buffer.alloc(0)]);

    expect(server.requests).toHaveLength(0);
  });

  test('are refused on a read-only export, and beyond its end, without asking', async () => {
    await using readOnly = await fakeServer({ flags: 1 + READ_ONLY });
    await using server = await fakeServer();
    await using reader = await connect(readOnly);
    await using client = await connect(server);

    await expect(reader.write(0, [Buffer.alloc(1)])).rejects.toMatchObject({ code: 'NBD_READ_ONLY' });
    await expect(reader.zero(0, 1)).rejects.toMatchObject({ code: 'NBD_READ_ONLY' });
    await expect(reader.writeFrom(0, 1, yielding(Buffer.alloc(1), 1))).rejects.toMatchObject({ code: 'NBD_READ_ONLY' });
    await expect(client.write(MiB, [Buffer.alloc(1)])).rejects.toMatchObject({ code: 'NBD_OUT_OF_RANGE' });
    expect([...readOnly.requests, ...server.requests]).toHaveLength(0);
  });

  test('are made durable by the flag, or by a flush where there is none', async () => {
    await using able = await fakeServer();
    await using unable = await fakeServer({ flags: ALL_FLAGS & ~SEND_FUA });
    await using one = await connect(able);
    await using other = await connect(unable);

    await one.write(0, [Buffer.alloc(1)], { fua: true });
    await other.write(0, [Buffer.alloc(1)], { fua: true });

    expect(able.requests).toMatchObject([{ type: WRITE, flags: FUA }]);
    expect(unable.requests).toMatchObject([{ type: WRITE, flags: 0 }, { type: FLUSH }]);
  });

  test('that fail tell the number, and the connection goes on', async () => {
    let faults = 1;
    await using server = await answering(WRITE, (request, peer) => (faults-- > 0 ? peer.error(request, 28, 'No space left') : 'default'));
    await using client = await connect(server);

    await expect(client.write(0, [Buffer.alloc(MiB)])).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 28 });

    await client.write(0, [Buffer.alloc(10, 7)]);
    expect(await client.read(0, 10)).toEqual(Buffer.alloc(10, 7));
  });
});

describe('writes from a source', () => {
  test.each([1000, 64 * KiB, 100_000, MiB])('arrive exactly from chunks of %i bytes, and progress is told', async (size) => {
    await using server = await fakeServer();
    await using client = await connect(server);
    const bytes = randomBytes(900_001);
    const progress: number[] = [];

    const written = await client.writeFrom(99, bytes.length, yielding(bytes, size), { onProgress: (done) => progress.push(done) });

    expect(written).toBe(900_001);
    expect(differsAt(server.memory.subarray(99, 900_100), bytes)).toBe(-1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(900_001);
    expect(server.requests.every(({ length }) => length <= 64 * KiB)).toBe(true);
  });

  test('keep the window full, and take no more from the source than it holds', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await answering(WRITE, (request) => waiting.push(request));
    await using client = await connect(server, { inFlight: 3 });
    let taken = 0;
    const source = (async function* () {
      for (taken = 0; taken < MiB; taken += 16 * KiB) yield Buffer.alloc(16 * KiB, 1);
    })();

    const writing = client.writeFrom(0, MiB, source);
    await until(() => waiting.length === 3);
    await client.flush();
    expect(waiting).toHaveLength(3);
    expect(taken).toBeLessThanOrEqual(5 * 64 * KiB);
    for (let index = 0; index < 16; index += 1) server.peers[0]?.answer(await until(() => waiting[index]));

    expect(await writing).toBe(MiB);
  });

  test('that end early are written as far as they go', async () => {
    await using server = await fakeServer();
    await using client = await connect(server);
    const bytes = randomBytes(100_000);

    const writing = client.writeFrom(0, 100_001, yielding(bytes, 30_000));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_SHORT_BODY', written: 100_000 });
    expect(differsAt(server.memory.subarray(0, 100_000), bytes)).toBe(-1);
  });

  test('that give too much are written up to the length', async () => {
    await using server = await fakeServer();
    await using client = await connect(server);

    const writing = client.writeFrom(0, 1000, yielding(Buffer.alloc(2000, 1), 600));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_LONG_BODY', written: 1000 });
    expect(differsAt(server.memory.subarray(0, 1001), Buffer.concat([Buffer.alloc(1000, 1), Buffer.alloc(1)]))).toBe(-1);
  });

  test('that throw fail the write with what they throw', async () => {
    await using server = await fakeServer();
    await using client = await connect(server);
    const source = (async function* () {
      yield Buffer.alloc(10);
      throw new Error('the browser left');
    })();

    await expect(client.writeFrom(0, 1000, source)).rejects.toThrow('the browser left');
  });

  test('that stall do not hide a failed request', async () => {
    await using server = await answering(WRITE, (request, peer) => peer.error(request, 28));
    await using client = await connect(server);

    const writing = client.writeFrom(0, MiB, stalling(Buffer.alloc(64 * KiB)));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 28 });
  });

  test('that stall end with the connection', async () => {
    await using server = await answering(WRITE, (_request, peer) => peer.hangUp());
    await using client = await connect(server);

    const writing = client.writeFrom(0, MiB, stalling(Buffer.alloc(64 * KiB)));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_CONNECTION_LOST' });
  });

  test('that stall can be aborted; what was sent is answered first', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await answering(WRITE, (request) => waiting.push(request));
    await using client = await connect(server);
    const abort = new AbortController();
    let settled = false;

    const writing = client.writeFrom(0, MiB, stalling(Buffer.alloc(64 * KiB)), { signal: abort.signal });
    const outcome = writing.finally(() => {
      settled = true;
    });
    const request = await until(() => waiting[0]);
    abort.abort();
    await client.flush();
    expect(settled).toBe(false);
    server.peers[0]?.answer(request);

    await expect(outcome).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    expect(client.closed).toBe(false);
  });

  test('fail with what their progress listener throws', async () => {
    await using server = await fakeServer();
    await using client = await connect(server);
    const onProgress = () => {
      throw new Error('listener');
    };

    await expect(client.writeFrom(0, 1000, yielding(Buffer.alloc(1000), 1000), { onProgress })).rejects.toThrow('listener');
  });
});

describe('writes to a server of whole blocks', () => {
  const blocks: FakeOptions = { blockSize: [512, 4096, 32 * MiB] };

  function onlyWhole(server: FakeServer): boolean {
    return server.requests.every(({ offset, length }) => offset % 512 === 0 && length % 512 === 0);
  }

  test('keep what surrounds them', async () => {
    await using server = await fakeServer(blocks);
    server.memory.fill(9);
    await using client = await connect(server);
    const bytes = randomBytes(200_000);

    await client.writeFrom(700, bytes.length, yielding(bytes, 33_333));
    await client.write(300_100, [Buffer.from('within one block')]);

    const expected = Buffer.alloc(MiB, 9);
    bytes.copy(expected, 700);
    expected.write('within one block', 300_100);
    expect(differsAt(server.memory, expected)).toBe(-1);
    expect(onlyWhole(server)).toBe(true);
  });

  test('end a short body within a block', async () => {
    await using server = await fakeServer(blocks);
    server.memory.fill(9);
    await using client = await connect(server);

    const writing = client.writeFrom(0, 2000, yielding(Buffer.alloc(700, 1), 100));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_SHORT_BODY', written: 700 });
    expect(differsAt(server.memory.subarray(0, 1024), Buffer.concat([Buffer.alloc(700, 1), Buffer.alloc(324, 9)]))).toBe(-1);
  });

  test('do not lose each other within one block, even from several connections', async () => {
    await using server = await fakeServer(blocks);
    await using one = await connect(server);
    await using other = await connect(server);
    const writes = Array.from({ length: 512 }, (_, index) => (index % 2 === 0 ? one : other).write(index, [Buffer.of(index % 251)]));

    await Promise.all(writes);

    expect(differsAt(server.memory.subarray(0, 512), Buffer.from(Array.from({ length: 512 }, (_, index) => index % 251)))).toBe(-1);
  });

  test('zero whole blocks by command and the ends by writing', async () => {
    await using server = await fakeServer(blocks);
    server.memory.fill(9);
    await using client = await connect(server);

    await client.zero(700, 2000);
    await client.zero(5000, 10);

    const expected = Buffer.alloc(MiB, 9).fill(0, 700, 2700).fill(0, 5000, 5010);
    expect(differsAt(server.memory, expected)).toBe(-1);
    expect(onlyWhole(server)).toBe(true);
    expect(server.requests.filter(({ type }) => type === WRITE_ZEROES)).toMatchObject([{ offset: 1024, length: 1536 }]);
  });

  test('cannot reach a last block that is cut', async () => {
    await using server = await fakeServer({ blockSize: [4096, 4096, 32 * MiB], size: 10_000 });
    await using client = await connect(server);

    await client.write(8191, [Buffer.of(1)]);
    await expect(client.write(8191, [Buffer.of(1, 2)])).rejects.toMatchObject({ code: 'NBD_OUT_OF_RANGE' });
  });

  test('can be aborted while another one holds the block', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await answering(READ, (request) => waiting.push(request), blocks);
    await using client = await connect(server);
    const abort = new AbortController();
    const first = client.write(1, [Buffer.of(1)]);
    await until(() => waiting.length === 1);

    const second = client.write(2, [Buffer.of(2)], { signal: abort.signal });
    abort.abort();
    await expect(second).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    server.peers[0]?.answer(waiting[0] as FakeRequest);
    await first;

    expect(differsAt(server.memory.subarray(0, 4), Buffer.of(0, 1, 0, 0))).toBe(-1);
  });
});

describe('zeroing', () => {
  test('takes steps of 128 MiB and tells progress', async () => {
    await using server = await answering(WRITE_ZEROES, (request, peer) => peer.success(request), { size: 300 * MiB });
    await using client = await connect(server);
    const progress: number[] = [];

    await client.zero(MiB, 299 * MiB, { onProgress: (done) => progress.push(done) });

    expect(server.requests.map(({ length }) => length / MiB)).toEqual([128, 128, 43]);
    expect(progress.map((done) => done / MiB)).toEqual([128, 256, 299]);
  });

  test('may punch holes unless told not to', async () => {
    await using server = await fakeServer();
    await using client = await connect(server);

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
    await using client = await connect(server);
    const progress: number[] = [];

    await client.zero(100, 500_000, { onProgress: (done) => progress.push(done) });

    expect(differsAt(server.memory, Buffer.alloc(MiB, 9).fill(0, 100, 500_100))).toBe(-1);
    expect(progress.at(-1)).toBe(500_000);
  });

  test('fails with what the server says', async () => {
    await using server = await answering(WRITE_ZEROES, (request, peer) => peer.error(request, 28, 'full'));
    await using client = await connect(server);

    await expect(client.zero(0, 512)).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 28 });
    expect(server.types).not.toContain(WRITE);
  });

  test('can be aborted; a silent server is given up within a second or so', async () => {
    await using server = await answering(WRITE_ZEROES, () => undefined);
    await using client = await connect(server);
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
    await using one = await connect(able);
    await using other = await connect(unable);

    await one.flush();
    await other.flush();

    expect(able.requests).toMatchObject([{ type: FLUSH, offset: 0, length: 0 }]);
    expect(unable.requests).toHaveLength(0);
  });

  test('has a patience of its own', async () => {
    await using server = await answering(FLUSH, () => undefined);
    await using client = await connect(server, { requestMs: 60_000, flushMs: 120 });

    await expect(client.flush()).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
  });

  test('happens by itself at the end of a written export', async () => {
    await using server = await fakeServer();
    const written = await connect(server);
    const flushed = await connect(server);
    await written.write(0, [Buffer.of(1)]);
    await written.close();
    await flushed.write(0, [Buffer.of(1)]);
    await flushed.flush();

    await flushed.close();

    expect(server.types).toEqual([WRITE, FLUSH, DISC, WRITE, FLUSH, DISC]);
  });

  test('that fails at the end is told, and the connection is closed', async () => {
    await using server = await answering(FLUSH, (request, peer) => peer.error(request, 5, 'disk gone'));
    const client = await connect(server);
    await client.zero(0, 512);

    await expect(client.close()).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 5 });
    await server.peers[0]?.hungUp;
    expect(server.types).toEqual([WRITE_ZEROES, FLUSH, DISC]);
  });

  test('does not happen on destroy', async () => {
    await using server = await fakeServer();
    const client = await connect(server);
    await client.write(0, [Buffer.of(1)]);

    client.destroy();

    await server.peers[0]?.hungUp;
    expect(server.types).toEqual([WRITE]);
  });
});

test('a block status in answer to a write ends the connection', async () => {
  await using server = await answering(WRITE, (request, peer) => peer.status({ ...request, type: BLOCK_STATUS }, [[10, [[512, 0]]]]));
  await using client = await connect(server);

  await expect(client.write(0, [Buffer.alloc(512)])).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });
});
