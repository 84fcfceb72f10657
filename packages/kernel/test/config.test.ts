import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findConfigFile, kernelSections, loadConfig, SecuritySection, ServerSection, SslSection, showConfig } from '../src/config/index.ts';
import { newFolder } from './folder.ts';

const sections = kernelSections;
const hmac = 'correct-horse-battery-staple-4711-0815';

test('the file is the flag, else the variable, else the one here', async () => {
  await using folder = await newFolder();
  await writeFile(folder.file('fairlead.ini'), '');
  const env = { FAIRLEAD_CONFIG: '/of/variable.ini' };

  expect(findConfigFile({ flag: 'my.ini', env, cwd: folder.path })).toBe(folder.file('my.ini'));
  expect(findConfigFile({ env, cwd: folder.path })).toBe('/of/variable.ini');
  expect(findConfigFile({ env: { FAIRLEAD_CONFIG: '' }, cwd: folder.path })).toBe(folder.file('fairlead.ini'));
});

test('a file is read, relative paths count from its folder, mistakes name it', async () => {
  await using folder = await newFolder();
  await writeFile(folder.file('my.ini'), '[ssl]\ncert_file = tls/a.crt\n');
  await writeFile(folder.file('bad.ini'), '[server]\nport = x\n');

  expect(loadConfig({ file: folder.file('my.ini'), env: {}, sections }).value(SslSection).cert_file).toBe(folder.file('tls/a.crt'));
  expect(() => loadConfig({ file: folder.file('bad.ini'), env: {}, sections })).toThrow(/bad\.ini:2: \[server\] port: found "x"/);
});

test('without a file there are defaults', () => {
  expect(loadConfig({ env: {}, sections }).value(ServerSection)).toMatchObject({ host: '::', port: 8443 });
});

test('a file that is not there, not UTF-8, or too long is a mistake', async () => {
  await using folder = await newFolder();
  await writeFile(folder.file('latin.ini'), Buffer.from('[server]\nhost = \xfc\n', 'latin1'));
  await writeFile(folder.file('long.ini'), '#'.repeat(1_048_577));
  await mkdir(folder.file('folder.ini'));
  const reportOf = (name: string) => () => loadConfig({ file: folder.file(name), env: {}, sections });

  expect(reportOf('none.ini')).toThrow(/none\.ini: file: found no readable file \(ENOENT\)/);
  expect(reportOf('latin.ini')).toThrow(/no UTF-8/);
  expect(reportOf('long.ini')).toThrow(/1048577 bytes/);
  expect(reportOf('folder.ini')).toThrow(/EISDIR/);
});

test('a secret is read from the file it names, and files that everybody may read are warned about', async () => {
  await using folder = await newFolder();
  await writeFile(folder.file('secret'), `${hmac}\n`, { mode: 0o600 });
  const text = `[security]\nhmac_secret = @${folder.file('secret')}\n`;
  const config = loadConfig({ text, env: {}, sections });

  expect(config.value(SecuritySection).hmac_secret).toBe(hmac);
  expect(config.secrets).toEqual([hmac]);
  expect(config.warnings).toEqual([]);
  expect(showConfig(config)).toContain(`hmac_secret = @${folder.file('secret')}`);
  await chmod(folder.file('secret'), 0o644);
  expect(loadConfig({ text, env: {}, sections }).warnings).toEqual([
    expect.stringContaining(`${folder.file('secret')} holds [security] hmac_secret`),
  ]);
});

test('a configuration with secrets that everybody may read is warned about once', async () => {
  await using folder = await newFolder();
  await writeFile(folder.file('my.ini'), `[security]\nhmac_secret = ${hmac}\nformer_hmac_secret = ${hmac}1\n`);
  await chmod(folder.file('my.ini'), 0o644);
  const load = () => loadConfig({ file: folder.file('my.ini'), env: {}, sections });

  expect(load().warnings).toEqual([expect.stringContaining('my.ini holds secrets such as [security] hmac_secret')]);
  await chmod(folder.file('my.ini'), 0o640);
  expect(load().warnings).toEqual([]);
});

test('a secret file that is missing, short or huge is a mistake that does not quote it', async () => {
  await using folder = await newFolder();
  await writeFile(folder.file('short'), 'hush-4711');
  await writeFile(folder.file('huge'), 'x'.repeat(70_000));
  const messageOf = (name: string): string => {
    try {
      loadConfig({ text: `[security]\nhmac_secret = @${folder.file(name)}\n`, env: {}, sections });
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  expect(messageOf('none')).toContain('ENOENT');
  expect(messageOf('short')).toContain('found 9 bytes');
  expect(messageOf('short')).not.toContain('hush');
  expect(messageOf('huge')).toContain('more than 65536 bytes');
});
