import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OvhWorld } from './support/ovh.ts';

let world: OvhWorld;
let folder: string;
beforeAll(async () => {
  world = await OvhWorld.start({ servers: 1, vps: 1, projects: 1, instances: 1, domains: 1, ips: 1 });
  folder = world.place('documents');
  await world.runWith({}, 'schema', 'update', '--endpoint', world.fake.apiUrl, '--folder', folder);
});
afterAll(() => world[Symbol.asyncDispose]());

/** Without any key: documents are public. */
const schema = (...words: readonly string[]) => world.runWith({}, 'schema', ...words);

test('schema update fetches the documents without a key, into a folder of the endpoint unless one is named', async () => {
  world.fake.clearLog();
  const first = await schema('update', '--endpoint', world.fake.apiUrl, '--json');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const told = JSON.parse(first.stdout) as { folder: string; documents: number; changed: string[] };
  expect(told.folder).toContain(join('home', '.cache', 'fairlead'));
  expect(told.changed).toEqual(expect.arrayContaining(['vps', 'dedicated/server', 'v2/iam']));
  expect((await readdir(told.folder, { recursive: true })).filter((name) => name.endsWith('.json'))).toHaveLength(told.documents);
  expect(world.fake.log.some(({ headers }) => 'x-ovh-signature' in headers || 'authorization' in headers)).toBe(false);

  const again = await schema('update', 'vps', '--endpoint', world.fake.apiUrl);
  expect(again.stdout).toBe(`1 documents are in ${told.folder}, 0 of them new or changed.\n`);
  expect(await schema('list', '--endpoint', world.fake.apiUrl)).toMatchObject({ code: 0, stderr: '' });
});

test('schema update: a section that is not there is told; exit code 3 when others were fetched, else that of the refusal', async () => {
  const words = ['--endpoint', world.fake.apiUrl, '--folder', world.place('some')];
  expect(await schema('update', 'vps', 'nonsense', ...words)).toMatchObject({ code: 3, stderr: expect.stringContaining('nonsense') });
  expect(await schema('update', 'nonsense', ...words)).toMatchObject({ code: 66, stdout: '' });
  expect(await schema('update', '../../etc', ...words)).toMatchObject({ code: 64, stdout: '' });
});

test('schema update from an endpoint that is away is exit code 69', async () => {
  const ended = await schema('update', '--endpoint', 'http://127.0.0.1:9/1.0', '--retry', '0', '--folder', world.place('away'));
  expect(ended).toMatchObject({ code: 69, stdout: '' });
});

test('schema list shows the sections, or the routes of one', async () => {
  const sections = JSON.parse((await schema('list', '--folder', folder, '--json')).stdout) as { section: string; operations: number }[];
  expect(sections.find(({ section }) => section === 'vps')?.operations).toBeGreaterThan(5);
  const routes = await schema('list', 'dedicated/server', '--folder', folder);
  expect(routes.stdout).toMatch(/^POST +\/dedicated\/server\/\{serviceName\}\/reboot/m);
  expect(await schema('list', 'nonsense', '--folder', folder)).toMatchObject({ code: 66, stdout: '' });
});

test('schema describe tells parameters, rights, the access rule and the models of a route', async () => {
  const { code, stdout, stderr } = await schema('describe', 'GET', '/vps/{serviceName}', '--folder', folder);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^GET \/vps\/\{serviceName\}$/m);
  expect(stdout).toMatch(/^ +rule +GET:\/vps\/\*$/m);
  expect(stdout).toMatch(/^ +rights +vps:apiovh:get/m);
  expect(stdout).toMatch(/^ +serviceName +path +string +required/m);
  expect(stdout).toMatch(/^vps\.VPSWithIAM$/m);
  expect(stdout).not.toMatch(/^PUT /m);
  expect((await schema('describe', '/vps/vps-1.example.net', '--folder', folder)).stdout).toContain('GET /vps/{serviceName}');
  expect(JSON.parse((await schema('describe', '/auth/time', '--folder', folder, '--json')).stdout)).toMatchObject({
    path: '/auth/time',
    operations: [{ method: 'GET', noAuth: true }],
  });
});

test('schema search finds routes by words', async () => {
  expect((await schema('search', 'reboot', '--folder', folder)).stdout).toContain('/dedicated/server/{serviceName}/reboot');
  expect(await schema('search', 'qwertz', '--folder', folder)).toMatchObject({ code: 66, stdout: '' });
});

test.each([
  ['describe', '/nothing/at/all', 66],
  ['describe', 'PATCH /vps', 66],
  ['describe', 'nonsense', 64],
  ['search', '', 64],
])('schema %s %j is exit code %i', async (word, text, code) => {
  expect(await schema(word, text, '--folder', folder)).toMatchObject({ code, stdout: '' });
});

test('without documents the way to them is told', async () => {
  const ended = await schema('list', '--folder', world.place('nowhere'));
  expect(ended).toMatchObject({ code: 66, stdout: '', stderr: expect.stringContaining('fairlead ovh schema update') });
  expect(JSON.parse((await schema('list', '--folder', world.place('nowhere'), '--json')).stderr)).toMatchObject({
    code: 'CLI_OVH_NO_SCHEMA',
  });
});

test('a document that is none is an error that names it', async () => {
  await mkdir(world.place('bad'));
  await writeFile(world.place('bad', 'vps.json'), '{"openapi":');
  expect(await schema('list', '--folder', world.place('bad'))).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('vps.json'),
  });
});

test('schema diff tells what was added and removed, and with --exit-code ends with 3', async () => {
  const before = world.place('before');
  await schema('update', 'vps', '--endpoint', world.fake.apiUrl, '--folder', before);
  const after = world.place('after');
  await schema('update', 'vps', 'ip', '--endpoint', world.fake.apiUrl, '--folder', after);

  expect(await schema('diff', before, before, '--exit-code')).toEqual({ code: 0, stdout: 'No route differs.\n', stderr: '' });
  const { code, stdout } = await schema('diff', before, after);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\+ GET \/ip /m);
  expect(stdout).not.toMatch(/^-/m);
  const back = await schema('diff', after, before, '--exit-code', '--json');
  expect(back.code).toBe(3);
  expect(JSON.parse(back.stdout)).toMatchObject({ added: [], removed: expect.arrayContaining([expect.objectContaining({ path: '/ip' })]) });
  expect(await schema('diff', before, world.place('nowhere'))).toMatchObject({ code: 66, stdout: '' });
});

test('schema generate writes types and metadata, the same for the same documents', async () => {
  const out = world.place('types');
  const words = ['generate', '--from', folder, '--out', out, '--universe', 'eu', '--date', '2026-11-22'];
  expect(await schema(...words)).toMatchObject({ code: 0, stderr: '' });
  const types = await readFile(join(out, 'eu.ts'), 'utf8');
  expect(types).toContain("'GET /vps/{serviceName}'");
  expect(JSON.parse(await readFile(join(out, 'eu.metadata.json'), 'utf8'))).toHaveProperty('routes');
  await schema(...words);
  expect(await readFile(join(out, 'eu.ts'), 'utf8')).toBe(types);
});

test.each([
  ['--universe', '../eu'],
  ['--date', 'yesterday'],
  ['--date', '2026-13-40'],
])('schema generate %s %s is wrong usage', async (...words) => {
  expect(await schema('generate', '--from', folder, '--out', world.place('none'), ...words)).toMatchObject({ code: 64, stdout: '' });
});
