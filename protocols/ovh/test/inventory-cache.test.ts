import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../src/index.ts';
import { FileCache, type InventoryCache, MemoryCache, readInventory } from '../src/inventory/index.ts';
import { firstServer, namesIn, namesOf, recordOf, SMALL } from './support/inventory.ts';
import { failureOf, type World, world } from './support/world.ts';

const LISTS = /^GET (?:\/v2\/iam\/resource\?.*|\/1\.0\/(?:me|dedicated\/server|vps|cloud\/project|domain|ip))$/;

/** The calls about single things since the log was emptied. */
function asked(api: World): string[] {
  return api.calls().filter((call) => !LISTS.test(call));
}

/** Reads until so many servers are whole, then ends with an error. */
async function aborted(api: World, cache: InventoryCache, after: number): Promise<string[]> {
  const controller = new AbortController();
  const reading = readInventory(api.client, {
    cache,
    concurrency: 4,
    signal: controller.signal,
    onProgress: ({ kind, done }) => {
      if (kind === 'baremetal' && done === after) controller.abort(new Error('enough'));
    },
  });
  expect(await failureOf(reading)).toMatchObject({ message: 'enough' });
  const calls = asked(api);
  api.fake.clearLog();
  return calls;
}

test('a second run asks for the lists alone, and gives the same', async () => {
  await using api = await world({}, SMALL);
  const cache = new MemoryCache();
  const first = await readInventory(api.client, { cache });
  api.fake.clearLog();
  const second = await readInventory(api.client, { cache, clock: { now: () => Date.parse(first.fetchedAt) + 60_000 } });
  expect(asked(api)).toEqual([]);
  expect(second.records).toEqual(first.records);
  expect(second.records[0]?.fetchedAt).toBe(first.fetchedAt);
});

test('after an abort only what is missing is asked', async () => {
  await using api = await world({}, { ...SMALL, servers: 30 });
  const cache = new MemoryCache();
  const before = await aborted(api, cache, 15);
  const inventory = await readInventory(api.client, { cache });
  expect([namesOf(inventory), inventory.complete]).toEqual([namesIn(api.fake), true]);
  const again = asked(api).filter((call) => before.includes(call));
  expect(before.length).toBeGreaterThan(100);
  // What was under way at the abort.
  expect(again.length).toBeLessThanOrEqual(4);
});

test.each([
  { kind: 'status', status: 500 },
  { kind: 'body', body: '["no object"]' },
] as const)('of a record with an error only the call that failed is repeated: $kind', async (fault) => {
  await using api = await world({ retry: false }, SMALL);
  const cache = new MemoryCache();
  const { name, server } = firstServer(api);
  api.fake.faults.next(`/dedicated/server/${name}/serviceInfos`, fault);
  expect((await readInventory(api.client, { cache })).complete).toBe(false);
  api.fake.clearLog();
  const inventory = await readInventory(api.client, { cache });
  expect(asked(api)).toEqual([`GET /1.0/dedicated/server/${name}/serviceInfos`]);
  expect(recordOf(inventory, name)).toMatchObject({ errors: [], service: { id: server.serviceInfos.serviceId } });
});

test('what is older than its time is asked again; what has left the lists is not shown', async () => {
  await using api = await world({}, SMALL);
  let now = Date.now();
  const clock = { now: () => now };
  const cache = new MemoryCache({ ttl: 60_000, clock });
  await readInventory(api.client, { cache, clock });
  const { name, server } = firstServer(api);
  server.server.os = 'freebsd14_64';
  now += 59_000;
  expect(recordOf(await readInventory(api.client, { cache, clock }), name).os).not.toBe('freebsd14_64');
  now += 1_000;
  expect(recordOf(await readInventory(api.client, { cache, clock }), name).os).toBe('freebsd14_64');
  api.fake.state.servers.delete(name);
  expect(namesOf(await readInventory(api.client, { cache, clock }))).not.toContain(name);
  now -= 3_600_000;
  api.fake.clearLog();
  await readInventory(api.client, { cache, clock });
  expect(asked(api).length).toBeGreaterThan(0);
});

test('a cache that fails is as good as none', async () => {
  await using api = await world({}, SMALL);
  const fails = (): never => {
    throw new Error('disk on fire');
  };
  const inventory = await readInventory(api.client, { cache: { get: fails, set: fails } });
  expect([inventory.complete, namesOf(inventory)]).toEqual([true, namesIn(api.fake)]);
});

test('a file keeps it between processes, for its owner alone, also after an abort', async () => {
  await using api = await world({}, { ...SMALL, servers: 20 });
  await using folder = await tempDir();
  const path = join(folder.path, 'cache', 'inventory.json');
  const before = await (async () => {
    await using cache = await FileCache.open(path);
    return await aborted(api, cache, 10);
  })();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await using cache = await FileCache.open(path);
  const inventory = await readInventory(api.client, { cache });
  expect(namesOf(inventory)).toEqual(namesIn(api.fake));
  expect(asked(api).filter((call) => before.includes(call)).length).toBeLessThanOrEqual(4);
  expect(await readFile(path, 'utf8')).not.toContain(api.fake.keys.consumerKey);
});

test.each([
  ['of another version', '{"ovhInventoryCache":2,"entries":{"a":{"readAt":1,"answers":{}}}}'],
  [
    'of strange entries',
    '{"ovhInventoryCache":1,"entries":{"a":null,"b":{"readAt":"x"},"c":{"readAt":1,"answers":[]},"__proto__":{"readAt":1,"answers":{}}}}',
  ],
  ['empty', ''],
])('a file that is %s counts as an empty cache, and is replaced', async (_what, text) => {
  await using api = await world({}, SMALL);
  await using folder = await tempDir();
  const path = join(folder.path, 'inventory.json');
  await writeFile(path, text);
  await using cache = await FileCache.open(path);
  await readInventory(api.client, { cache, kinds: ['vps'] });
  await cache.flush();
  const written = JSON.parse(await readFile(path, 'utf8')) as { entries: object };
  const [name] = api.fake.state.vps.keys();
  expect([written, Object.keys(written.entries)]).toMatchObject([{ ovhInventoryCache: 1 }, [`ovh:${api.fake.apiUrl}:vps:${name}`]]);
});

test.each(['{"a":1}', '[]', 'no JSON', '{"ovhInventoryCache":1,"entr'])(
  'a file that is something else is left as it is: %s',
  async (text) => {
    await using folder = await tempDir();
    const path = join(folder.path, 'precious');
    await writeFile(path, text);
    expect(await failureOf(FileCache.open(path))).toBeInstanceOf(ConfigurationError);
    expect(await readFile(path, 'utf8')).toBe(text);
  },
);

test('a file that cannot be read or written is told, and nothing is left beside it', async () => {
  await using folder = await tempDir();
  expect(await failureOf(FileCache.open(folder.path))).toBeInstanceOf(ConfigurationError);
  await writeFile(join(folder.path, 'file'), '');
  expect(await failureOf(FileCache.open(join(folder.path, 'file', 'inventory.json')))).toBeInstanceOf(ConfigurationError);
  const path = join(folder.path, 'taken');
  const cache = await FileCache.open(path);
  await cache.set('a', { readAt: Date.now(), answers: {} });
  await mkdir(path);
  expect(await failureOf(cache.flush())).toBeInstanceOf(ConfigurationError);
  expect(await readdir(folder.path)).toEqual(['file', 'taken']);
  await rmdir(path);
  await cache.flush();
  expect((await FileCache.open(path)).get('a')).toEqual({ readAt: expect.any(Number), answers: {} });
});
