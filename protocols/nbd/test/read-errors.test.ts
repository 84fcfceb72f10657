import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { connectTo, dataChunk, readAll, servingReads } from './support/clients.ts';
import { differsAt } from './support/differs-at.ts';
import type { FakePeer, FakeRequest } from './support/fake-server.ts';
import { Bytes, chunk, errorPayload, holePayload, simpleReply } from './support/spec-bytes.ts';

describe('imageio 17.108: errors of reads', () => {
  test.each<[string, (request: FakeRequest, peer: FakePeer) => unknown, number]>([
    ['at once', (request, peer) => peer.error(request, 5, 'bad sector'), 5],
    ['at an offset', (request, peer) => peer.chunk(request, 0x8002, errorPayload(5, 'bad sector', request.offset + 7)), 5],
    [
      'before the end of the reply',
      (request, peer) => {
        peer.chunk(request, 0x8001, errorPayload(5, 'bad sector'), 0);
        peer.chunk(request, 0x8001, errorPayload(28, 'later'), 0);
        peer.chunk(request, 0, Buffer.alloc(0));
      },
      5,
    ],
    [
      'after data',
      (request, peer) => {
        peer.data(request, request.offset, Buffer.alloc(10, 1), 0);
        peer.chunk(request, 0x8001, errorPayload(22, ''));
      },
      22,
    ],
  ])('reported %s fail the read and leave the connection usable', async (_name, fault, errno) => {
    let faults = 1;
    await using server = await servingReads((request, peer) => (faults-- > 0 ? fault(request, peer) : 'default'));
    await using client = await connectTo(server);

    await expect(readAll(client)).rejects.toMatchObject({ code: 'NBD_REPLY', errno });

    expect(differsAt(await client.read(0, 100), server.memory.subarray(0, 100))).toBe(-1);
  });

  test('in simple replies carry their number', async () => {
    let faults = 1;
    await using server = await servingReads((request, peer) => (faults-- > 0 ? peer.error(request, 12) : 'default'), { mode: 'simple' });
    await using client = await connectTo(server);

    await expect(client.read(0, 100)).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 12 });
    expect(differsAt(await client.read(0, 100), server.memory.subarray(0, 100))).toBe(-1);
  });

  test.each<[string, (request: FakeRequest, peer: FakePeer) => unknown]>([
    ['garbage instead of a magic number', (_request, peer) => peer.send(Buffer.alloc(64, 0x55))],
    ['an unknown cookie', (request, peer) => peer.data({ ...request, cookie: 4711 }, request.offset, Buffer.alloc(request.length))],
    ['an unknown cookie of a write', (_request, peer) => peer.send(simpleReply(4711).buffer)],
    ['data before the range', (request, peer) => peer.data(request, request.offset - 1, Buffer.alloc(request.length))],
    ['data behind the range', (request, peer) => peer.data(request, request.offset, Buffer.alloc(request.length + 1))],
    ['a hole of no length', (request, peer) => peer.chunk(request, 2, holePayload(request.offset, 0))],
    ['a hole behind the range', (request, peer) => peer.chunk(request, 2, holePayload(request.offset, 0xffffffff))],
    [
      'overlapping chunks',
      (request, peer) => {
        peer.data(request, request.offset, Buffer.alloc(request.length), 0);
        peer.chunk(request, 2, holePayload(request.offset, 1));
      },
    ],
    ['a gap at the end', (request, peer) => peer.data(request, request.offset, Buffer.alloc(request.length - 1))],
    ['nothing at all', (request, peer) => peer.chunk(request, 0, Buffer.alloc(0))],
    ['a success without data', (request, peer) => peer.success(request)],
    ['a chunk of 4 GiB', (request, peer) => peer.send(chunk({ cookie: request.cookie, type: 1, length: 0xffffffff }))],
    ['an error text of 4 GiB', (request, peer) => peer.send(chunk({ cookie: request.cookie, type: 0x8001, length: 0xffffffff }))],
    ['a block status', (request, peer) => peer.chunk(request, 5, new Bytes().u32(1).u32(512).u32(0).buffer)],
    [
      'endless errors',
      (request, peer) => {
        for (let index = 0; index < 100; index += 1) peer.chunk(request, 0x8001, errorPayload(5, ''), 0);
      },
    ],
    ['an unknown kind of chunk', (request, peer) => peer.chunk(request, 77, Buffer.alloc(4))],
  ])('by a server that sends %s end the connection', async (_name, fault) => {
    await using server = await servingReads(fault);
    await using client = await connectTo(server);

    await expect(client.read(100, 1000)).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });

    expect(client.closed).toBe(true);
    await server.peers[0]?.hungUp;
    await expect(client.read(0, 1)).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });
  });

  test('by a server that answers twice end the connection after the first answer', async () => {
    await using server = await servingReads((request, peer) => {
      peer.answer(request);
      peer.answer(request);
    });
    await using client = await connectTo(server);

    expect(differsAt(await client.read(0, 10), server.memory.subarray(0, 10))).toBe(-1);

    await until(() => client.closed);
    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });
  });

  test('by an extended reply that echoes another offset end the connection', async () => {
    const wrongEcho = (request: FakeRequest, peer: FakePeer) =>
      peer.send(chunk({ cookie: request.cookie, type: 0, echo: request.offset + 1 }));
    await using server = await servingReads(wrongEcho, { mode: 'extended' });
    await using client = await connectTo(server);

    await expect(client.read(100, 1000)).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });
  });

  test('by a connection cut within a chunk reject everything outstanding', async () => {
    await using server = await servingReads((request, peer) => {
      peer.send(dataChunk(server, request.cookie, request.offset, request.length, 1).subarray(0, 1000));
      peer.end();
    });
    await using client = await connectTo(server);

    const reads = await Promise.allSettled([readAll(client), client.read(0, 10)]);

    expect(reads).toMatchObject([{ reason: { code: 'NBD_CONNECTION_LOST' } }, { reason: { code: 'NBD_CONNECTION_LOST' } }]);
    expect(client.closed).toBe(true);
  });
});
