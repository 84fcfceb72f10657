import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { describe, expect, test } from 'vitest';
import { fairlead } from './support/cli.ts';
import { inProcess } from './support/output.ts';
import { FREE_PORTS, serve } from './support/serve.ts';

const ENDPOINT = 'https://cloud.example/client/api';

function initArgs(folder: string, ...more: readonly string[]): string[] {
  return [
    'init',
    '--dir',
    join(folder, 'etc'),
    '--state-dir',
    join(folder, 'state'),
    '--endpoint',
    ENDPOINT,
    '--public-ip',
    '127.0.0.1',
    ...more,
  ];
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe('init', () => {
  test('writes files that only their owner reads, and prints no secret; what it wrote is accepted and serves', {
    timeout: 60_000,
  }, async () => {
    await using folder = await tempDir('init-');
    const file = join(folder.path, 'etc', 'fairlead.ini');

    const made = await fairlead(initArgs(folder.path));

    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/Certificate authority of this gateway: ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
    const secret = (await readFile(join(folder.path, 'etc', 'hmac_secret'), 'utf8')).trim();
    expect(secret.length).toBeGreaterThanOrEqual(64);
    expect(made.stdout + (await readFile(file, 'utf8'))).not.toContain(secret);
    const files = [file, join(folder.path, 'etc', 'hmac_secret'), join(folder.path, 'state', 'tls', 'ca.key')];
    expect(await Promise.all(files.map(modeOf))).toEqual(['600', '600', '600']);
    expect(await inProcess(['config', 'check', '--config', file])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: `${file}: no mistakes; bridges on: image, ovirt\n`,
    });
    await using gateway = await serve(file, { FAIRLEAD_SERVER_HOST: '127.0.0.1', ...FREE_PORTS });
    expect(await gateway.get('/healthz', join(folder.path, 'state', 'tls', 'ca.crt'))).toEqual({ status: 200, body: 'ok\n' });
    expect(await gateway.stop()).toMatchObject({ code: 0 });
    expect(gateway.cli.stdout).not.toContain(secret);
  });

  test('a second run refuses and leaves everything as it was', async () => {
    await using folder = await tempDir('init-');
    await inProcess(initArgs(folder.path));
    const before = await readFile(join(folder.path, 'etc', 'hmac_secret'), 'utf8');

    const again = await inProcess(initArgs(folder.path));

    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('exists already');
    expect(again.stderr).toContain('(CLI_INIT_EXISTS)');
    expect(await readFile(join(folder.path, 'etc', 'hmac_secret'), 'utf8')).toBe(before);
  });

  test('a configuration that is there already is kept, and no secret is put beside it', async () => {
    await using folder = await tempDir('init-');
    await mkdir(join(folder.path, 'etc'));
    await writeFile(join(folder.path, 'etc', 'fairlead.ini'), '# mine\n');

    const told = await inProcess(initArgs(folder.path));

    expect(told.code).toBe(1);
    expect(await readdir(join(folder.path, 'etc'))).toEqual(['fairlead.ini']);
  });

  test('an endpoint that is none is told before anything is written', async () => {
    await using folder = await tempDir('init-');

    const told = await inProcess(initArgs(folder.path, '--endpoint', 'cloud.example'));

    expect(told).toMatchObject({ code: 78, stdout: '' });
    expect(told.stderr).toContain('[cloudstack] endpoint');
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('--no-image leaves the image server out', async () => {
    await using folder = await tempDir('init-');

    await inProcess(initArgs(folder.path, '--no-image'));

    expect((await inProcess(['config', 'check', '--config', join(folder.path, 'etc', 'fairlead.ini')])).stdout).toContain(
      'bridges on: ovirt\n',
    );
  });

  test('the CCE API alone asks for no cloud, and its configuration can be served', async () => {
    await using folder = await tempDir('init-');
    const words = ['init', '--dir', folder.path, '--state-dir', join(folder.path, 'state'), '--public-ip', '127.0.0.1', '--cce', 'demo'];
    const told = await inProcess(words);
    const text = await readFile(join(folder.path, 'fairlead.ini'), 'utf8');

    expect(told.code).toBe(0);
    expect(told.stdout).not.toContain('cloudstack');
    expect(text).toContain('backend = embedded\nfixtures = demo');
    expect(text).not.toContain('[ovirt]');
    expect((await inProcess(['config', 'check', '--config', join(folder.path, 'fairlead.ini')])).code).toBe(0);
  });
});
