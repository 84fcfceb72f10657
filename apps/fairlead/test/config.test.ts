import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { fairlead } from './support/cli.ts';
import { inProcess } from './support/output.ts';

const SECRET = 'a-secret-that-nobody-may-ever-see-printed';

async function configFile(folder: string, ...lines: readonly string[]): Promise<string> {
  const file = join(folder, 'fairlead.ini');
  await writeFile(file, `${lines.join('\n')}\n`);
  await chmod(file, 0o640);
  return file;
}

test('config check tells every mistake at once, with file, line, key and what is allowed', async () => {
  await using folder = await tempDir();
  const file = await configFile(
    folder.path,
    '[server]',
    'port = eighty',
    'hots = ::',
    '[logging]',
    'level = loud',
    '[clodstack]',
    'endpoint = https://cloud.example/client/api',
    '[security]',
    'hmac_secret = short',
  );

  const checked = await fairlead(['config', 'check', '--config', file]);

  expect(checked.code).toBe(78);
  expect(checked.stdout).toBe('');
  expect(checked.stderr).toMatch(/fairlead\.ini:2: \[server\] port: found "eighty"; allowed: .*65535/);
  expect(checked.stderr).toMatch(/fairlead\.ini:3: \[server\] hots: found an unknown key \(did you mean host\?\); allowed: host, port/);
  expect(checked.stderr).toMatch(/fairlead\.ini:5: \[logging\] level: found "loud"; allowed: one of trace, debug/);
  expect(checked.stderr).toMatch(/fairlead\.ini:6: \[clodstack\]: found an unknown section \(did you mean cloudstack\?\)/);
  expect(checked.stderr).toMatch(/fairlead\.ini:9: \[security\] hmac_secret: /);
  expect(checked.stderr).not.toContain('short');
  expect(checked.stderr).toContain('FAIRLEAD_CONFIG');
});

test('what a bridge that is on needs and nobody gave is a mistake too', async () => {
  await using folder = await tempDir();
  const file = await configFile(folder.path, '[security]', `hmac_secret = ${SECRET}`, '[ovirt]');

  const checked = await inProcess(['config', 'check', '--config', file]);

  expect(checked).toMatchObject({ code: 78 });
  expect(checked.stderr).toContain('[cloudstack] endpoint: found nothing');
});

test('a file that is not there is a mistake of the configuration', async () => {
  const checked = await inProcess(['config', 'check', '--config', '/nowhere/fairlead.ini']);

  expect(checked.code).toBe(78);
  expect(checked.stderr).toContain('/nowhere/fairlead.ini: file: found no readable file (ENOENT)');
});

test('serve refuses a configuration with mistakes as config check does', async () => {
  await using folder = await tempDir();
  const file = await configFile(folder.path, '[server]', 'port = eighty');

  const served = await inProcess(['serve', '--config', file]);

  expect(served.code).toBe(78);
  expect(served.stderr).toContain('fairlead.ini:2: [server] port');
  expect(served.stderr).toContain('[security] hmac_secret: found nothing');
});

test('config show prints what counts and where it comes from, secrets masked', async () => {
  await using folder = await tempDir();
  const file = await configFile(
    folder.path,
    '[security]',
    `hmac_secret = ${SECRET}`,
    '[cloudstack]',
    'endpoint = https://cloud.example/client/api',
    `api_key = key-${SECRET}`,
    `secret_key = ${SECRET}`,
  );

  const shown = await fairlead(['config', 'show'], {
    cwd: folder.path,
    env: { FAIRLEAD_CONFIG: file, FAIRLEAD_SERVER_PORT: '9443', FAIRLEAD_STORE_URL: `postgres://u:${SECRET}@db/x` },
  });

  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('hmac_secret = ********  # fairlead.ini:2');
  expect(shown.stdout).toContain('endpoint = https://cloud.example/client/api  # fairlead.ini:4');
  expect(shown.stdout).toContain('port = 9443  # FAIRLEAD_SERVER_PORT');
  expect(shown.stdout).toContain('url = ********  # FAIRLEAD_STORE_URL');
  expect(shown.stdout).toMatch(/path = \/ovirt-engine {2}# default/);
  expect(shown.stdout + shown.stderr).not.toContain(SECRET);
});

test('config sample names every section, and made active with what it requires it has no mistakes', async () => {
  await using folder = await tempDir();
  const sample = (await inProcess(['config', 'sample'])).stdout;
  for (const section of [
    'server',
    'ssl',
    'security',
    'logging',
    'store',
    'ovirt',
    'cloudstack',
    'image',
    'cce',
    'ovh',
    'cyberapp',
    'connector',
  ]) {
    expect(sample).toContain(`;[${section}]`);
  }
  const active = sample
    .replaceAll(/^;/gm, '')
    .replace('[ovirt profile <name>]', '[ovirt profile customers]')
    .replace('[ovh <account>]', '[ovh main]')
    .replace('[connector <dc>]', '[connector eu8]')
    .replace(/^app_code =$/m, 'app_code = acme.fairlead')
    .replace(/^hmac_secret =$/m, `hmac_secret = ${SECRET}`)
    .replace(/^endpoint =$/m, 'endpoint = https://cloud.example/client/api');
  const file = await configFile(folder.path, active);

  expect(await inProcess(['config', 'check', '--config', file])).toMatchObject({
    code: 0,
    stderr: '',
    stdout: `${file}: no mistakes; bridges on: image, ovirt, cce, ovh, cyberapp\n`,
  });
});
