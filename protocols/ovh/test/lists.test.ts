import { expect, test } from 'vitest';
import { BatchItemError, InvalidCallError, PaginationError, ResourceNotFoundError } from '../src/index.ts';
import { clientOf, failureOf, smallServer, world } from './support/world.ts';

interface Resource {
  readonly urn: string;
}

/** Serves pages in which each cursor leads to the next; the last has none. */
function paged(pages: readonly (readonly number[])[], cursorAfter = (page: number) => `c${page + 1}`) {
  return smallServer((response, { headers }) => {
    const page = Number(String(headers['x-pagination-cursor'] ?? 'c0').slice(1));
    if (page + 1 < pages.length) response.setHeader('X-Pagination-Cursor-Next', cursorAfter(page));
    response.end(JSON.stringify(pages[page]));
  });
}

for (const pages of [[[]], [[1, 2]], [[1], [2, 3], [4]], [[1], [], [2]]]) {
  test(`X31: ${pages.length} pages of ${JSON.stringify(pages)}`, async () => {
    await using server = await paged(pages);
    using client = clientOf(server);
    expect(await client.paginate('/v2/x').all()).toEqual(pages.flat());
    expect(server.received).toHaveLength(pages.length);
  });
}

test('X31: size and filter go with every page, and the cursor with all but the first', async () => {
  await using server = await paged([[1], [2], [3]]);
  using client = clientOf(server);
  const options = { size: 7, query: { resourceType: ['vps', 'ip'] }, headers: { 'X-Mine': 'y' } };
  expect(await client.paginate('/v2/x', options).all()).toEqual([1, 2, 3]);
  expect(server.received.map(({ target }) => target)).toEqual(Array(3).fill('/v2/x?resourceType=vps&resourceType=ip'));
  expect(server.received.map(({ headers }) => [headers['x-pagination-size'], headers['x-pagination-cursor'], headers['x-mine']])).toEqual([
    ['7', undefined, 'y'],
    ['7', 'c1', 'y'],
    ['7', 'c2', 'y'],
  ]);
});

test('X31: a cursor that comes again is an error', async () => {
  await using server = await paged([[1], [2], [3]], () => 'c1');
  using client = clientOf(server);
  expect(await failureOf(client.paginate('/v2/x').all())).toBeInstanceOf(PaginationError);
  expect(server.received).toHaveLength(2);
});

test('X31: what is no list is an error', async () => {
  await using server = await smallServer((response) => response.end('{"a":1}'));
  using client = clientOf(server);
  expect(await failureOf(client.paginate('/v2/x').all())).toBeInstanceOf(PaginationError);
  expect(await failureOf(client.list('/x'))).toBeInstanceOf(PaginationError);
  expect(await failureOf(client.list('/x', { expand: 'server' }))).toBeInstanceOf(PaginationError);
});

test('X31: who stops after an item, or at a limit, causes no further page', async () => {
  await using server = await paged([[1, 2], [3], [4]]);
  using client = clientOf(server);
  expect(await client.paginate('/v2/x').all({ limit: 2 })).toEqual([1, 2]);
  expect(await client.paginate('/v2/x').all({ limit: 0 })).toEqual([]);
  for await (const _ of client.paginate('/v2/x')) break;
  expect(server.received).toHaveLength(2);
});

test('X31: abort between pages', async () => {
  await using server = await paged([[1], [2], [3]]);
  using client = clientOf(server);
  const abort = new AbortController();
  const seen: unknown[] = [];
  const read = async () => {
    for await (const item of client.paginate('/v2/x', { signal: abort.signal })) {
      seen.push(item);
      abort.abort(new Error('enough'));
    }
  };
  expect(await failureOf(read())).toMatchObject({ message: 'enough' });
  expect([seen, server.received.length]).toEqual([[1], 1]);
});

test('X31: an error on page 3 is that of the API, after pages 1 and 2; a page is retried on its own', async () => {
  await using at = await world({}, { servers: 30, vps: 0, domains: 0, ips: 0, projects: 0, vracks: 0 });
  const seen: Resource[] = [];
  let pages = 0;
  const read = async () => {
    for await (const page of at.client.paginate<Resource>('/v2/iam/resource', { size: 10 }).pages()) {
      seen.push(...page.data);
      pages += 1;
      if (pages === 1) at.fake.faults.next('GET /v2/iam/resource', { kind: 'status', status: 502 });
      if (pages === 2) at.fake.faults.next('GET /v2/iam/resource', { kind: 'status', status: 403 });
    }
  };
  expect(await failureOf(read())).toMatchObject({ code: 'OVH_FORBIDDEN' });
  expect(seen).toHaveLength(20);
  expect(at.calls()).toHaveLength(4);
});

test('tasks and events of a resource are lists below it', async () => {
  await using server = await smallServer((response, { target }) => response.end(JSON.stringify([target])));
  using client = clientOf(server);
  const path = { id: 'a/b' };
  expect(await client.tasks('/v2/x/{id}', { path }).all()).toEqual(['/v2/x/a%2Fb/task']);
  expect(await client.events('/v2/x/{id}', { path }).all()).toEqual(['/v2/x/a%2Fb/event']);
});

test('G50 X31: a cursor of other filters is refused by the API, and that is passed on', async () => {
  await using at = await world();
  const headers = { 'X-Pagination-Cursor': 'made-up' };
  expect(await failureOf(at.client.get('/v2/iam/resource', { headers }))).toMatchObject({
    code: 'OVH_BAD_PARAMETERS',
    text: 'invalid cursor',
  });
});

test('X32: ids become objects one by one, in their order', async () => {
  await using at = await world({}, { servers: 25 });
  const names = [...at.fake.state.servers.keys()];
  const servers = await at.client.list<{ name: string }>('/dedicated/server');
  expect(servers.map(({ name }) => name)).toEqual(await at.client.get('/dedicated/server'));
  expect(servers).toHaveLength(names.length);
  expect(await at.client.list('/dedicated/server', { expand: false })).toHaveLength(25);
});

test('X32: the API makes objects of them, sorted, filtered, in pages', async () => {
  await using at = await world({}, { servers: 25 });
  at.fake.clearLog();
  const sorted = await at.client.list<{ name: string }>('/dedicated/server', { expand: 'server', size: 10, sort: 'name', order: 'DESC' });
  const names = sorted.map(({ name }) => name);
  expect(names).toEqual([...at.fake.state.servers.keys()].toSorted().toReversed());
  expect(at.calls()).toHaveLength(3);
  const [first = ''] = names;
  const filter = [{ key: 'name', op: 'eq', value: first }] as const;
  expect(await at.client.list('/dedicated/server', { expand: 'server', filter })).toMatchObject([{ name: first }]);
});

test('X32: filters are percent-encoded, and like has its wildcard', async () => {
  await using server = await smallServer((response) => response.end('[]'));
  using client = clientOf(server);
  const filter = [
    { key: 'a b', op: 'like', value: '%x&y%' },
    { key: 'n', op: 'in', value: [1, 'z,z'] },
  ] as const;
  await client.list('/x', { expand: 'server', filter, fresh: true });
  expect(server.received[0]?.headers).toMatchObject({
    'x-pagination-filter': 'a%20b:like=%25x%26y%25&n:in=1,z%2Cz',
    'x-pagination-mode': 'CachedObjectList-Pages',
    'x-pagination-number': '1',
    pragma: 'no-cache',
  });
});

test('X32: a route that lists ids all the same is expanded in parallel; then it cannot have been filtered', async () => {
  await using server = await smallServer((response, { target }) => {
    response.end(/\/x(\?|$)/.test(target) ? '["a","b"]' : JSON.stringify({ id: target.at(-1) }));
  });
  using client = clientOf(server);
  expect(await client.list('/x', { expand: 'server', query: { q: 1 } })).toEqual([{ id: 'a' }, { id: 'b' }]);
  expect(server.received.map(({ target }) => target)).toEqual(['/1.0/x?q=1', '/1.0/x/a', '/1.0/x/b']);
  expect(await failureOf(client.list('/x', { expand: 'server', sort: 'id' }))).toBeInstanceOf(PaginationError);
  expect(await failureOf(client.list('/x', { sort: 'id' }))).toBeInstanceOf(InvalidCallError);
});

test('expand: throw, skip, collect; odd ids are encoded; a failing one fails alone', async () => {
  await using server = await smallServer((response, { target }) => {
    const bad = target.endsWith('bad');
    response.writeHead(bad ? 404 : 200).end(bad ? '{"class":"Client::NotFound","message":"no"}' : JSON.stringify(target));
  });
  using client = clientOf(server);
  const ids = ['192.0.2.0/28', 'bad', 7];
  expect(await failureOf(client.expand('/ip', ids))).toBeInstanceOf(ResourceNotFoundError);
  expect(await client.expand('/ip/', ids, { onItemError: 'skip' })).toEqual(['/1.0/ip/192.0.2.0%2F28', '/1.0/ip/7']);
  const all = await client.expand('/ip', ids, { onItemError: 'collect' });
  expect(all.map(({ id, error }) => [id, error instanceof ResourceNotFoundError])).toEqual([
    ['192.0.2.0/28', false],
    ['bad', true],
    [7, false],
  ]);
  expect(await client.expand('/ip', [])).toEqual([]);
});

test('expand: when one fails and that is to be thrown, the rest is not asked for', async () => {
  await using server = await smallServer((response) => response.writeHead(404).end('{"message":"no"}'));
  using client = clientOf(server);
  const ids = Array.from({ length: 50 }, (_, id) => id);
  expect(await failureOf(client.expand('/x', ids, { concurrency: 2 }))).toBeInstanceOf(ResourceNotFoundError);
  expect(server.received.length).toBeLessThan(5);
  expect(await client.expand('/x', ids, { onItemError: 'skip' })).toEqual([]);
  expect(server.received.length).toBeGreaterThanOrEqual(50);
});

test('row 43: ids that no number holds are expanded with all their digits', async () => {
  await using server = await smallServer((response, { target }) => {
    response.end(target.endsWith('/x') ? '[9007199254740993, 1]' : JSON.stringify(target));
  });
  using client = clientOf(server, { bigints: 'bigint' });
  expect(await client.list('/x')).toEqual(['/1.0/x/9007199254740993', '/1.0/x/1']);
});

test('500 servers with a tenth of all calls failing: complete and in order', async () => {
  await using at = await world({ retry: { maxAttempts: 12 } }, { servers: 500 });
  const names = await at.client.get<string[]>('/dedicated/server');
  const faults = [429, 500, 502, 503].map((status) => ({ kind: 'status' as const, status, ...(status === 429 ? { retryAfter: 1 } : {}) }));
  at.fake.faults.sometimes('GET /dedicated/server/*', 0.1, ...(faults as [(typeof faults)[0]]));
  const servers = await at.client.expand<{ name: string }>('/dedicated/server', names);
  expect(servers.map(({ name }) => name)).toEqual(names);
  expect(at.slept.length).toBeGreaterThan(10);
});

test('X33 row 56: a batch takes a few calls, in the order of the ids', async () => {
  await using at = await world({}, { servers: 25 });
  const names = await at.client.get<string[]>('/dedicated/server');
  at.fake.clearLog();
  const servers = await at.client.batch<{ name: string }>('/dedicated/server', names.toReversed(), { chunk: 10 });
  expect(servers.map(({ name }) => name)).toEqual(names.toReversed());
  expect(at.fake.log.map(({ headers }) => headers['x-ovh-batch'])).toEqual([',', ',', ',']);
});

test('X33: an API that knows no batch is asked one by one', async () => {
  for (const answer of ['{"message":"no"}', '{"a":1}', '[{"value":1}]', '[1,2]']) {
    await using server = await smallServer((response, { target }) => {
      const batch = target.includes(',');
      response.writeHead(batch && answer.includes('no') ? 404 : 200).end(batch ? answer : JSON.stringify({ at: target }));
    });
    using client = clientOf(server);
    expect(await client.batch('/x', ['a', 'b'])).toEqual([{ at: '/1.0/x/a' }, { at: '/1.0/x/b' }]);
  }
});

test('X33: items are matched by their key; one without a value is an error of its own', async () => {
  await using server = await smallServer((response) => response.end('[{"key":"b","value":2},{"key":"a","error":{"message":"no"}}]'));
  using client = clientOf(server);
  const items = await client.batch('/x', ['a', 'b'], { onItemError: 'collect' });
  expect(items).toMatchObject([
    { id: 'a', error: { answer: { key: 'a' } } },
    { id: 'b', value: 2 },
  ]);
  expect(items[0]?.error).toBeInstanceOf(BatchItemError);
});

test('X33: an id with the separator is refused before anything is sent, and a 500 is not hidden', async () => {
  await using server = await smallServer((response) => response.writeHead(500).end());
  using client = clientOf(server, { retry: false });
  expect(await failureOf(client.batch('/x', ['a,b']))).toBeInstanceOf(InvalidCallError);
  expect(server.received).toEqual([]);
  expect(await failureOf(client.batch('/x', ['a;b', 'c'], { separator: ';' }))).toBeInstanceOf(InvalidCallError);
  expect(await failureOf(client.batch('/x', ['a', 'b']))).toMatchObject({ code: 'OVH_SERVER' });
});
