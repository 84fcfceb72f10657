import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TempDir, tempDir } from '@fairlead/testkit/temp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { RunningCli } from './support/cli.ts';
import { inProcess } from './support/output.ts';

let folder: TempDir;
let cced: RunningCli;
beforeAll(async () => {
  folder = await tempDir('cl-');
  await writeFile(join(folder.path, 'password'), 'blueonyx\n', { mode: 0o600 });
  await writeFile(join(folder.path, 'wrong'), 'guess\n');
  await writeFile(join(folder.path, 'new-password'), 'Correct-Horse-9\n');
  cced = startCced();
  await cced.says(/CSCP is served.*\n.*CSCP is served/);
});
afterAll(async () => {
  await cced[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function startCced(...more: readonly string[]): RunningCli {
  const sockets = ['--socket', place('cced.socket'), '--admin-socket', place('admin/cced.socket')];
  return new RunningCli(['cced', '--data', place('data'), '--demo', ...sockets, ...more], {
    endless: true,
    env: { FAIRLEAD_CCE_AUTH_FAIL_DELAY: 'false' },
  });
}

const place = (name: string) => join(folder.path, name);
const asAdmin = (...words: readonly string[]) => inProcess(['cce', '--socket', place('admin/cced.socket'), ...words]);
const asNobody = (...words: readonly string[]) => inProcess(['cce', '--socket', place('cced.socket'), ...words]);
const asUser = (password: string, ...words: readonly string[]) => asNobody('--user', 'admin', '--password-file', place(password), ...words);

test('a raw command is carried out, as one word or as several', async () => {
  expect(await asNobody('WHOAMI')).toEqual({ code: 0, stdout: '-1\n', stderr: '' });
  expect(await asNobody('find vsite')).toMatchObject({ code: 66 });
  expect(await asNobody('FIND', 'Vsite', 'name = "site1"')).toEqual({ code: 0, stdout: '34\n', stderr: '' });
});

test('an object is shown as a table and as JSON', async () => {
  const { stdout } = await asAdmin('get', '6', 'Shell');
  expect(stdout.split('\n')).toEqual(['property   value', '─────────  ─────', 'CLASSVER   1.0', 'NAMESPACE  Shell', 'enabled    1', '']);
  expect(await asAdmin('get', '6.Shell', '--json')).toMatchObject({
    code: 0,
    stdout: '{"CLASSVER":"1.0","NAMESPACE":"Shell","enabled":"1"}\n',
  });
});

test('objects are made, changed, found, sorted and destroyed', async () => {
  const made = await asAdmin('create', 'Route', 'target=10.1.0.0', 'netmask=255.255.0.0');
  const oid = made.stdout.trim();
  expect(oid).toMatch(/^\d+$/);
  expect(await asAdmin('set', oid, 'gateway=10.1.0.1')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await asAdmin('find', 'Route', 'gateway~^10\\.1', 'netmask=255.255.0.0', '--json')).toMatchObject({ stdout: `["${oid}"]\n` });
  expect((await asAdmin('find', 'User', '--sort', 'name')).stdout.split('\n').slice(0, 2)).toEqual(['6', '60']);
  expect(await asAdmin('destroy', oid)).toMatchObject({ code: 0 });
  expect(await asAdmin('destroy', oid)).toMatchObject({ code: 66, stderr: expect.stringContaining(`unknown object ${oid}`) });
});

test('namespaces and classes are listed', async () => {
  expect((await asNobody('names', 'User')).stdout.split('\n').slice(0, 2)).toEqual(['Shell', 'Email']);
  expect(JSON.parse((await asNobody('classes', '--json')).stdout)).toContain('Vsite');
});

test.each<[string, number, readonly string[]]>([
  ['a namespace that is not there', 66, ['get', '6', 'fluxcompensator']],
  ['a class that is not there', 66, ['create', 'Foo', 'a=1']],
  ['a bad value', 1, ['set', '1.Snmp', 'enabled=5']],
  ['an unknown property', 1, ['set', '1', 'foo=5']],
  ['what is no OID', 64, ['get', 'abc']],
  ['what is no pair', 64, ['set', '1', 'enabled']],
  ['a bad pattern', 1, ['find', 'User', 'name~(']],
  ['what is no command', 64, ['PING']],
])('%s ends with exit code %i', async (_, code, words) => {
  expect(await asAdmin(...words)).toMatchObject({ code, stdout: '' });
});

test('who may not do it is told so', async () => {
  expect(await asNobody('set', '1', 'productName=x')).toMatchObject({
    code: 77,
    stderr: expect.stringContaining('permission denied: productName'),
  });
  expect(await asUser('wrong', 'whoami')).toMatchObject({ code: 77 });
  expect(await asUser('password', 'WHOAMI')).toMatchObject({ code: 0, stdout: '6\n' });
});

test('a socket on the command line wins over a URL of the environment', async () => {
  vi.stubEnv('FAIRLEAD_CCE_URL', 'http://127.0.0.1:1');
  expect(await asNobody('names', '6')).toMatchObject({ code: 0 });
  expect(await inProcess(['cce', 'WHOAMI'])).toMatchObject({ code: 69 });
  vi.unstubAllEnvs();
});

test('no cced is an outage', async () => {
  expect(await inProcess(['cce', '--socket', place('nothing'), 'WHOAMI'])).toMatchObject({ code: 69 });
});

test('a password is taken from a file, and refused on the command line', async () => {
  expect(await asAdmin('set', '56', 'password=Plain-Text-9')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('password is a secret'),
  });
  expect(await asAdmin('SET 56 password = "Plain-Text-9"')).toMatchObject({ code: 64 });
  expect(await asAdmin('AUTH admin blueonyx')).toMatchObject({ code: 64, stderr: expect.stringContaining('--user') });
  const name = JSON.parse((await asAdmin('get', '56', '--json')).stdout).name as string;
  expect(await asAdmin('set', '56', `password=@${place('new-password')}`)).toMatchObject({ code: 0, stdout: '' });
  const login = await asNobody('--user', name, '--password-file', place('new-password'), 'WHOAMI');
  expect(login).toMatchObject({ code: 0, stdout: '56\n' });
});

test('what a terminal would obey is shown, not sent to it', async () => {
  await writeFile(place('hostile'), '\u001b]0;owned\u0007 \u202etxt');
  expect(await asAdmin('set', '58', `description=@${place('hostile')}`)).toMatchObject({ code: 0 });
  const { stdout } = await asAdmin('get', '58');
  expect(stdout).toContain('\\x1b]0;owned\\x07 \\u202etxt');
  expect(stdout).not.toContain('\u001b');
});

test('a database is exported whole, and another cced begins with it', async () => {
  const exported = await asAdmin('export');
  expect(exported.code).toBe(0);
  await writeFile(place('objects.json'), exported.stdout);
  const env = { FAIRLEAD_CCE_FIXTURES: place('objects.json'), FAIRLEAD_CCE_AUTH_FAIL_DELAY: 'false' };
  await using other = new RunningCli(['cced', '--data', place('other'), '--socket', place('other.socket')], { endless: true, env });
  await other.says(/CSCP is served/);
  const asked = ['--user', 'admin', '--password-file', place('password')];
  const again = await inProcess(['cce', '--socket', place('other.socket'), ...asked, 'export']);
  expect(again.stdout.split('\n')).toEqual(exported.stdout.split('\n'));
});

test('schemas and bindings are checked', async () => {
  await writeFile(place('good.schema'), '<class name="A"><property name="a" type="t" /></class><typedef name="t" type="re" data="." />');
  expect(await inProcess(['cce', 'lint', folder.path])).toMatchObject({ code: 0 });
  await writeFile(place('bad.schema'), '<class name="B"><property name="b" type="nothing" /></class>');
  await writeFile(place('bad.conf'), 'nonsense\n');
  const { code, stdout } = await inProcess(['cce', 'lint', folder.path]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^error: bad\.schema:\d+: .*nothing/m);
  expect(stdout).toMatch(/^error: bad\.conf:1: /m);
  expect(await inProcess(['cce', 'lint', place('admin')])).toMatchObject({ code: 64 });
});

test('a demo needs no place: it makes one and takes it away', async () => {
  const env = { TMPDIR: place('tmp') };
  await mkdir(env.TMPDIR);
  {
    await using demo = new RunningCli(['cced', '--demo', '--socket', place('demo.socket')], { endless: true, env });
    await demo.says(/CSCP is served/);
    expect((await inProcess(['cce', '--socket', place('demo.socket'), 'find', 'Vsite', 'fqdn=t1.smd.net'])).stdout.trim()).toBe('34');
    expect(await readdir(env.TMPDIR)).toHaveLength(1);
  }
  expect(await readdir(env.TMPDIR)).toEqual([]);
});

test('a cced alone keeps its data, its secret for itself, and what was destroyed stays destroyed', async () => {
  expect((await stat(place('data/secret'))).mode & 0o777).toBe(0o600);
  expect(await asAdmin('destroy', '45')).toMatchObject({ code: 0 });
  await cced[Symbol.asyncDispose]();
  expect(cced.stdout).not.toContain((await readFile(place('data/secret'), 'utf8')).trim());
  cced = startCced('--read-only');
  await cced.says(/CSCP is served.*\n.*CSCP is served/);
  expect(await asAdmin('get', '45')).toMatchObject({ code: 66 });
  expect((await asAdmin('set', '1', 'productBuild=x')).code).not.toBe(0);
});
