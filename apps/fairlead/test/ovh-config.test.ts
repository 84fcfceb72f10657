import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OvhWorld } from './support/ovh.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const HOME_FILE = `; mine
[default]
endpoint = ovh-ca  ; far away

[ovh-ca]
application_key = ABCDEFGH12345678
application_secret = hush-secret
consumer_key = hush-consumer

# of the shop
[profile:shop]
endpoint = ovh-eu
client_id = the-id
client_secret = hush-client

; of others
[profile:other]
endpoint = ovh-us
`;

let world: OvhWorld;
let home = '';
beforeEach(async () => {
  world = await OvhWorld.start({ servers: 0 });
  home = join(world.place('home'), '.ovh.conf');
  await writeFile(home, HOME_FILE, { mode: 0o600 });
});
afterEach(() => world[Symbol.asyncDispose]());

const config = (...words: readonly string[]) => world.runWith({}, 'config', ...words);
const local = () => join(world.place('work'), 'ovh.conf');

async function modeOf(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8);
}

test('show tells each key, where it stands, and what hides it, but no secret', async () => {
  const { code, stdout, stderr } = await world.runWith({ OVH_CONSUMER_KEY: 'hush-variable' }, 'config', 'show');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^endpoint +ovh-ca +${home}:3 \\[default\\]$`, 'm'));
  expect(stdout).toMatch(/^application_key +ABCD… +.*:6 \[ovh-ca\]$/m);
  expect(stdout).toMatch(/^consumer_key +\[redacted\] +variable OVH_CONSUMER_KEY$/m);
  expect(stdout).toMatch(/^consumer_key +\[redacted\] +.*:8 \[ovh-ca\] +hidden by OVH_CONSUMER_KEY$/m);
  expect(stdout).not.toContain('hush');
});

test('show as JSON, and of a profile', async () => {
  const { stdout } = await config('show', '--profile', 'shop', '--json');
  const rows = JSON.parse(stdout) as { key: string }[];
  expect(rows.find((row) => row.key === 'client_secret')).toMatchObject({ value: '[redacted]', file: home, line: 14 });
  expect(rows.find((row) => row.key === 'endpoint')).toMatchObject({ value: 'ovh-eu', name: '[profile:shop]' });
  expect(stdout).not.toContain('hush');
});

test('show without any key shows what there is, and says what is missing', async () => {
  await writeFile(home, '[default]\nendpoint = ovh-us\n');
  const { code, stdout, stderr } = await config('show');
  expect(code).toBe(78);
  expect(stdout).toMatch(/^endpoint +ovh-us/m);
  expect(stderr).toContain('no credentials for ovh-us');
});

test('a file with secrets that others may read is warned of', async () => {
  await chmod(home, 0o644);
  expect((await config('show')).stderr).toContain(`warning: ${home}: others may read this file, and it holds secrets: chmod 600`);
});

test('a file that cannot be understood is named with its line, not with what it says', async () => {
  await writeFile(home, '[ovh-eu]\napplication_secret hush\n');
  const { code, stderr } = await config('show');
  expect(code).toBe(78);
  expect(stderr).toContain(`${home}:2:`);
  expect(stderr).not.toContain('hush');
});

test('path lists the files in their order', async () => {
  await mkdir(local());
  const { stdout } = await world.runWith({ OVH_CONFIG: '~/named.conf' }, 'config', 'path', '--json');
  expect(JSON.parse(stdout)).toEqual([
    { path: join(world.place('home'), 'named.conf'), kind: 'named', state: 'absent' },
    { path: local(), kind: 'working folder', state: 'a folder' },
    { path: home, kind: 'home', state: 'read' },
    { path: '/etc/ovh.conf', kind: 'system', state: expect.any(String) },
  ]);
  expect((await config('path')).stdout).toMatch(/\.ovh\.conf +home +read/);
});

test('get prints a value, of a secret only where it stands', async () => {
  expect(await config('get', 'endpoint')).toEqual({ code: 0, stdout: 'ovh-ca\n', stderr: `${home}:3 [default]\n` });
  expect(await config('get', 'CONSUMER_KEY')).toEqual({ code: 0, stdout: '[redacted]\n', stderr: `${home}:8 [ovh-ca]\n` });
  expect(await config('get', 'access_token')).toMatchObject({ code: 66, stdout: '' });
  expect((await config('get', 'nonsense')).stderr).toContain('there is no key nonsense');
});

test('set changes one line of the file that has the section, and nothing else', async () => {
  const file = await world.write('secret', 'new-consumer\n');
  const { code, stdout } = await config('set', 'consumer_key', `@${file}`);
  expect(code).toBe(0);
  expect(stdout).toBe(`consumer_key was kept in ${home} [ovh-ca].\n`);
  expect(await readFile(home, 'utf8')).toBe(HOME_FILE.replace('hush-consumer', 'new-consumer'));
  expect(await modeOf(home)).toBe('600');
});

test('set takes no secret as a word', async () => {
  const { code, stdout, stderr } = await config('set', 'application_secret', 'hush-word');
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain('process list');
  expect(stderr).not.toContain('hush-word');
  expect(await readFile(home, 'utf8')).toBe(HOME_FILE);
});

test('set reads a secret from the standard input, with or without saying so', async () => {
  for (const [words, value] of [
    [[], 'piped-one'],
    [['@-'], 'piped-two'],
  ] as const) {
    const { status, stderr } = piped(['config', 'set', 'consumer_key', ...words], `${value}\n`);
    expect([status, stderr]).toEqual([0, '']);
    expect(await readFile(home, 'utf8')).toBe(HOME_FILE.replace('hush-consumer', value));
  }
  expect(piped(['config', 'set', 'consumer_key'], '')).toMatchObject({ status: 64, stdout: '' });
});

/** The binary, with something on its standard input. */
function piped(words: readonly string[], input: string) {
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: world.place('home') };
  const args = ['--conditions=@fairlead/source', MAIN, 'ovh', ...words];
  return spawnSync(process.execPath, args, { input, env, cwd: world.place('work'), encoding: 'utf8', timeout: 30_000 });
}

test.each([
  ['an unknown key', ['set', 'consumerkey', 'x'], 64],
  ['no value', ['set', 'endpoint'], 64],
  ['a value of two lines', ['set', 'application_key', 'a\nb'], 64],
  ['an endpoint that nobody knows', ['set', 'endpoint', 'ovh-ue'], 78],
  ['an endpoint to which secrets would go in clear', ['set', 'endpoint', 'http://api.example/1.0'], 78],
  ['a profile that is not there', ['set', 'profile', 'absent'], 66],
  ['a file of a value that is not there', ['set', 'consumer_key', '@/absent/file'], 66],
  ['a profile that cannot be made', ['set', 'endpoint', 'ovh-eu', '--profile', 'a]b'], 64],
])('set refuses %s', async (_what, words, exit) => {
  expect(await config(...words)).toMatchObject({ code: exit, stdout: '' });
  expect(await readFile(home, 'utf8')).toBe(HOME_FILE);
});

test('set for a profile writes into the file that has it, though a higher file exists', async () => {
  await writeFile(local(), '[default]\nprofile = shop\n');
  const { stdout } = await config('set', 'client_id', 'another');
  expect(stdout).toContain(`${home} [profile:shop]`);
  expect(await readFile(home, 'utf8')).toBe(HOME_FILE.replace('the-id', 'another'));
});

test('set makes a new profile, a new file where --config names one, and a file at home where there is none', async () => {
  expect((await config('set', 'endpoint', 'ovh-eu', '--profile', 'fresh')).stdout).toContain(`${home} [profile:fresh]`);
  const named = world.place('named.conf');
  expect((await config('set', 'application_key', 'AK', '--config', named, '--endpoint', 'ovh-eu')).stdout).toContain(`${named} [ovh-eu]`);
  expect(await readFile(named, 'utf8')).toBe('[ovh-eu]\napplication_key = AK\n');
  expect(await modeOf(named)).toBe('600');
});

test('set says when what was written has no effect', async () => {
  const { code, stderr } = await world.runWith({ OVH_ENDPOINT: 'ovh-us' }, 'config', 'set', 'endpoint', 'ovh-eu');
  expect(code).toBe(0);
  expect(stderr).toContain('it has no effect, since variable OVH_ENDPOINT goes before it');
});

test('set takes the rights of others away, says so, and follows a link', async () => {
  const real = await world.write('real.conf', '[ovh-eu]\nconsumer_key = x\n', 0o644);
  await chmod(real, 0o644);
  await symlink(real, local());
  const file = await world.write('secret', 'y');
  const { stderr } = await config('set', 'consumer_key', `@${file}`, '--endpoint', 'ovh-eu');
  expect(stderr).toContain('could be read by others');
  expect([await readFile(real, 'utf8'), await modeOf(real)]).toEqual(['[ovh-eu]\nconsumer_key = y\n', '600']);
});

test('profile list marks the one in use', async () => {
  expect((await config('profile', 'list')).stdout).not.toContain('*');
  const { stdout } = await world.runWith({ OVH_PROFILE: 'shop' }, 'config', 'profile', 'list');
  expect(stdout).toMatch(/^\* +shop +ovh-eu/m);
  expect(stdout).toMatch(/^ +other +ovh-us/m);
  await writeFile(home, '');
  expect(await config('profile', 'list')).toEqual({ code: 0, stdout: '', stderr: 'There are no profiles.\n' });
});

test('profile use writes the choice, and default takes it back', async () => {
  expect((await config('profile', 'use', 'shop')).stdout).toBe(`The profile shop is used from now on: ${home} [default].\n`);
  expect((await config('get', 'profile')).stdout).toBe('shop\n');
  expect(await config('profile', 'use', 'absent')).toMatchObject({ code: 66, stdout: '' });
  expect((await config('profile', 'use', 'default')).code).toBe(0);
  expect(await readFile(home, 'utf8')).toBe(HOME_FILE);
  expect((await config('profile', 'use', 'default')).stdout).toBe('No profile is in use.\n');
});

test('set profile is profile use', async () => {
  expect((await config('set', 'profile', 'shop')).stdout).toBe(`The profile shop is used from now on: ${home} [default].\n`);
});

test('profile use says when a variable goes before it', async () => {
  const { stderr } = await world.runWith({ OVH_PROFILE: 'other' }, 'config', 'profile', 'use', 'shop');
  expect(stderr).toContain('OVH_PROFILE says other');
});

test('profile delete takes the section out, and leaves every other line', async () => {
  await config('profile', 'use', 'shop');
  const { code, stdout, stderr } = await config('profile', 'delete', 'shop');
  expect(code).toBe(0);
  expect(stdout).toBe(`The profile shop was taken out of ${home}.\n`);
  expect(stderr).toContain('It was the one in use');
  const gone = '[profile:shop]\nendpoint = ovh-eu\nclient_id = the-id\nclient_secret = hush-client\n';
  expect(await readFile(home, 'utf8')).toBe(HOME_FILE.replace(gone, ''));
  expect(await modeOf(home)).toBe('600');
});

test('profile delete refuses default, what is not there, and a file in which the section cannot be told apart', async () => {
  expect(await config('profile', 'delete', 'default')).toMatchObject({ code: 64, stdout: '' });
  expect(await config('profile', 'delete', 'absent')).toMatchObject({ code: 66, stdout: '' });
  const odd = '[profile:odd]\nendpoint = ovh-eu\n[ovh-eu]\nheader.X = a\n  [profile:odd]\nconsumer_key = hush\n';
  await writeFile(home, odd);
  expect(await config('profile', 'delete', 'odd')).toMatchObject({ code: 78, stdout: '' });
  expect(await readFile(home, 'utf8')).toBe(odd);
});
