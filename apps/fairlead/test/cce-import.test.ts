import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TempDir, tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunningCli } from './support/cli.ts';
import { inProcess } from './support/output.ts';

let folder: TempDir;
let cced: RunningCli;
let exported: string;
beforeAll(async () => {
  folder = await tempDir('ci-');
  await writeFile(place('password'), 'blueonyx\n', { mode: 0o600 });
  cced = new RunningCli(
    ['cced', '--data', place('data'), '--demo', '--extensions', '--socket', place('s'), '--admin-socket', place('a/s')],
    {
      endless: true,
      env: { FAIRLEAD_CCE_AUTH_FAIL_DELAY: 'false' },
    },
  );
  await cced.says(/CSCP is served.*\n.*CSCP is served/);
  ({ stdout: exported } = await asAdmin('export'));
  await writeFile(place('all.json'), exported);
});
afterAll(async () => {
  await cced[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const place = (name: string) => join(folder.path, name);
const asAdmin = (...words: readonly string[]) => inProcess(['cce', '--socket', place('a/s'), ...words]);
const importInto = (data: string, file: string, ...more: readonly string[]) =>
  inProcess(['cce', 'import', place(file), '--data', place(data), ...more]);

async function writeObjects(name: string, ...objects: readonly object[]): Promise<string> {
  await writeFile(place(name), objects.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return name;
}

test('what was exported is imported whole under its own OIDs, and once only', async () => {
  expect(await importInto('new', 'all.json')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ objects were put\.\n$/) });
  const again = JSON.parse((await importInto('new', 'all.json', '--json')).stdout) as {
    put: number;
    there: { oid: number; class: string }[];
  };
  expect(again).toMatchObject({ put: 0, there: expect.arrayContaining([{ oid: 34, class: 'Vsite' }]) });
  expect(again.there).toHaveLength(exported.trimEnd().split('\n').length);

  await using other = new RunningCli(['cced', '--data', place('new'), '--socket', place('o')], { endless: true });
  await other.says(/CSCP is served/);
  const asked = ['--user', 'admin', '--password-file', place('password')];
  expect((await inProcess(['cce', '--socket', place('o'), ...asked, 'export'])).stdout).toBe(exported);
});

test('a running engine finds what is imported beside it, and what was there stays', async () => {
  const file = await writeObjects(
    'two.json',
    { oid: 56, class: 'User', values: { '': { description: 'from the file' } } },
    { oid: 7001, class: 'mx2', values: { '': { domain: 'a.test', mapto: 'b.test' } } },
  );
  expect(await importInto('data', file)).toEqual({
    code: 0,
    stdout: '1 objects were put.\n1 were there already and stay as they are:\noid  class\n───  ─────\n56   User\n',
    stderr: '',
  });
  expect(JSON.parse((await asAdmin('get', '7001', '--json')).stdout)).toMatchObject({ domain: 'a.test' });
  expect((await asAdmin('get', '56')).stdout).not.toContain('from the file');
  expect((await asAdmin('create', 'mx2', 'domain=c.test', 'mapto=d.test')).stdout).not.toBe('7001\n');
});

const GOOD = { oid: 7100, class: 'mx2', values: { '': { domain: 'good.test' } } };

test.each<[string, object | string]>([
  ['there is no class Foo', { oid: 7101, class: 'Foo', values: {} }],
  ['class User has no namespace Foo', { oid: 7101, class: 'User', values: { Foo: {} } }],
  ['mx2 has no property foo', { oid: 7101, class: 'mx2', values: { '': { foo: '1' } } }],
  ['mx2 has no property __proto__', '{"oid":7101,"class":"mx2","values":{"":{"__proto__":"1"}}}'],
  ['0 of a mx2 is no OID', { oid: 0, class: 'mx2', values: {} }],
  ['2147483648 of a mx2 is no OID', { oid: 2_147_483_648, class: 'mx2', values: {} }],
  ['object 7100 stands there twice', { oid: 7100, class: 'mx2', values: {} }],
  ['object 34 is a Vsite here, and a mx2 in the file', { oid: 34, class: 'mx2', values: {} }],
  ['object 2: something else than objects', { oid: 7101, class: 'mx2', values: { '': { domain: 5 } } }],
  ['object 2: something else than objects', { oid: 7101, class: 'mx2', values: { '': { domain: 'a\0b' } } }],
  [':2 holds something else than JSON', '{"oid":'],
])('one object that cannot be put keeps all out: %s', async (reason, bad) => {
  await writeFile(place('bad.json'), `${JSON.stringify(GOOD)}\n${typeof bad === 'string' ? bad : JSON.stringify(bad)}\n`);
  const ended = await importInto('data', 'bad.json');
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(reason) });
  expect((await asAdmin('get', '7100')).code).toBe(66);
});

test('a value that must be unique keeps all out as well', async () => {
  const name = JSON.parse((await asAdmin('get', '56', '--json')).stdout).name as string;
  await writeObjects('bad.json', GOOD, { oid: 7102, class: 'User', values: { '': { name } } });
  expect(await importInto('data', 'bad.json')).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was imported') });
  expect((await asAdmin('get', '7100')).code).toBe(66);
});

test('a new database does not begin with half of what it needs, and import goes over no socket', async () => {
  const file = await writeObjects('one.json', GOOD);
  expect(await importInto('empty', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('the file has no System') });
  expect(await asAdmin('import', place(file))).toMatchObject({ code: 64 });
});

test('watch prints what is committed, as text and as JSON, until it has enough', async () => {
  const texts = inProcess(['cce', '--socket', place('a/s'), 'watch', 'User.description', '--count', '2']);
  const lines = inProcess(['cce', '--socket', place('a/s'), 'watch', 'User', '--count', '1', '--json']);
  let round = 0;
  const ended = await until(async () => {
    round += 1;
    await asAdmin('set', '56', `description=round ${round}`);
    return await Promise.race([Promise.all([texts, lines]), asAdmin('WHOAMI').then(() => undefined)]);
  });
  const [text, json] = ended;
  expect(text).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(\S+ 56\.\.description\n){2}$/), stderr: 'watching\n' });
  expect(JSON.parse(json.stdout)).toEqual({ transaction: expect.any(String), event: '56..description' });
});

test.each<[number, string, readonly string[]]>([
  [64, 'is not of the form', ['a.b.c.d']],
  [64, '--count takes', ['--count', '0']],
  [1, '301 UNKNOWN CLASS Foo', ['Foo']],
])('watch ends with exit code %i: %s', async (code, reason, words) => {
  expect(await asAdmin('watch', ...words)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(reason) });
});

test('apicfg brings a file to what System.API says, and keeps what it does not know', async () => {
  const file = place('cfg/cced-api.conf');
  await asAdmin('set', '1.API', 'enabled=1', 'apiHosts=&192.0.2.7&', 'api_access=&192.0.2.0/24&192.0.2.7&', 'token_lifetime=600');
  const run = (...words: readonly string[]) => asAdmin('apicfg', '--file', file, ...words);
  expect(await run()).toEqual({ code: 0, stdout: `${file} was written; SIGHUP lets the gateway read it.\n`, stderr: '' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const first = await readFile(file, 'utf8');
  expect(first.split('\n')).toEqual(
    expect.arrayContaining(['enabled = true', 'enable_http = false', 'api_access = 192.0.2.7, 192.0.2.0/24', 'token_lifetime = 600']),
  );
  expect((await run()).stdout).toContain('nothing was changed');

  await writeFile(file, `# mine\nmax_body = 4096\n${first}`);
  await asAdmin('set', '1.API', 'forceHTTPS=0', 'enable_http=1', 'api_access=', 'apiHosts=');
  expect(await run()).toMatchObject({ code: 0, stderr: expect.stringContaining('http_listen_address') });
  expect(await readFile(file, 'utf8')).toBe(
    `# mine\nmax_body = 4096\n${first.replace('enable_http = false', 'enable_http = true').replace(/api_access = .*/, 'api_access = ')}`,
  );
  await writeFile(
    place('gateway.ini'),
    `[security]\nhmac_secret = ${'x'.repeat(48)}\n[cce]\nconf_file = ${file}\nhttp_listen_address = 127.0.0.1:0\n`,
  );
  expect(await inProcess(['config', 'check', '--config', place('gateway.ini')])).toMatchObject({ code: 0 });
});

test.each(['listen_address=127.0.0.1:9092 # all', 'listen_address=nowhere', 'token_lifetime=0'])(
  'apicfg does not write what a gateway would not start with: %s',
  async (pair) => {
    const file = place('none/cced-api.conf');
    const [key = ''] = pair.split('=');
    const before = JSON.parse((await asAdmin('get', '1.API', '--json')).stdout) as Record<string, string>;
    expect(await asAdmin('set', '1.API', pair)).toMatchObject({ code: 0 });
    expect(await asAdmin('apicfg', '--file', file)).toMatchObject({ code: 1, stderr: expect.stringContaining(`System.API ${key}`) });
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    await asAdmin('set', '1.API', `${key}=${before[key]}`);
  },
);

test('apicfg adds no line to a file, whatever stands in the database', async () => {
  await writeFile(place('value'), '/run/s\nallow_any = true\n');
  await asAdmin('set', '1.API', `unix_socket_path=@${place('value')}`);
  const ended = await asAdmin('apicfg', '--file', place('none/cced-api.conf'));
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('unix_socket_path') });
  await asAdmin('set', '1.API', 'unix_socket_path=/usr/sausalito/cced.socket');
});

test('VERSION and SCHEMA are asked as any command', async () => {
  expect(JSON.parse((await asAdmin('VERSION', '--json')).stdout)).toMatchObject({ cscp: '0.99' });
  expect((await asAdmin('SCHEMA User Disk')).stdout).toMatch(/^properties\.quota\.type +int$/m);
  expect(await asAdmin('WATCH')).toMatchObject({ code: 64, stderr: expect.stringContaining('fairlead cce watch') });
});
