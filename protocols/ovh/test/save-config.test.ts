import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config/read-sources.ts';
import { saveConfig } from '../src/config/save-config.ts';
import { ConfigurationError } from '../src/errors/errors.ts';

const mode = async (path: string) => (await stat(path)).mode & 0o777;

test('a consumer key is kept in a file that only its owner reads, and found again', async () => {
  await using dir = await tempDir('ovh-');
  const file = join(dir.path, 'ovh.conf');
  await saveConfig(file, 'ovh-eu', { application_key: 'AK', application_secret: 'AS', consumer_key: 'CK' });
  expect(await mode(file)).toBe(0o600);
  expect(loadConfig({ env: false, files: [file] }).auth.method).toBe('application');
  expect(await readdir(dir.path)).toEqual(['ovh.conf']);
});

test('X27: a file that others could read is theirs no more, and keeps its comments', async () => {
  await using dir = await tempDir('ovh-');
  const file = join(dir.path, 'ovh.conf');
  await writeFile(file, '# mine\n[ovh-eu]\nconsumer_key=old\n');
  await chmod(file, 0o644);
  await saveConfig(file, 'ovh-eu', { consumer_key: 'new' });
  expect(await readFile(file, 'utf8')).toBe('# mine\n[ovh-eu]\nconsumer_key=new\n');
  expect(await mode(file)).toBe(0o600);
});

test('a link stays a link', async () => {
  await using dir = await tempDir('ovh-');
  await mkdir(join(dir.path, 'real'));
  const real = join(dir.path, 'real', 'ovh.conf');
  await writeFile(real, '');
  await symlink(real, join(dir.path, 'link.conf'));
  await saveConfig(join(dir.path, 'link.conf'), 's', { k: 'v' });
  expect(await readFile(real, 'utf8')).toBe('[s]\nk = v\n');
  expect((await readdir(dir.path)).sort()).toEqual(['link.conf', 'real']);
});

test('what cannot be read or written is an error that leaves nothing behind', async () => {
  await using dir = await tempDir('ovh-');
  await writeFile(join(dir.path, 'broken.conf'), '[open');
  await expect(saveConfig(join(dir.path, 'broken.conf'), 's', { k: 'v' })).rejects.toThrow(ConfigurationError);
  await expect(saveConfig(dir.path, 's', { k: 'v' })).rejects.toThrow(/cannot be read \(EISDIR\)/);
  await expect(saveConfig(join(dir.path, 'gone', 'ovh.conf'), 's', { k: 'v' })).rejects.toThrow(/cannot be written \(ENOENT\)/);
  await writeFile(join(dir.path, 'latin.conf'), Buffer.of(0x23, 0xe9));
  await expect(saveConfig(join(dir.path, 'latin.conf'), 's', { k: 'v' })).rejects.toThrow(/no UTF-8/);
  expect((await readdir(dir.path)).sort()).toEqual(['broken.conf', 'latin.conf']);
});
