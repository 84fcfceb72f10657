import { randomBytes } from 'node:crypto';
import { connectNbd, type NbdClient } from '@fairlead/nbd';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { differsAt } from './support/differs-at.ts';
import { type FakeOptions, type FakePeer, type FakeRequest, type FakeServer, fakeServer } from './support/fake-server.ts';
import { CopySink, HoardingSink, SlowSink } from './support/sinks.ts';
import { Bytes, chunk, DISC, dataPayload, errorPayload, holePayload, READ, simpleReply } from './support/spec-bytes.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

function connect(server: FakeServer, options: { requestBytes?: number; inFlight?: number; requestMs?: number } = {}): Promise<NbdClient> {
  const { requestBytes = 64 * KiB, inFlight = 4, requestMs = 30_000 } = options;
  return connectNbd({ socketPath: server.socketPath, readAhead: { requestBytes, inFlight }, requestMs });
}

/** A server whose memory is random and whose reads are answered as told; everything else is answered well. */
async function servingReads(read: (request: FakeRequest, peer: FakePeer) => unknown, options: FakeOptions = {}): Promise<FakeServer> {
  const answer = (request: FakeRequest, peer: FakePeer) => (request.type === READ ? read(request, peer) : 'default');
  const server = await fakeServer({ ...options, answer });
  randomBytes(server.memory.length).copy(server.memory);
  return server;
}

function plain(): Promise<FakeServer> {
  return servingReads(() => 'default');
}

async function readAll(client: NbdClient, offset = 0, length = client.size - offset): Promise<Buffer> {
  const sink = new CopySink();
  await client.readTo(offset, length, sink);
  return sink.bytes;
}

describe('reads', () => {
  test.each(['simple', 'structured', 'extended'] as const)('are exact with %s replies', async (mode) => {
    await using server = await servingReads(() => 'default', { mode });
    await using client = await connect(server);

    expect(differsAt(await readAll(client), server.memory)).toBe(-1);
    expect(differsAt(await client.read(12_345, 678), server.memory.subarray(12_345, 13_023))).toBe(-1);
  });

  test('are exact byte by byte', async () => {
    await using server = await servingReads(() => 'default', { size: 8 * KiB, trickle: true });
    await using client = await connect(server, { requestBytes: KiB });

    expect(differsAt(await readAll(client), server.memory)).toBe(-1);
  });

  test('of nothing ask nothing', async () => {
    await using server = await plain();
    await using client = await connect(server);

    expect(await client.read(100, 0)).toHaveLength(0);
    expect(server.requests).toHaveLength(0);
  });

  test('keep the window of requests full, and not fuller', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await servingReads((request) => waiting.push(request));
    await using client = await connect(server, { inFlight: 3 });

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
    await using client = await connect(server);

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
    await using client = await connect(server);

    expect(differsAt(await readAll(client), server.memory)).toBe(-1);
  });

  test('give a hole larger than the buffer of zeroes', async () => {
    const hole = (request: FakeRequest, peer: FakePeer) => peer.chunk(request, 2, holePayload(request.offset, request.length));
    await using server = await servingReads(hole, { size: 5 * MiB });
    await using client = await connect(server, { requestBytes: 5 * MiB });
    const sink = new CopySink();

    await client.readTo(1, 5 * MiB - 1, sink);

    expect(sink.bytes.equals(Buffer.alloc(5 * MiB - 1))).toBe(true);
  });

  test('run next to each other on one connection', async () => {
    await using server = await plain();
    await using client = await connect(server);

    const parts = await Promise.all([readAll(client, 0, 300_000), readAll(client, 300_000, 400_000), client.read(700_000, 1000)]);

    expect(differsAt(Buffer.concat(parts), server.memory.subarray(0, 701_000))).toBe(-1);
  });

  test('are widened to whole blocks and trimmed again', async () => {
    await using server = await servingReads(() => 'default', { blockSize: [4096, 4096, 32 * MiB] });
    await using client = await connect(server);

    expect(differsAt(await readAll(client, 5000, 200_001), server.memory.subarray(5000, 205_001))).toBe(-1);
    expect(differsAt(await client.read(4095, 2), server.memory.subarray(4095, 4097))).toBe(-1);
    expect(server.requests.every(({ offset, length }) => offset % 4096 === 0 && length % 4096 === 0)).toBe(true);
  });

  test('are cut to the largest request the server takes', async () => {
    await using server = await servingReads(() => 'default', { blockSize: [1, 4096, 5000] });
    await using client = await connect(server);

    expect(differsAt(await client.read(0, 12_000), server.memory.subarray(0, 12_000))).toBe(-1);
    expect(server.requests.map(({ length }) => length)).toEqual([5000, 5000, 2000]);
  });

  test('beyond the end are refused without asking', async () => {
    await using server = await plain();
    await using client = await connect(server);

    await expect(client.read(MiB - 1, 2)).rejects.toMatchObject({ code: 'NBD_OUT_OF_RANGE' });
    expect(server.requests).toHaveLength(0);
  });
});

function dataChunk(server: FakeServer, cookie: number, offset: number, length: number, flags: number): Buffer {
  return chunk({ cookie, type: 1, flags, payload: dataPayload(offset, server.memory.subarray(offset, offset + length)) });
}

describe('errors of reads', () => {
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
    await using client = await connect(server);

    await expect(readAll(client)).rejects.toMatchObject({ code: 'NBD_REPLY', errno });

    expect(differsAt(await client.read(0, 100), server.memory.subarray(0, 100))).toBe(-1);
  });

  test('in simple replies carry their number', async () => {
    let faults = 1;
    await using server = await servingReads((request, peer) => (faults-- > 0 ? peer.error(request, 12) : 'default'), { mode: 'simple' });
    await using client = await connect(server);

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
    ['an unknown kind of chunk', (request, peer) => peer.chunk(request, 77, Buffer.alloc(4))],
  ])('by a server that sends %s end the connection', async (_name, fault) => {
    await using server = await servingReads(fault);
    await using client = await connect(server);

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
    await using client = await connect(server);

    expect(differsAt(await client.read(0, 10), server.memory.subarray(0, 10))).toBe(-1);

    await until(() => client.closed);
    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });
  });

  test('by an extended reply that echoes another offset end the connection', async () => {
    const wrongEcho = (request: FakeRequest, peer: FakePeer) =>
      peer.send(chunk({ cookie: request.cookie, type: 0, echo: request.offset + 1 }));
    await using server = await servingReads(wrongEcho, { mode: 'extended' });
    await using client = await connect(server);

    await expect(client.read(100, 1000)).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });
  });

  test('by a connection cut within a chunk reject everything outstanding', async () => {
    await using server = await servingReads((request, peer) => {
      peer.send(dataChunk(server, request.cookie, request.offset, request.length, 1).subarray(0, 1000));
      peer.end();
    });
    await using client = await connect(server);

    const reads = await Promise.allSettled([readAll(client), client.read(0, 10)]);

    expect(reads).toMatchObject([{ reason: { code: 'NBD_CONNECTION_LOST' } }, { reason: { code: 'NBD_CONNECTION_LOST' } }]);
    expect(client.closed).toBe(true);
  });
});

describe('patience with reads', () => {
  test('ends when the oldest request gets no answer', async () => {
    await using server = await servingReads(() => undefined);
    await using client = await connect(server, { requestMs: 120 });

    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
    expect(client.closed).toBe(true);
  });

  test('ends when a reply is never finished', async () => {
    const unfinished = (request: FakeRequest, peer: FakePeer) => peer.data(request, request.offset, Buffer.alloc(request.length), 0);
    await using server = await servingReads(unfinished);
    await using client = await connect(server, { requestMs: 120 });

    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
  });

  test('lasts as long as anything comes', async () => {
    let sent = 0;
    await using server = await servingReads(({ cookie, offset, length }, peer) => {
      const bytes = dataChunk(server, cookie, offset, length, 1);
      const dribble = setInterval(() => {
        peer.send(bytes.subarray(sent, sent + 1000));
        sent += 1000;
        if (sent >= bytes.length) clearInterval(dribble);
      }, 40);
    });
    await using client = await connect(server, { requestMs: 160 });

    expect(differsAt(await client.read(0, 10_000), server.memory.subarray(0, 10_000))).toBe(-1);
  });
});

describe('back pressure of reads', () => {
  test('a sink that has enough stops the asking, and gets every byte in the end', async () => {
    await using server = await plain();
    await using client = await connect(server, { inFlight: 2 });
    const sink = new SlowSink();

    const reading = client.readTo(0, MiB, sink);
    await until(() => sink.length > 0 && server.requests.length >= 2);
    await client.read(0, 1);
    expect(server.requests.length - 1).toBeLessThanOrEqual(3);
    const opening = until(() => {
      sink.open();
      return sink.length === MiB;
    });

    await reading;
    await opening;
    expect(differsAt(sink.bytes, server.memory)).toBe(-1);
  });

  test('a sink that gives nothing back stops the asking until it does', async () => {
    await using server = await servingReads(() => 'default', { size: 64 * MiB });
    await using client = await connect(server, { requestBytes: 256 * KiB, inFlight: 4 });
    const sink = new HoardingSink();

    const reading = client.readTo(0, 64 * MiB, sink);
    let before = -1;
    await until(async () => {
      await client.read(0, 1);
      const still = before === sink.length;
      before = sink.length;
      return still && before > 0;
    });
    expect(sink.length).toBeLessThan(16 * MiB);
    const releasing = until(() => {
      sink.releaseAll();
      return sink.length === 64 * MiB;
    });

    await reading;
    await releasing;
  });

  test('a sink whose wait fails, fails the read', async () => {
    await using server = await plain();
    await using client = await connect(server);
    const sink = new SlowSink();
    const reading = client.readTo(0, MiB, sink);
    await until(() => sink.length > 0);

    sink.break(new Error('the browser left'));

    await expect(reading).rejects.toThrow('the browser left');
    expect(differsAt(await client.read(0, 10), server.memory.subarray(0, 10))).toBe(-1);
  });

  test('a sink that throws fails the read, and the connection goes on', async () => {
    await using server = await plain();
    await using client = await connect(server);
    const sink = new CopySink();
    sink.write = () => {
      throw new Error('disk full');
    };

    await expect(client.readTo(0, MiB, sink)).rejects.toThrow('disk full');
    expect(differsAt(await client.read(0, 10), server.memory.subarray(0, 10))).toBe(-1);
  });
});

describe('cancelling reads', () => {
  test('rejects at once and gives the sink no more; the connection goes on if the server answers', async () => {
    const waiting: FakeRequest[] = [];
    let holding = true;
    await using server = await servingReads((request) => (holding ? waiting.push(request) : 'default'));
    await using client = await connect(server);
    const abort = new AbortController();
    const sink = new CopySink();
    const reading = client.readTo(0, MiB, sink, { signal: abort.signal });
    await until(() => waiting.length === 4);

    abort.abort(new Error('enough'));
    await expect(reading).rejects.toMatchObject({ code: 'NBD_ABORTED', cause: { message: 'enough' } });
    holding = false;
    for (const request of waiting) server.peers[0]?.answer(request);

    expect(differsAt(await client.read(0, 10), server.memory.subarray(0, 10))).toBe(-1);
    expect(sink.length).toBe(0);
    expect(server.requests).toHaveLength(5);
  });

  test('gives the connection up if the server stays silent', async () => {
    await using server = await servingReads(() => undefined);
    await using client = await connect(server);
    const abort = new AbortController();
    const reading = client.read(0, 10, { signal: abort.signal });
    await until(() => server.requests.length === 1);

    abort.abort();

    await expect(reading).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    await until(() => client.closed, { timeoutMs: 3000 });
  });

  test('before the start asks nothing', async () => {
    await using server = await plain();
    await using client = await connect(server);

    await expect(client.read(0, 10, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    expect(server.requests).toHaveLength(0);
  });
});

describe('the end of a client', () => {
  test('takes leave, without flush if nothing was written', async () => {
    await using server = await plain();
    const client = await connect(server);
    await client.read(0, 10);

    await client.close();
    await client.close();

    expect(server.types).toEqual([READ, DISC]);
    expect(client.closed).toBe(true);
    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_CLOSED' });
  });

  test('by close ends what runs', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await servingReads((request) => waiting.push(request));
    const client = await connect(server);
    const reading = client.read(0, 10);
    await until(() => waiting.length === 1);

    const closing = client.close();
    await expect(reading).rejects.toMatchObject({ code: 'NBD_CLOSED' });
    server.peers[0]?.answer(waiting[0] as FakeRequest);
    await closing;

    expect(server.types).toEqual([READ, DISC]);
  });

  test('by destroy ends what runs with the reason', async () => {
    await using server = await servingReads(() => undefined);
    const client = await connect(server);
    const reading = client.read(0, 10);

    client.destroy(new Error('ticket revoked'));

    await expect(reading).rejects.toMatchObject({ code: 'NBD_CLOSED', cause: { message: 'ticket revoked' } });
    await client.close();
  });

  test('by the server between calls is noticed', async () => {
    await using server = await plain();
    await using client = await connect(server);

    server.peers[0]?.hangUp();

    await until(() => client.closed);
    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_CONNECTION_LOST' });
  });
});
