import { connectNbd, type NbdClient, type NbdExtent } from '@fairlead/nbd';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { type FakeOptions, type FakePeer, type FakeRequest, type FakeServer, fakeServer } from './support/fake-server.ts';
import { BLOCK_STATUS } from './support/spec-bytes.ts';

const GiB = 1024 ** 3;
const ALLOCATION = 'base:allocation';
const DIRTY = 'qemu:dirty-bitmap:mon';

type Areas = readonly (readonly [length: number, flags: number])[];

/** A server whose block status is answered as told; contexts have the ids 10, 11, ... */
function telling(answer: (request: FakeRequest, peer: FakePeer) => unknown, options: FakeOptions = {}): Promise<FakeServer> {
  return fakeServer({
    size: 4096,
    contexts: [ALLOCATION],
    ...options,
    answer: (request, peer) => (request.type === BLOCK_STATUS ? answer(request, peer) : 'default'),
  });
}

/** Tells of a fixed list of areas per context what lies in the request, at most `most` areas per reply. */
function fromAreas(contexts: readonly Areas[], most = 1000): (request: FakeRequest, peer: FakePeer) => void {
  return (request, peer) => {
    const answers = contexts.map((areas, index) => [10 + index, areasFrom(areas, request).slice(0, most)] as const);
    peer.status(request, answers);
  };
}

function areasFrom(areas: Areas, request: FakeRequest): [number, number][] {
  const found: [number, number][] = [];
  let at = 0;
  for (const [length, flags] of areas) {
    const start = Math.max(at, request.offset);
    const end = Math.min(at + length, request.offset + request.length);
    if (start < end) found.push([end - start, flags]);
    at += length;
  }
  return found;
}

function connect(server: FakeServer, dirtyBitmap?: string): Promise<NbdClient> {
  return connectNbd({ socketPath: server.socketPath, depth: true, ...(dirtyBitmap === undefined ? {} : { dirtyBitmap }) });
}

function all(client: NbdClient, range: { start?: number; end?: number; signal?: AbortSignal } = {}): Promise<NbdExtent[]> {
  return Array.fromAsync(client.extents(range));
}

describe('extents', () => {
  test.each(['structured', 'extended'] as const)('imageio 17.71: put all contexts together (%s)', async (mode) => {
    const contexts: Areas[] = [
      [
        [1024, 0],
        [3072, 3],
      ],
      [
        [2048, 1],
        [2048, 0],
      ],
    ];
    await using server = await telling(fromAreas(contexts), { mode, contexts: [ALLOCATION, DIRTY] });
    await using client = await connect(server, 'mon');

    expect(await all(client)).toEqual([
      { start: 0, length: 1024, allocation: 0, dirty: 1 },
      { start: 1024, length: 1024, allocation: 3, dirty: 1 },
      { start: 2048, length: 2048, allocation: 3, dirty: 0 },
    ]);
  });

  test('imageio 17.71, ovirt 12.12: are asked for again where a reply stopped, and merged', async () => {
    const areas: Areas = [
      [512, 0],
      [512, 3],
      [512, 3],
      [2560, 0],
    ];
    await using server = await telling(fromAreas([areas], 1));
    await using client = await connect(server);

    expect(await all(client)).toEqual([
      { start: 0, length: 512, allocation: 0 },
      { start: 512, length: 1024, allocation: 3 },
      { start: 1536, length: 2560, allocation: 0 },
    ]);
    expect(server.requests.map(({ offset }) => offset)).toEqual([0, 512, 1024, 1536]);
  });

  test('of a huge export are asked for in steps below 2 GiB', async () => {
    await using server = await telling(fromAreas([[[5 * GiB, 3]]]), { size: 5 * GiB });
    await using client = await connect(server);

    expect(await all(client)).toEqual([{ start: 0, length: 5 * GiB, allocation: 3 }]);
    expect(server.requests.map(({ length }) => length)).toEqual([2 * GiB - 65536, 2 * GiB - 65536, GiB + 131072]);
  });

  test('come in batches, the last one holding back what may still grow', async () => {
    const areas: Areas = [
      [512, 0],
      [512, 3],
      [3072, 0],
    ];
    await using server = await telling(fromAreas([areas], 2));
    await using client = await connect(server);

    const batches = await Array.fromAsync(client.extentBatches());

    expect(batches.map((batch) => batch.map(({ start }) => start))).toEqual([[0], [512], [1024]]);
  });

  test('of a part cover just that part', async () => {
    const areas: Areas = [
      [1024, 0],
      [3072, 3],
    ];
    await using server = await telling(fromAreas([areas]), { blockSize: [512, 512, 65536] });
    await using client = await connect(server);

    expect(await all(client, { start: 700, end: 1100 })).toEqual([
      { start: 700, length: 324, allocation: 0 },
      { start: 1024, length: 76, allocation: 3 },
    ]);
    expect(server.requests).toMatchObject([{ offset: 512, length: 1024 }]);
    expect(await all(client, { start: 700, end: 700 })).toEqual([]);
  });

  test.each([
    [-1, 10],
    [20, 10],
    [0, 4097],
    [0.5, 1],
  ])('imageio 17.105: refuse a part from %d to %d', async (start, end) => {
    await using server = await telling(fromAreas([[[4096, 0]]]));
    await using client = await connect(server);

    await expect(all(client, { start, end })).rejects.toMatchObject({ code: 'NBD_OUT_OF_RANGE' });
  });

  test('report the part of a last block that cannot be reached as data, and dirty', async () => {
    const contexts: Areas[] = [[[4096, 3]], [[4096, 0]]];
    await using server = await telling(fromAreas(contexts), {
      size: 5000,
      blockSize: [4096, 4096, 65536],
      contexts: [ALLOCATION, DIRTY],
    });
    await using client = await connect(server, 'mon');

    expect(await all(client)).toEqual([
      { start: 0, length: 4096, allocation: 3, dirty: 0 },
      { start: 4096, length: 904, allocation: 0, dirty: 1 },
    ]);
  });

  test.each<[string, FakeOptions]>([
    ['structured replies', { mode: 'simple' }],
    ['metadata contexts', { contexts: [] }],
  ])('without %s are one of which nothing is known', async (_name, options) => {
    await using server = await telling(() => undefined, options);
    await using client = await connect(server);

    expect(await all(client)).toEqual([{ start: 0, length: 4096 }]);
    expect(server.requests).toHaveLength(0);
  });

  test.each([22, 95])('report the rest as data if the server says %i', async (errno) => {
    const first: Areas = [[1024, 3]];
    const answer = (request: FakeRequest, peer: FakePeer) => {
      if (request.offset === 0) peer.status(request, [[10, first]]);
      else peer.error(request, errno);
    };
    await using server = await telling(answer);
    await using client = await connect(server);

    expect(await all(client)).toEqual([
      { start: 0, length: 1024, allocation: 3 },
      { start: 1024, length: 3072, allocation: 0 },
    ]);
  });

  test('never guess when something else fails', async () => {
    await using server = await telling((request, peer) => peer.error(request, 5, 'bad sector'));
    await using client = await connect(server);

    await expect(all(client)).rejects.toMatchObject({ code: 'NBD_REPLY', errno: 5 });
  });

  test.each([5, 22, 95])('never guess what is dirty, whatever the error (%i)', async (errno) => {
    await using server = await telling((request, peer) => peer.error(request, errno), { contexts: [ALLOCATION, DIRTY] });
    await using client = await connect(server, 'mon');

    await expect(all(client)).rejects.toMatchObject({ code: 'NBD_REPLY', errno });
  });

  test.each<[string, (request: FakeRequest, peer: FakePeer) => unknown]>([
    ['leaves a context out', (request, peer) => peer.status(request, [[10, [[4096, 0]]]])],
    ['tells of no context', (request, peer) => peer.chunk(request, 0, Buffer.alloc(0))],
    [
      'tells of an unknown context',
      (request, peer) =>
        peer.status(request, [
          [10, [[4096, 0]]],
          [77, [[4096, 0]]],
        ]),
    ],
    [
      'tells of a context twice',
      (request, peer) =>
        peer.status(request, [
          [10, [[4096, 0]]],
          [10, [[4096, 0]]],
        ]),
    ],
    [
      'tells of an area of no length',
      (request, peer) =>
        peer.status(request, [
          [10, [[0, 0]]],
          [11, [[4096, 0]]],
        ]),
    ],
    [
      'goes on behind the range',
      (request, peer) =>
        peer.status(request, [
          [
            10,
            [
              [4096, 0],
              [1, 0],
            ],
          ],
          [11, [[4096, 0]]],
        ]),
    ],
    ['answers with data', (request, peer) => peer.data(request, 0, Buffer.alloc(10))],
    ['answers with a hole', (request, peer) => peer.chunk(request, 2, Buffer.alloc(12, 1))],
    ['answers with a simple success', (request, peer) => peer.success(request)],
  ])('end the connection of a server that %s', async (_name, answer) => {
    await using server = await telling(answer, { contexts: [ALLOCATION, DIRTY] });
    await using client = await connect(server, 'mon');

    await expect(all(client)).rejects.toMatchObject({ code: 'NBD_PROTOCOL' });
    expect(client.closed).toBe(true);
  });

  test('reject at once when aborted', async () => {
    await using server = await telling(() => undefined);
    await using client = await connect(server);
    const abort = new AbortController();
    const walking = all(client, { signal: abort.signal });
    await until(() => server.requests.length === 1);

    abort.abort();

    await expect(walking).rejects.toMatchObject({ code: 'NBD_ABORTED' });
  });

  test('end with the connection', async () => {
    await using server = await telling((_request, peer) => peer.hangUp());
    await using client = await connect(server);

    await expect(all(client)).rejects.toMatchObject({ code: 'NBD_CONNECTION_LOST' });
  });

  test('imageio 17.71, 17.104: of 131 072 areas come whole', async () => {
    const areas: Areas = Array.from({ length: 131_072 }, (_, index) => [65_536, index % 2 === 0 ? 0 : 3] as const);
    await using server = await telling(fromAreas([areas], 40_000), { size: 131_072 * 65_536 });
    await using client = await connect(server);

    const extents = await all(client);

    expect(extents).toHaveLength(131_072);
    expect(extents.at(-1)).toEqual({ start: 131_071 * 65_536, length: 65_536, allocation: 3 });
  });
});
