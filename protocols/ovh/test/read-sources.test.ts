import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { loadConfig, readSources, type Surroundings } from '../src/config/read-sources.ts';
import type { ConfigurationOptions } from '../src/config/settings.ts';
import { ConfigurationError } from '../src/errors/errors.ts';

/** A folder that has a home, a working directory and an /etc, with what is written there. */
async function world(files: Readonly<Record<string, string | Buffer>> = {}): Promise<AsyncDisposable & { path: string; at: Surroundings }> {
  const dir = await tempDir('ovh-');
  for (const folder of ['home', 'cwd', 'etc']) await mkdir(join(dir.path, folder));
  for (const [path, text] of Object.entries(files)) await writeFile(join(dir.path, path), text, { mode: 0o600 });
  const at = { env: {}, cwd: join(dir.path, 'cwd'), home: join(dir.path, 'home'), etc: join(dir.path, 'etc') };
  return { path: dir.path, at, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() };
}

const CHAIN = {
  'cwd/ovh.conf': '[ovh-eu]\nconsumer_key=CK',
  'home/.ovh.conf': '[ovh-eu]\napplication_secret=AS\nconsumer_key=no',
  'etc/ovh.conf': '[ovh-eu]\napplication_key=AK\napplication_secret=no',
};

function places(options: ConfigurationOptions, at: Surroundings, root: string): string[] {
  return readSources(options, at).files.map((file) => `${file.kind} ${file.path.slice(root.length + 1)}`);
}

test('P33 P34 G31: the chain is the working directory, the home, the system, and what is absent is skipped', async () => {
  await using w = await world(CHAIN);
  expect(places({}, w.at, w.path)).toEqual(['local cwd/ovh.conf', 'user home/.ovh.conf', 'system etc/ovh.conf']);
  const rows = loadConfig({}, w.at)
    .explain()
    .filter((row) => row.present && row.note === undefined && row.file);
  expect(rows.map((row) => [row.key, row.file?.slice(w.path.length + 1), row.line])).toEqual([
    ['application_key', 'etc/ovh.conf', 2],
    ['application_secret', 'home/.ovh.conf', 2],
    ['consumer_key', 'cwd/ovh.conf', 2],
  ]);
});

test('P35: the explicit file comes first, of the option before OVH_CONFIG', async () => {
  await using w = await world({ ...CHAIN, 'cwd/mine.conf': '', 'home/other.conf': '' });
  const env = { OVH_CONFIG: '~/other.conf' };
  expect(places({ configFile: 'mine.conf' }, { ...w.at, env }, w.path)[0]).toBe('explicit cwd/mine.conf');
  expect(places({ config_file: 'mine.conf' }, w.at, w.path)[0]).toBe('explicit cwd/mine.conf');
  expect(places({}, { ...w.at, env }, w.path)).toEqual([
    'explicit home/other.conf',
    'local cwd/ovh.conf',
    'user home/.ovh.conf',
    'system etc/ovh.conf',
  ]);
});

test('G40: only a leading ~/ stands for the home', async () => {
  await using w = await world({ 'home/a.conf': '', 'cwd/~a.conf': '' });
  await mkdir(join(w.path, 'cwd/x'));
  await mkdir(join(w.path, 'cwd/x/~'));
  await writeFile(join(w.path, 'cwd/x/~/a.conf'), '');
  const first = (configFile: string) => places({ configFile }, w.at, w.path)[0];
  expect([first('~/a.conf'), first('~a.conf'), first('x/~/a.conf')]).toEqual([
    'explicit home/a.conf',
    'explicit cwd/~a.conf',
    'explicit cwd/x/~/a.conf',
  ]);
});

test('without files and environment nothing outside the options counts', async () => {
  await using w = await world({ ...CHAIN, 'cwd/only.conf': '[default]\nendpoint=ovh-us' });
  const at = { ...w.at, env: { OVH_ENDPOINT: 'ovh-ca', OVH_CONFIG: 'absent.conf' } };
  expect(readSources({ files: false, env: false }, at)).toEqual({ env: {}, files: [] });
  expect(readSources({ files: false }, at).files).toEqual([]);
  const settings = loadConfig({ auth: 'none', env: false, files: ['only.conf'] }, at);
  expect(settings.endpoint.name).toBe('ovh-us');
  expect(places({ env: false, files: ['only.conf', '~/.ovh.conf'] }, at, w.path)).toEqual([
    'listed cwd/only.conf',
    'listed home/.ovh.conf',
  ]);
  expect(readSources({ env: { OVH_PROFILE: 'p' }, files: false }, at).env).toEqual({ OVH_PROFILE: 'p' });
});

test('P37 G33: a named file that is missing is an error that names it', async () => {
  await using w = await world();
  const missing = join(w.path, 'cwd/gone.conf');
  for (const options of [{ configFile: 'gone.conf' }, { files: ['gone.conf'] }]) {
    expect(() => loadConfig({ auth: 'none', ...options }, w.at)).toThrow(`${missing} does not exist`);
  }
  expect(() => loadConfig({ auth: 'none' }, { ...w.at, env: { OVH_CONFIG: './gone.conf' } })).toThrow(ConfigurationError);
  expect(loadConfig({ auth: 'none' }, w.at).warnings).toEqual([]);
});

test('P39 G35: a directory where a file should be is an error', async () => {
  await using w = await world();
  await mkdir(join(w.path, 'home/.ovh.conf'));
  expect(() => loadConfig({ auth: 'none' }, w.at)).toThrow(/home\/\.ovh\.conf is a directory/);
});

test('text that is no UTF-8 is refused', async () => {
  await using w = await world({ 'cwd/ovh.conf': Buffer.of(0x5b, 0xff, 0x5d) });
  expect(() => loadConfig({ auth: 'none' }, w.at)).toThrow(/ovh\.conf is no UTF-8 text/);
});

test('X25: a mark of byte order is no part of the first section', async () => {
  await using w = await world({ 'cwd/ovh.conf': '\uFEFF[default]\r\nendpoint=ovh-ca\r\n' });
  expect(loadConfig({ auth: 'none' }, w.at).endpoint.name).toBe('ovh-ca');
});

test('X27: rights that let others read secrets are warned of', async () => {
  await using w = await world({ 'home/.ovh.conf': '[ovh-eu]\nconsumer_key=x' });
  expect(loadConfig({ auth: 'none' }, w.at).warnings).toEqual([]);
  await chmod(join(w.path, 'home/.ovh.conf'), 0o644);
  expect(loadConfig({ auth: 'none' }, w.at).warnings.map((warning) => warning.message)).toEqual([
    expect.stringMatching(/home\/\.ovh\.conf: others may read this file.*chmod 600$/),
  ]);
});

test('the file names of old documentation are warned of, and not read', async () => {
  await using w = await world({ 'home/.ovh.cfg': '[default]\nendpoint=ovh-ca', 'etc/ovh.cfg': '' });
  const settings = loadConfig({ auth: 'none' }, w.at);
  expect(settings.endpointSource).toBe('default');
  expect(settings.warnings.map((warning) => warning.file)).toEqual([join(w.path, 'home/.ovh.cfg'), join(w.path, 'etc/ovh.cfg')]);
});
