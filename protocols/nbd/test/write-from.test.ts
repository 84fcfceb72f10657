import { randomBytes } from 'node:crypto';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { answering, connectTo, KiB, MiB, stalling, yielding } from './support/clients.ts';
import { differsAt } from './support/differs-at.ts';
import { type FakeRequest, fakeServer } from './support/fake-server.ts';
import { WRITE } from './support/spec-bytes.ts';

describe('writes from a source', () => {
  test.each([1000, 64 * KiB, 100_000, MiB])('arrive exactly from chunks of %i bytes, and progress is told', async (size) => {
    await using server = await fakeServer();
    await using client = await connectTo(server);
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
    await using client = await connectTo(server, { inFlight: 3 });
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
    await using client = await connectTo(server);
    const bytes = randomBytes(100_000);

    const writing = client.writeFrom(0, 100_001, yielding(bytes, 30_000));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_SHORT_BODY', written: 100_000 });
    expect(differsAt(server.memory.subarray(0, 100_000), bytes)).toBe(-1);
  });

  test('that give too much are written up to the length', async () => {
    await using server = await fakeServer();
    await using client = await connectTo(server);

    const writing = client.writeFrom(0, 1000, yielding(Buffer.alloc(2000, 1), 600));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_LONG_BODY', written: 1000 });
    expect(differsAt(server.memory.subarray(0, 1001), Buffer.concat([Buffer.alloc(1000, 1), Buffer.alloc(1)]))).toBe(-1);
  });

  test('that throw fail the write with what they throw', async () => {
    await using server = await fakeServer();
    await using client = await connectTo(server);
    const source = (async function* () {
      yield Buffer.alloc(10);
      throw new Error('the browser left');
    })();

    await expect(client.writeFrom(0, 1000, source)).rejects.toThrow('the browser left');
  });

  test('that stall do not hide a failed request', async () => {
    await using server = await answering(WRITE, (request, peer) => peer.error(request, 28));
    await using client = await connectTo(server);

    const writing = client.writeFrom(0, MiB, stalling(Buffer.alloc(64 * KiB)));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 28 });
  });

  test('that stall end with the connection', async () => {
    await using server = await answering(WRITE, (_request, peer) => peer.hangUp());
    await using client = await connectTo(server);

    const writing = client.writeFrom(0, MiB, stalling(Buffer.alloc(64 * KiB)));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_CONNECTION_LOST' });
  });

  test('that stall can be aborted; what was sent is answered first', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await answering(WRITE, (request) => waiting.push(request));
    await using client = await connectTo(server);
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
    await using client = await connectTo(server);
    const onProgress = () => {
      throw new Error('listener');
    };

    await expect(client.writeFrom(0, 1000, yielding(Buffer.alloc(1000), 1000), { onProgress })).rejects.toThrow('listener');
  });
});
