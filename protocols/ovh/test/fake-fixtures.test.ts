import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeClock, FakeOvh, type Fixtures, type Row, readFixtures } from '../src/fake/index.ts';
import { signed } from './support/fake-caller.ts';

const NOW = 1_800_000_000_000;
const NAME = 'ns1.example.net';

/** A folder of such files that is gone afterwards. */
async function folderOf(files: Readonly<Record<string, string>>) {
  const path = await mkdtemp(join(tmpdir(), 'fake-fixtures-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function start(fixtures: Fixtures) {
  return FakeOvh.start({ clock: new FakeClock(NOW), fixtures });
}

async function read(fake: FakeOvh, path: string) {
  return (await signed(fake, 'GET', `/1.0${path}`)).json;
}

test('a server of a fixture is the only one, and what it leaves out is made up', async () => {
  const server = {
    name: NAME,
    ip: '198.51.100.7',
    os: 'none_64',
    iam: { tags: { env: 'lab' } },
    serviceInfos: { expiration: '2031-02-03' },
  };
  await using fake = await start({ servers: [server] });
  expect(await read(fake, '/dedicated/server')).toEqual([NAME]);
  expect(await read(fake, `/dedicated/server/${NAME}`)).toMatchObject({
    name: NAME,
    ip: '198.51.100.7',
    os: 'none_64',
    serverId: expect.any(Number),
    iam: { urn: `urn:v1:eu:resource:dedicatedServer:${NAME}`, tags: { env: 'lab' } },
  });
  expect(await read(fake, `/dedicated/server/${NAME}/serviceInfos`)).toMatchObject({ domain: NAME, expiration: '2031-02-03' });
  expect(await read(fake, `/dedicated/server/${NAME}/ips`)).toContain('198.51.100.7/32');
  expect(await read(fake, '/ip/198.51.100.7%2F32')).toMatchObject({ routedTo: { serviceName: NAME } });
  const ids = (await read(fake, `/services?resourceName=${NAME}`)) as number[];
  expect(ids).toHaveLength(1);
  expect(await read(fake, `/services/${ids[0]}`)).toMatchObject({ billing: { expirationDate: '2031-02-03T00:00:00+00:00' } });
});

test('parts of a fixture replace the made-up ones: lists whole, objects by their members', async () => {
  const task = { taskId: 5, function: 'reinstallServer', status: 'todo' };
  const server = { name: NAME, hardware: { description: 'TOWER' }, ips: ['203.0.113.1/32'], tasks: [task], nics: [] };
  await using fake = await start({ servers: [server], vps: [], projects: [{ instances: [{ id: 'i1', name: 'one' }] }] });
  const base = `/dedicated/server/${NAME}`;
  expect(await read(fake, `${base}/task`)).toEqual([5]);
  expect(await read(fake, `${base}/task/5`)).toEqual(task);
  expect(await read(fake, `${base}/networkInterfaceController`)).toEqual([]);
  expect(await read(fake, `${base}/ips`)).toEqual(['203.0.113.1/32']);
  expect(await read(fake, `${base}/specifications/hardware`)).toMatchObject({ description: 'TOWER', memorySize: { unit: 'MB' } });
  expect(await read(fake, '/vps')).toEqual([]);
  const [project] = (await read(fake, '/cloud/project')) as string[];
  expect(await read(fake, `/cloud/project/${project}/instance`)).toEqual([{ id: 'i1', name: 'one' }]);
});

test('the account, domains and blocks of a fixture are shown; a reset brings them back', async () => {
  await using fake = await start({
    me: { nichandle: 'zz1-ovh' },
    domains: [{ domain: 'a.example', zone: { hasDnsAnycast: true } }],
    ips: [{ ip: '203.0.113.8/29' }],
  });
  await signed(fake, 'PUT', '/1.0/me', { body: '{"city":"Lille"}' });
  fake.reset();
  expect(await read(fake, '/me')).toMatchObject({ nichandle: 'zz1-ovh', city: 'Roubaix' });
  expect(await read(fake, '/domain')).toEqual(['a.example']);
  expect(await read(fake, '/domain/zone/a.example')).toMatchObject({ name: 'a.example', hasDnsAnycast: true });
  expect(await read(fake, '/ip?isAdditionalIp=true')).toEqual(['203.0.113.8/29']);
});

test('a folder of fixtures is read', async () => {
  await using folder = await folderOf({ 'me.json': '{"city":"Lille"}', 'vps.json': '[{"name":"vps-1"}]', 'notes.txt': 'none' });
  expect(await readFixtures(folder.path)).toEqual({ me: { city: 'Lille' }, vps: [{ name: 'vps-1' }] });
});

test.each([
  [{ 'vps.json': '{}' }, 'vps.json: not an array'],
  [{ 'vps.json': '[1]' }, 'vps.json[0]: not an object'],
  [{ 'me.json': '[]' }, 'me.json: not an object'],
  [{ 'ips.json': '[' }, 'ips.json: '],
  [{ 'server.json': '[]' }, 'server.json: only me.json, servers.json'],
  [{ 'servers.json': '[{"nics":5}]' }, 'The member nics of a fixture has to be a list of objects with mac'],
  [{ 'projects.json': `[${Array.from({ length: 51 }, () => '{}').join()}]` }, 'projects has to be an integer from 0 to 50'],
  [{}, 'has none of me.json'],
] as const)('a folder with %j is refused by name', async (files, reason) => {
  await using folder = await folderOf(files);
  await expect(readFixtures(folder.path)).rejects.toThrow(reason);
});

test.each([
  [{ name: 5 }, 'name of a fixture has to be a text'],
  [{ ip: null }, 'ip of a fixture has to be a text'],
  [{ nics: [{ linkType: 'public' }] }, 'nics of a fixture has to be a list of objects with mac'],
  [{ tasks: 'none' }, 'tasks of a fixture has to be a list of objects with taskId'],
  [{ ips: '203.0.113.1' }, 'ips of a fixture has to be a list'],
  [{ serviceInfos: [] }, 'serviceInfos of a fixture has to be an object'],
] as const)('the fixture %j is refused by its member', async (server, reason) => {
  await expect(start({ servers: [server as Row] })).rejects.toThrow(reason);
});

test('more fixtures than there are addresses are refused', async () => {
  await expect(start({ projects: Array.from({ length: 51 }, () => ({})) })).rejects.toThrow('projects has to be');
});
