import { readFile, stat, writeFile } from 'node:fs/promises';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RunningCli } from './support/cli.ts';
import { OvhWorld } from './support/ovh.ts';

let world: OvhWorld;
beforeAll(async () => {
  world = await OvhWorld.start({ servers: 4, vps: 3, projects: 1, instances: 2, domains: 2, ips: 1 });
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.fake.reset());

type Rows = readonly { readonly kind: string; readonly name: string; readonly errors: readonly object[] }[];

const rowsOf = (stdout: string) => JSON.parse(stdout) as Rows;

/** Variables of a key with these rules alone. */
function limitedTo(...paths: readonly string[]): Record<string, string> {
  const { consumerKey } = world.fake.issue({ rules: paths.map((path) => ({ method: 'GET', path })) });
  return { ...world.keys, OVH_CONSUMER_KEY: consumerKey };
}

test('inventory is a table of everything, and standard error stays empty', async () => {
  const { code, stdout, stderr } = await world.run('inventory');
  expect([code, stderr]).toEqual([0, '']);
  const [heading = '', , ...rows] = stdout.trimEnd().split('\n');
  expect(heading).toMatch(/^kind +name +called +state +model +where +address +expires/);
  expect(rows.filter((row) => row.startsWith('baremetal'))).toHaveLength(4);
  for (const kind of ['vps', 'cloud-instance', 'domain', 'ip']) expect(rows.some((row) => row.startsWith(kind))).toBe(true);
});

test.each([
  ['json', (text: string) => expect(rowsOf(text)).toHaveLength(3)],
  [
    'ndjson',
    (text: string) =>
      expect(
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toHaveLength(3),
  ],
  ['csv', (text: string) => expect(text.trimEnd().split(/\r?\n/)).toHaveLength(4)],
  ['ansible', (text: string) => expect(Object.keys(JSON.parse(text)._meta.hostvars)).toHaveLength(3)],
  [
    'prometheus',
    (text: string) => expect(JSON.parse(text)).toEqual(expect.arrayContaining([expect.objectContaining({ labels: expect.any(Object) })])),
  ],
])('inventory --kind vps --format %s', async (format, check) => {
  const { code, stdout, stderr } = await world.run('inventory', '--kind', 'vps', '--format', format);
  expect([code, stderr]).toEqual([0, '']);
  check(stdout);
});

test('inventory --minimal needs one list', async () => {
  const { stdout } = await world.run('inventory', '--minimal', '--json');
  expect(new Set(rowsOf(stdout).map(({ kind }) => kind))).toContain('baremetal');
  expect(world.fake.log.some(({ target }) => target.includes('/serviceInfos'))).toBe(false);
});

test('inventory prints what could be read; exit code 3, what failed, the missing rules, and the command that gets them', async () => {
  const env = limitedTo('/me', '/vps', '/vps/*', '/domain', '/domain/*', '/ip', '/ip/*', '/cloud/project', '/cloud/project/*');
  const { code, stdout, stderr } = await world.runWith(env, 'inventory', '--profile', 'default', '--format', 'json');
  expect(code).toBe(3);
  expect(rowsOf(stdout).some(({ kind }) => kind === 'vps')).toBe(true);
  expect(stderr).toMatch(/^GET \/dedicated\/server: 403 OVH_NOT_GRANTED_CALL: /m);
  const [command = ''] = /^ {2}fairlead ovh .*$/m.exec(stderr) ?? [];
  expect(command).toContain('credential request --profile default --with-current --allow GET:/dedicated/server');
  expect(command).toMatch(/ --wait --save$/);
  expect(stderr).toContain('(CLI_OVH_PARTIAL)');
  expect(stderr + stdout).not.toContain(env.OVH_CONSUMER_KEY);
});

test('the command that a partial inventory tells gets a key that is enough', async () => {
  const env = limitedTo('/me', '/vps', '/vps/*');
  const { stderr } = await world.runWith(env, 'inventory', '--kind', 'vps', '--kind', 'domain');
  const [, words = ''] = /^ {2}fairlead ovh (.*) --wait --save$/m.exec(stderr) ?? [];
  const asked = await world.runWith(env, ...words.split(' ').map((word) => word.replaceAll("'", '')));
  expect(asked.code).toBe(0);
  const [, consumerKey = ''] = /^consumer key +(\S+)$/m.exec(asked.stdout) ?? [];
  world.fake.decide(consumerKey, 'validate');
  const again = await world.runWith({ ...env, OVH_CONSUMER_KEY: consumerKey }, 'inventory', '--kind', 'vps', '--kind', 'domain', '--json');
  expect([again.code, again.stderr]).toEqual([0, '']);
});

test('one failing call never loses a server', async () => {
  world.fake.faults.next('GET /vps/*/ips', { kind: 'status', status: 400 });
  const { code, stdout, stderr } = await world.run('inventory', '--kind', 'vps', '--json');
  expect([code, rowsOf(stdout).length]).toEqual([3, 3]);
  expect(rowsOf(stdout).filter(({ errors }) => errors.length > 0)).toHaveLength(1);
  expect(JSON.parse(stderr)).toMatchObject({
    code: 'CLI_OVH_PARTIAL',
    message: expect.stringContaining('GET /vps/{serviceName}/ips: 400'),
  });
});

test('inventory --account reads the account as the gateway does, and the command for missing rules names it', async () => {
  const { applicationKey, applicationSecret } = world.fake.keys;
  const { consumerKey } = world.fake.issue({ rules: ['/ip', '/v2/iam/resource'].map((path) => ({ method: 'GET', path })) });
  const keys = [`endpoint = ${world.fake.apiUrl}`, `application_key = ${applicationKey}`, `application_secret = ${applicationSecret}`];
  const ini = [
    '[security]',
    `hmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
    '[ovh shop]',
    ...keys,
    `consumer_key = ${consumerKey}`,
  ];
  const file = await world.write('fairlead.ini', ini.join('\n'));
  const { code, stdout, stderr } = await world.runWith(
    {},
    'inventory',
    '--account',
    'shop',
    '-c',
    file,
    '--kind',
    'ip',
    '--format',
    'ndjson',
  );
  expect(code).toBe(3);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { account: string });
  expect(new Set(lines.map(({ account }) => account))).toEqual(new Set(['shop']));
  expect(stderr).toContain(`credential request --account shop --config ${file} --with-current --allow 'GET:/ip/*' --wait\n`);

  const save = await world.runWith({}, 'credential', 'request', '--account', 'shop', '-c', file, '--allow', 'GET:/me', '--save');
  expect(save).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('fairlead.ini') });
});

test('inventory --output replaces the file as a whole and keeps its rights', async () => {
  const file = await world.write('targets.json', 'old', 0o640);
  const { code, stdout, stderr } = await world.run('inventory', '--kind', 'vps', '--format', 'prometheus', '--output', file);
  expect([code, stdout, stderr]).toEqual([0, '', `3 records are in ${file}.\n`]);
  expect(JSON.parse(await readFile(file, 'utf8'))).toBeInstanceOf(Array);
  expect((await stat(file)).mode & 0o777).toBe(0o640);
});

test('inventory --output that cannot be written is refused before anything is read', async () => {
  world.fake.clearLog();
  for (const file of [world.place('no', 'folder'), world.folder]) {
    const ended = await world.run('inventory', '--kind', 'vps', '--output', file);
    expect(ended).toMatchObject({ code: 78, stdout: '', stderr: expect.stringContaining('CLI_OVH_FILE') });
  }
  expect(world.fake.log).toEqual([]);
});

test('inventory --cache asks only for what is not in the file', async () => {
  const cache = world.place('cache.json');
  const words = ['inventory', '--kind', 'vps', '--json', '--cache', cache];
  const first = await world.run(...words);
  expect(first.code).toBe(0);
  expect((await stat(cache)).mode & 0o777).toBe(0o600);
  const calls = world.fake.log.length;
  world.fake.clearLog();
  const second = await world.run(...words);
  expect(rowsOf(second.stdout).map(({ name }) => name)).toEqual(rowsOf(first.stdout).map(({ name }) => name));
  expect(world.fake.log.length).toBeLessThan(calls / 2);
});

test('inventory --cache leaves a file alone that is something else', async () => {
  const file = await world.write('precious.json', '{"a":1}');
  expect(await world.run('inventory', '--cache', file)).toMatchObject({ code: 78, stdout: '', stderr: expect.stringContaining(file) });
  expect(await readFile(file, 'utf8')).toBe('{"a":1}');
});

test('an inventory that is interrupted keeps what it has read', async () => {
  const cache = world.place('interrupted.json');
  await writeFile(cache, '');
  world.fake.faults.next('GET /domain', { kind: 'hang' });
  const env = { ...world.keys, HOME: world.place('home') };
  await using cli = new RunningCli(['ovh', 'inventory', '--kind', 'vps', '--kind', 'domain', '--cache', cache, '--verbose'], { env });
  const isHere = () => cli.stderr.includes('/domain\n') && cli.stderr.split('< 200 ').length > 12;
  await until(isHere, { timeoutMs: 15_000, what: 'the VPS were read' });
  cli.signal('SIGINT');
  expect(await cli.ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('CLI_OVH_INTERRUPTED') });
  expect(Object.keys(JSON.parse(await readFile(cache, 'utf8')).entries)).not.toEqual([]);
});

test('inventory takes several kinds in one word', async () => {
  const { stdout } = await world.run('inventory', '--kind', 'vps,ip', '--json');
  expect(new Set(rowsOf(stdout).map(({ kind }) => kind))).toEqual(new Set(['vps', 'ip']));
});

test.each([
  ['--kind', 'dedicated'],
  ['--format', 'xml'],
  ['--concurrency', '1000'],
  ['--concurrency', '0'],
  ['--json', '--format', 'csv'],
  ['--cache-for', '0'],
])('inventory %s %s is wrong usage: nothing is sent', async (...words) => {
  expect(await world.run('inventory', ...words)).toMatchObject({ code: 64, stdout: '' });
  expect(world.fake.log).toEqual([]);
});

test('an endpoint that is away is exit code 69', async () => {
  const ended = await world.runWith({ ...world.keys, OVH_ENDPOINT: 'http://127.0.0.1:9/1.0' }, 'inventory', '--retry', '0');
  expect(ended).toMatchObject({ code: 69, stdout: '' });
});

test('expiring lists what ends soon, the soonest first', async () => {
  const [server] = world.fake.state.servers.values();
  const { serviceId } = server?.serviceInfos ?? {};
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const service = world.fake.state.services.get(Number(serviceId));
  Object.assign(server?.serviceInfos ?? {}, { expiration: soon });
  Object.assign(service ?? {}, { billing: { ...(service?.billing as object), expirationDate: `${soon}T00:00:00+00:00` } });

  const { code, stdout, stderr } = await world.run('expiring', '--days', '5', '--json');
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({ name: String(server?.server.name), expires: soon, days: 3, reason: 'expiring' }),
  );
  const table = await world.run('expiring', '--days', '400');
  const days = table.stdout
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((line) => line.slice(0, 10));
  expect(days.length).toBeGreaterThan(5);
  expect(days).toEqual(days.toSorted());
});

test('expiring tolerates what the key may not read, and exit code 3 says so', async () => {
  const { code, stderr } = await world.runWith(limitedTo('/me', '/vps', '/vps/*'), 'expiring');
  expect(code).toBe(3);
  expect(stderr).toContain('--with-current');
  expect(await world.run('expiring', '--days', 'soon')).toMatchObject({ code: 64 });
});
