import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { answering, connectTo, MiB, yielding } from './support/clients.ts';
import { differsAt } from './support/differs-at.ts';
import { ALL_FLAGS, fakeServer } from './support/fake-server.ts';
import { BLOCK_STATUS, FLUSH, WRITE } from './support/spec-bytes.ts';

const READ_ONLY = 2;
const SEND_FUA = 8;
const FUA = 1;

describe('writes', () => {
  test.each(['simple', 'structured', 'extended'] as const)('arrive with %s replies', async (mode) => {
    await using server = await fakeServer({ mode });
    await using client = await connectTo(server);
    const bytes = randomBytes(200_000);

    await client.write(1234, [bytes.subarray(0, 5), bytes.subarray(5, 100_000), Buffer.alloc(0), bytes.subarray(100_000)]);

    expect(differsAt(server.memory.subarray(1234, 201_234), bytes)).toBe(-1);
    expect(differsAt(server.memory.subarray(0, 1234), Buffer.alloc(1234))).toBe(-1);
    expect(differsAt(server.memory.subarray(201_234, 201_334), Buffer.alloc(100))).toBe(-1);
  });

  test('are cut at multiples of the request size, never beyond what the server takes', async () => {
    await using server = await fakeServer({ blockSize: [1, 4096, 40_000] });
    await using client = await connectTo(server);

    await client.write(10, [Buffer.alloc(100_000, 1)]);

    expect(server.requests.map(({ offset, length }) => [offset, length])).toEqual([
      [10, 39_990],
      [40_000, 40_000],
      [80_000, 20_010],
    ]);
  });

  test('of nothing ask nothing', async () => {
    await using server = await fakeServer();
    await using client = await connectTo(server);

    await client.write(10, []);
    await client.write(10, [Buffer.alloc(0)]);

    expect(server.requests).toHaveLength(0);
  });

  test('are refused on a read-only export, and beyond its end, without asking', async () => {
    await using readOnly = await fakeServer({ flags: 1 + READ_ONLY });
    await using server = await fakeServer();
    await using reader = await connectTo(readOnly);
    await using client = await connectTo(server);

    await expect(reader.write(0, [Buffer.alloc(1)])).rejects.toMatchObject({ code: 'NBD_READ_ONLY' });
    await expect(reader.zero(0, 1)).rejects.toMatchObject({ code: 'NBD_READ_ONLY' });
    await expect(reader.writeFrom(0, 1, yielding(Buffer.alloc(1), 1))).rejects.toMatchObject({ code: 'NBD_READ_ONLY' });
    await expect(client.write(MiB, [Buffer.alloc(1)])).rejects.toMatchObject({ code: 'NBD_OUT_OF_RANGE' });
    expect([...readOnly.requests, ...server.requests]).toHaveLength(0);
  });

  test('are made durable by the flag, or by a flush where there is none', async () => {
    await using able = await fakeServer();
    await using unable = await fakeServer({ flags: ALL_FLAGS & ~SEND_FUA });
    await using one = await connectTo(able);
    await using other = await connectTo(unable);

    await one.write(0, [Buffer.alloc(1)], { fua: true });
    await other.write(0, [Buffer.alloc(1)], { fua: true });

    expect(able.requests).toMatchObject([{ type: WRITE, flags: FUA }]);
    expect(unable.requests).toMatchObject([{ type: WRITE, flags: 0 }, { type: FLUSH }]);
  });

  test('that fail tell the number, and the connection goes on', async () => {
    let faults = 1;
    await using server = await answering(WRITE, (request, peer) => (faults-- > 0 ? peer.error(request, 28, 'No space left') : 'default'));
    await using client = await connectTo(server);

    await expect(client.write(0, [Buffer.alloc(MiB)])).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 28 });

    await client.write(0, [Buffer.alloc(10, 7)]);
    expect(await client.read(0, 10)).toEqual(Buffer.alloc(10, 7));
  });
});

test('a block status in answer to a write ends the connection', async () => {
  await using server = await answering(WRITE, (request, peer) => peer.status({ ...request, type: BLOCK_STATUS }, [[10, [[512, 0]]]]));
  await using client = await connectTo(server);

  await expect(client.write(0, [Buffer.alloc(512)])).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });
});
