import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { connectTo, dataChunk, KiB, MiB, plainServer, readAll, servingReads } from './support/clients.ts';
import { differsAt } from './support/differs-at.ts';
import type { FakePeer, FakeRequest } from './support/fake-server.ts';
import { CopySink } from './support/sinks.ts';
import { chunk, holePayload } from './support/spec-bytes.ts';

describe('reads', () => {
  test.each(['simple', 'structured', 'extended'] as const)('are exact with %s replies', async (mode) => {
    await using server = await servingReads(() => 'default', { mode });
    await using client = await connectTo(server);

    expect(differsAt(await readAll(client), server.memory)).toBe(-1);
    expect(differsAt(await client.read(12_345, 678), server.memory.subarray(12_345, 13_023))).toBe(-1);
  });

  test('are exact byte by byte', async () => {
    await using server = await servingReads(() => 'default', { size: 8 * KiB, trickle: true });
    await using client = await connectTo(server, { requestBytes: KiB });

    expect(differsAt(await readAll(client), server.memory)).toBe(-1);
  });

  test('of nothing ask nothing', async () => {
    await using server = await plainServer();
    await using client = await connectTo(server);

    expect(await client.read(100, 0)).toHaveLength(0);
    expect(server.requests).toHaveLength(0);
  });

  test('keep the window of requests full, and not fuller', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await servingReads((request) => waiting.push(request));
    await using client = await connectTo(server, { inFlight: 3 });

    const reading = readAll(client, 0, 512 * KiB);
    await until(() => waiting.length === 3);
    const peer = server.peers[0] as FakePeer;
    peer.answer(waiting[0] as FakeRequest);
    await until(() => waiting.length === 4);
    for (let index = 1; index < 8; index += 1) peer.answer(await until(() => waiting[index]));

    expect(differsAt(await reading, server.memory.subarray(0, 512 * KiB))).toBe(-1);
  });

  test('take answers in any order and give them in the right one', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await servingReads((request, peer) => {
      waiting.push(request);
      if (waiting.length === 4) for (const each of waiting.splice(0).reverse()) peer.answer(each);
    });
    await using client = await connectTo(server);

    expect(differsAt(await readAll(client), server.memory)).toBe(-1);
  });

  test('take interleaved chunks of several requests, backwards, with holes', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await servingReads((request, peer) => {
      server.memory.fill(0, request.offset + 4 * KiB, request.offset + 8 * KiB);
      waiting.push(request);
      if (waiting.length < 4) return;
      const all = waiting.splice(0);
      for (const { offset, cookie } of all) peer.send(dataChunk(server, cookie, offset + 8 * KiB, 56 * KiB, 0));
      for (const { offset, cookie } of all)
        peer.send(chunk({ cookie, type: 2, flags: 0, payload: holePayload(offset + 4 * KiB, 4 * KiB) }));
      for (const { offset, cookie } of all) peer.send(dataChunk(server, cookie, offset, 4 * KiB, 1));
    });
    await using client = await connectTo(server);

    expect(differsAt(await readAll(client), server.memory)).toBe(-1);
  });

  test('give a hole larger than the buffer of zeroes', async () => {
    const hole = (request: FakeRequest, peer: FakePeer) => peer.chunk(request, 2, holePayload(request.offset, request.length));
    await using server = await servingReads(hole, { size: 5 * MiB });
    await using client = await connectTo(server, { requestBytes: 5 * MiB });
    const sink = new CopySink();

    await client.readTo(1, 5 * MiB - 1, sink);

    expect(sink.bytes.equals(Buffer.alloc(5 * MiB - 1))).toBe(true);
  });

  test('run next to each other on one connection', async () => {
    await using server = await plainServer();
    await using client = await connectTo(server);

    const parts = await Promise.all([readAll(client, 0, 300_000), readAll(client, 300_000, 400_000), client.read(700_000, 1000)]);

    expect(differsAt(Buffer.concat(parts), server.memory.subarray(0, 701_000))).toBe(-1);
  });

  test('are widened to whole blocks and trimmed again', async () => {
    await using server = await servingReads(() => 'default', { blockSize: [4096, 4096, 32 * MiB] });
    await using client = await connectTo(server);

    expect(differsAt(await readAll(client, 5000, 200_001), server.memory.subarray(5000, 205_001))).toBe(-1);
    expect(differsAt(await client.read(4095, 2), server.memory.subarray(4095, 4097))).toBe(-1);
    expect(server.requests.every(({ offset, length }) => offset % 4096 === 0 && length % 4096 === 0)).toBe(true);
  });

  test('are cut to the largest request the server takes', async () => {
    await using server = await servingReads(() => 'default', { blockSize: [1, 4096, 5000] });
    await using client = await connectTo(server);

    expect(differsAt(await client.read(0, 12_000), server.memory.subarray(0, 12_000))).toBe(-1);
    expect(server.requests.map(({ length }) => length)).toEqual([5000, 5000, 2000]);
  });

  test('beyond the end are refused without asking', async () => {
    await using server = await plainServer();
    await using client = await connectTo(server);

    await expect(client.read(MiB - 1, 2)).rejects.toMatchObject({ code: 'NBD_OUT_OF_RANGE' });
    expect(server.requests).toHaveLength(0);
  });
});
