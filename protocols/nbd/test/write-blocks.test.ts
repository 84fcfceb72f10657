import { randomBytes } from 'node:crypto';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { answering, connectTo, MiB, yielding } from './support/clients.ts';
import { differsAt } from './support/differs-at.ts';
import { type FakeOptions, type FakeRequest, type FakeServer, fakeServer } from './support/fake-server.ts';
import { READ, WRITE_ZEROES } from './support/spec-bytes.ts';

describe('writes to a server of whole blocks', () => {
  const blocks: FakeOptions = { blockSize: [512, 4096, 32 * MiB] };

  function onlyWhole(server: FakeServer): boolean {
    return server.requests.every(({ offset, length }) => offset % 512 === 0 && length % 512 === 0);
  }

  test('keep what surrounds them', async () => {
    await using server = await fakeServer(blocks);
    server.memory.fill(9);
    await using client = await connectTo(server);
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
    await using client = await connectTo(server);

    const writing = client.writeFrom(0, 2000, yielding(Buffer.alloc(700, 1), 100));

    await expect(writing).rejects.toMatchObject({ code: 'NBD_SHORT_BODY', written: 700 });
    expect(differsAt(server.memory.subarray(0, 1024), Buffer.concat([Buffer.alloc(700, 1), Buffer.alloc(324, 9)]))).toBe(-1);
  });

  test('do not lose each other within one block, even from several connections', async () => {
    await using server = await fakeServer(blocks);
    await using one = await connectTo(server);
    await using other = await connectTo(server);
    const writes = Array.from({ length: 512 }, (_, index) => (index % 2 === 0 ? one : other).write(index, [Buffer.of(index % 251)]));

    await Promise.all(writes);

    expect(differsAt(server.memory.subarray(0, 512), Buffer.from(Array.from({ length: 512 }, (_, index) => index % 251)))).toBe(-1);
  });

  test('zero whole blocks by command and the ends by writing', async () => {
    await using server = await fakeServer(blocks);
    server.memory.fill(9);
    await using client = await connectTo(server);

    await client.zero(700, 2000);
    await client.zero(5000, 10);

    const expected = Buffer.alloc(MiB, 9).fill(0, 700, 2700).fill(0, 5000, 5010);
    expect(differsAt(server.memory, expected)).toBe(-1);
    expect(onlyWhole(server)).toBe(true);
    expect(server.requests.filter(({ type }) => type === WRITE_ZEROES)).toMatchObject([{ offset: 1024, length: 1536 }]);
  });

  test('cannot reach a last block that is cut', async () => {
    await using server = await fakeServer({ blockSize: [4096, 4096, 32 * MiB], size: 10_000 });
    await using client = await connectTo(server);

    await client.write(8191, [Buffer.of(1)]);
    await expect(client.write(8191, [Buffer.of(1, 2)])).rejects.toMatchObject({ code: 'NBD_OUT_OF_RANGE' });
  });

  test('can be aborted while another one holds the block', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await answering(READ, (request) => waiting.push(request), blocks);
    await using client = await connectTo(server);
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
