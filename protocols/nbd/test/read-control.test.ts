import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { connectTo, dataChunk, KiB, MiB, plainServer, servingReads } from './support/clients.ts';
import { differsAt } from './support/differs-at.ts';
import type { FakePeer, FakeRequest } from './support/fake-server.ts';
import { CopySink, HoardingSink, SlowSink } from './support/sinks.ts';

describe('patience with reads', () => {
  test('ends when the oldest request gets no answer', async () => {
    await using server = await servingReads(() => undefined);
    await using client = await connectTo(server, { requestMs: 120 });

    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
    expect(client.closed).toBe(true);
  });

  test('ends when a reply is never finished', async () => {
    const unfinished = (request: FakeRequest, peer: FakePeer) => peer.data(request, request.offset, Buffer.alloc(request.length), 0);
    await using server = await servingReads(unfinished);
    await using client = await connectTo(server, { requestMs: 120 });

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
    await using client = await connectTo(server, { requestMs: 160 });

    expect(differsAt(await client.read(0, 10_000), server.memory.subarray(0, 10_000))).toBe(-1);
  });
});

describe('back pressure of reads', () => {
  test('a sink that has enough stops the asking, and gets every byte in the end', async () => {
    await using server = await plainServer();
    await using client = await connectTo(server, { inFlight: 2 });
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
    await using client = await connectTo(server, { requestBytes: 256 * KiB, inFlight: 4 });
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
    await using server = await plainServer();
    await using client = await connectTo(server);
    const sink = new SlowSink();
    const reading = client.readTo(0, MiB, sink);
    await until(() => sink.length > 0);

    sink.break(new Error('the browser left'));

    await expect(reading).rejects.toThrow('the browser left');
    expect(differsAt(await client.read(0, 10), server.memory.subarray(0, 10))).toBe(-1);
  });

  test('a sink that throws fails the read, and the connection goes on', async () => {
    await using server = await plainServer();
    await using client = await connectTo(server);
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
    await using client = await connectTo(server);
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
    await using client = await connectTo(server);
    const abort = new AbortController();
    const reading = client.read(0, 10, { signal: abort.signal });
    await until(() => server.requests.length === 1);

    abort.abort();

    await expect(reading).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    await until(() => client.closed, { timeoutMs: 3000 });
  });

  test('before the start asks nothing', async () => {
    await using server = await plainServer();
    await using client = await connectTo(server);

    await expect(client.read(0, 10, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    expect(server.requests).toHaveLength(0);
  });
});
