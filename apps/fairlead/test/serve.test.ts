import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { fairlead, RunningCli } from './support/cli.ts';
import { processesWith } from './support/processes.ts';
import { FREE_PORTS, serve } from './support/serve.ts';

/** Several processes, on a machine that may be busy. */
const SLOW = { timeout: 60_000 };
const SECRET = 'the-secret-of-an-older-installation-0123456789';

/** What the older program read, as its installations have it: `[imageio]`, Python's words for levels, comments behind values. */
function olderConfig(folder: string, endpoint: string): string {
  return `; the configuration of the gateway
[server]
host = 127.0.0.1
port = 443 ; HTTPS
path = /ovirt-engine
public_ip = 127.0.0.1

[ssl]
ca_cert_file = ${folder}/ssl/ca.crt
ca_key_file = ${folder}/ssl/ca.key
cert_file = ${folder}/ssl/server.crt
key_file = ${folder}/ssl/server.key

[cloudstack]
endpoint = ${endpoint}   # the management server

[security]
hmac_secret = ${SECRET}

[logging]
level = WARNING
file = ${folder}/gateway.log

[imageio]
internal_token = 1234567890
`;
}

test(
  'the config.ini of the older program works unchanged: it is accepted, serves, and ends on SIGTERM with nothing left',
  SLOW,
  async () => {
    await using folder = await tempDir('old-');
    await using fake = new RunningCli(['fake', 'cloudstack']);
    const endpoint = (await fake.says(/^endpoint +(\S+)$/m))[1] ?? '';
    const file = join(folder.path, 'config.ini');
    await writeFile(file, olderConfig(folder.path, endpoint), { mode: 0o640 });
    const state = join(folder.path, 'state');
    const env = { ...FREE_PORTS, FAIRLEAD_SERVER_STATE_DIR: state, FAIRLEAD_SERVER_RUN_DIR: join(state, 'run') };

    const checked = await fairlead(['config', 'check', '--config', file], { env });
    expect(checked.code).toBe(0);
    expect(checked.stdout).toBe(`${file}: no mistakes; bridges on: image, ovirt\n`);
    expect(checked.stderr).toContain('[image] internal_token is unused');

    // Its level WARNING would hide the line that tells the ports.
    await using gateway = await serve(file, { ...env, FAIRLEAD_LOGGING_LEVEL: 'INFO' }, { logFile: join(folder.path, 'gateway.log') });
    expect(await gateway.get('/healthz')).toEqual({ status: 200, body: 'ok\n' });
    expect((await gateway.get('/readyz')).status).toBe(200);
    expect((await gateway.get('/ovirt-engine/api')).status).toBe(401);
    expect((await gateway.get('/ovirt-engine/services/pki-resource?resource=ca-certificate&format=X509-PEM-CA')).body).toBe(
      await readFile(join(folder.path, 'ssl', 'ca.crt'), 'utf8'),
    );

    expect(await gateway.stop()).toMatchObject({ code: 0, stderr: '' });
    expect(await processesWith(folder.path)).toEqual([]);
    expect(await filesBelow(join(state, 'run'))).toEqual([]);
    expect(await readFile(join(folder.path, 'gateway.log'), 'utf8')).not.toContain(SECRET);
  },
);

test('SIGTERM ends the daemon while a client keeps its connection', SLOW, async () => {
  await using folder = await tempDir('keep-');
  const file = join(folder.path, 'fairlead.ini');
  await writeFile(
    file,
    `[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\nstate_dir = ${folder.path}\nrun_dir = ${folder.path}/run\n[security]\nhmac_secret = ${SECRET}\n`,
    {
      mode: 0o600,
    },
  );
  await using gateway = await serve(file);
  const agent = new Agent({ keepAlive: true, ca: await readFile(join(folder.path, 'tls', 'ca.crt'), 'utf8') });
  await new Promise((resolve, reject) => {
    get(`${gateway.addresses.main}/healthz`, { agent }, (answer) => answer.resume().on('end', resolve)).on('error', reject);
  });

  expect(await gateway.stop()).toMatchObject({ code: 0 });
  agent.destroy();
});

test('a port that is taken is told, and the daemon ends with 1', async () => {
  await using folder = await tempDir('taken-');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const file = join(folder.path, 'fairlead.ini');
  await writeFile(
    file,
    `[server]\nhost = 127.0.0.1\nport = ${port}\nstate_dir = ${folder.path}\nrun_dir = ${folder.path}/run\n[security]\nhmac_secret = ${SECRET}\n`,
    {
      mode: 0o600,
    },
  );

  const ended = await fairlead(['serve', '--config', file]);
  server.close();

  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(String(port));
  expect(ended.stderr).toContain('(FAIRLEAD_LISTEN)');
});

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
