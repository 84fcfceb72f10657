import { expect, test } from 'vitest';
import { FakeOvh, type Json, type Row } from '../src/fake/index.ts';
import { member, signed } from './support/fake-caller.ts';

function names(json: Json): string[] {
  return (json as Row[]).map((row) => String(row.name));
}

async function cursorWalk(fake: FakeOvh, target: string, size: number): Promise<Json[][]> {
  const pages: Json[][] = [];
  let cursor: string | undefined;
  do {
    const headers: Record<string, string> = {
      'X-Pagination-Size': String(size),
      ...(cursor === undefined ? {} : { 'X-Pagination-Cursor': cursor }),
    };
    const reply = await signed(fake, 'GET', target, { headers });
    expect(reply.status).toBe(200);
    pages.push(reply.json as Json[]);
    cursor = reply.headers['x-pagination-cursor-next'] as string | undefined;
  } while (cursor !== undefined && pages.length < 100);
  return pages;
}

test.each([1, 3, 12, 13, 500])('X31 pages of %i are together what there is, in order', async (size) => {
  await using fake = await FakeOvh.start();
  const pages = await cursorWalk(fake, '/v2/iam/resource?resourceType=dedicatedServer', size);
  expect(pages.flat().map((row) => (row as Row).name)).toEqual([...fake.state.servers.keys()]);
  expect(pages.map((page) => page.length)).toEqual(size >= 12 ? [12] : Array.from({ length: 12 / size }, () => size));
});

test('X31 no page: an empty list without a cursor; 25 by default', async () => {
  await using fake = await FakeOvh.start({ servers: 26, vps: 0 });
  expect(await cursorWalk(fake, '/v2/iam/resource?resourceType=vps', 5)).toEqual([[]]);
  expect((await signed(fake, 'GET', '/v2/iam/resource?resourceType=dedicatedServer')).json).toHaveLength(25);
});

test.each(['nonsense', 'MTA6MDAwMDAwMDAwMDAwMDAwMA', '%'])('X31 the cursor %j is invalid', async (cursor) => {
  await using fake = await FakeOvh.start();
  const reply = await signed(fake, 'GET', '/v2/iam/resource', { headers: { 'X-Pagination-Cursor': cursor } });
  expect([reply.status, member(reply, 'message')]).toEqual([400, 'invalid cursor']);
});

test('X31 a cursor counts only with the filters it was given for', async () => {
  await using fake = await FakeOvh.start();
  const headers = { 'X-Pagination-Size': '2' };
  const first = await signed(fake, 'GET', '/v2/iam/resource?resourceType=vps', { headers });
  const cursor = String(first.headers['x-pagination-cursor-next']);
  const next = { headers: { ...headers, 'X-Pagination-Cursor': cursor } };
  expect((await signed(fake, 'GET', '/v2/iam/resource?resourceType=vps', next)).status).toBe(200);
  expect((await signed(fake, 'GET', '/v2/iam/resource', next)).status).toBe(400);
});

test('W10 several types in one query', async () => {
  await using fake = await FakeOvh.start();
  const reply = await signed(fake, 'GET', '/v2/iam/resource?resourceType=dedicatedServer&resourceType=vps');
  expect(new Set((reply.json as Row[]).map((row) => row.type))).toEqual(new Set(['dedicatedServer', 'vps']));
});

test('X32 a list of v1 gives objects to those who ask for them, sorted and by pages', async () => {
  await using fake = await FakeOvh.start();
  const mode = { 'X-Pagination-Mode': 'CachedObjectList-Pages', 'X-Pagination-Size': '5', 'X-Pagination-Sort': 'serverId' };
  const pages: string[] = [];
  for (const page of ['1', '2', '3', '4']) {
    const headers = { ...mode, 'X-Pagination-Sort-Order': 'DESC', 'X-Pagination-Number': page };
    const reply = await signed(fake, 'GET', '/1.0/dedicated/server', { headers });
    expect(reply.headers['x-pagination-elements']).toBe('12');
    pages.push(...names(reply.json));
  }
  expect(pages).toEqual([...fake.state.servers.keys()].reverse());
});

test('X32 objects by cursor', async () => {
  await using fake = await FakeOvh.start();
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const headers: Record<string, string> = { 'X-Pagination-Mode': 'CachedObjectList-Cursor', 'X-Pagination-Size': '5' };
    if (cursor !== undefined) headers['X-Pagination-Cursor'] = cursor;
    const reply = await signed(fake, 'GET', '/1.0/dedicated/server', { headers });
    found.push(...names(reply.json));
    cursor = reply.headers['x-pagination-cursor-next'] as string | undefined;
  } while (cursor !== undefined);
  expect(found).toEqual([...fake.state.servers.keys()]);
});

test.each([
  ['name:eq=NAME', (row: Row, name: string) => row.name === name],
  ['name:ne=NAME', (row: Row, name: string) => row.name !== name],
  ['datacenter:in=gra3%2Crbx8', (row: Row) => ['gra3', 'rbx8'].includes(String(row.datacenter))],
  ['name:like=ns%25.eu', () => true],
  ['serverId:gt=1234580&serverId:lt=1234590', (row: Row) => Number(row.serverId) > 1_234_580 && Number(row.serverId) < 1_234_590],
  ['iam.tags.env:eq=prod', (row: Row) => ((row.iam as Row).tags as Row).env === 'prod'],
] as const)('X32 the filter %s', async (filter, holds) => {
  await using fake = await FakeOvh.start();
  const rows = [...fake.state.servers.values()].map(({ server }) => server);
  const name = String(rows[3]?.name);
  const headers = { 'X-Pagination-Mode': 'CachedObjectList-Pages', 'X-Pagination-Filter': filter.replace('NAME', name) };
  const reply = await signed(fake, 'GET', '/1.0/dedicated/server', { headers });
  const wanted = rows.filter((row) => holds(row, name)).map((row) => row.name);
  expect(wanted).not.toEqual([]);
  expect(names(reply.json)).toEqual(wanted);
});

test.each([
  { 'X-Pagination-Filter': 'name' },
  { 'X-Pagination-Filter': 'name:is=x' },
  { 'X-Pagination-Filter': 'name:eq=%zz' },
  { 'X-Pagination-Number': '0' },
  { 'X-Pagination-Size': 'many' },
])('X32 %j is refused', async (header) => {
  await using fake = await FakeOvh.start();
  const headers: Record<string, string> = { 'X-Pagination-Mode': 'CachedObjectList-Pages' };
  expect((await signed(fake, 'GET', '/1.0/dedicated/server', { headers: { ...headers, ...header } })).status).toBe(400);
});

test('X32 lists of scalars stay as they are, whatever mode is asked for', async () => {
  await using fake = await FakeOvh.start();
  const [name] = fake.state.servers.keys();
  const reply = await signed(fake, 'GET', `/1.0/dedicated/server/${name}/ips`, {
    headers: { 'X-Pagination-Mode': 'CachedObjectList-Pages' },
  });
  expect(reply.json).toEqual(fake.state.servers.get(name ?? '')?.ips);
  expect(reply.headers['x-pagination-elements']).toBeUndefined();
});

test('X33 W13 a batch answers item by item, one missing among them', async () => {
  await using fake = await FakeOvh.start();
  const [first, second] = fake.state.servers.keys();
  const reply = await signed(fake, 'GET', `/1.0/dedicated/server/${first},none,${second}/serviceInfos`, {
    headers: { 'X-Ovh-Batch': ',' },
  });
  expect(reply.json).toMatchObject([
    { key: first, value: { domain: first } },
    { key: 'none', value: null, error: { class: 'Client::NotFound' } },
    { key: second, value: { domain: second } },
  ]);
  expect((await signed(fake, 'GET', `/1.0/dedicated/server/${first},${second}`)).status).toBe(404);
});

test.each([
  ['{"env":[{"operator":"EQ","value":"prod"}]}', (tags: Row) => tags.env === 'prod'],
  ['{"env":[{"operator":"NEQ","value":"prod"}]}', (tags: Row) => tags.env !== 'prod'],
  ['{"team":[{"operator":"EXISTS"}]}', (tags: Row) => tags.team !== undefined],
  ['{"team":[{"operator":"NEXISTS"}]}', (tags: Row) => tags.team === undefined],
  ['{"env":[{"operator":"LIKE","value":"pr%"}]}', (tags: Row) => String(tags.env).startsWith('pr')],
  ['{"env":[{"operator":"ILIKE","value":"PR%"}]}', (tags: Row) => String(tags.env).startsWith('pr')],
] as const)('X22 V22 W15 the tags %s', async (filter, holds) => {
  await using fake = await FakeOvh.start({ servers: 40 });
  const wanted = [...fake.state.servers].filter(([, { server }]) => holds((server.iam as Row).tags as Row)).map(([name]) => name);
  expect(wanted).not.toEqual([]);
  const query = encodeURIComponent(filter);
  expect((await signed(fake, 'GET', `/1.0/dedicated/server?iamTags=${query}`)).json).toEqual(wanted);
  const resources = await signed(fake, 'GET', `/v2/iam/resource?resourceType=dedicatedServer&tags=${query}`, {
    headers: { 'X-Pagination-Size': '100' },
  });
  expect(names(resources.json)).toEqual(wanted);
});

test.each(['[]', '{"env":"prod"}', '{"env":[{"operator":"OR","value":"x"}]}', '{'])('X22 the tags %s are refused', async (filter) => {
  await using fake = await FakeOvh.start();
  expect((await signed(fake, 'GET', `/1.0/vps?iamTags=${encodeURIComponent(filter)}`)).status).toBe(400);
});
