import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { Audit } from '@fairlead/kernel/audit';
import { systemClock } from '@fairlead/kernel/clock';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { migrate, pendingMigrations } from '@fairlead/kernel/store';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfiguration } from '../src/compose/configuration.ts';
import { startGateway } from '../src/compose/gateway.ts';
import { allMigrations, openConfiguredStore } from '../src/compose/state.ts';
import { inProcess } from './support/output.ts';

const SECRET = 'a made up secret of the tests, long enough';

let folder: Awaited<ReturnType<typeof tempDir>>;
let cloud: FakeCloudStack;
beforeAll(async () => {
  folder = await tempDir('doctor-');
  cloud = await FakeCloudStack.start({ poolPath: folder.path });
});
afterAll(async () => {
  await cloud[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

interface Wish {
  readonly endpoint?: string;
  readonly secretKey?: string;
  readonly port?: number;
  readonly more?: string;
}

let made = 0;

async function newConfig({ endpoint = cloud.url, secretKey = cloud.admin.secretKey, port = 0, more = '' }: Wish = {}) {
  made += 1;
  const own = join(folder.path, String(made));
  await mkdir(own);
  const file = join(own, 'fairlead.ini');
  const text = [
    `[server]\nhost = 127.0.0.1\nport = ${port}\npublic_ip = 127.0.0.1\nstate_dir = ${own}/state\nrun_dir = ${own}/run`,
    `[security]\nhmac_secret = ${SECRET}`,
    `[cloudstack]\nendpoint = ${endpoint}\napi_key = ${cloud.admin.apiKey}\nsecret_key = ${secretKey}`,
    `[image]\ndata_port = 0\nproxy_port = 0\ncontrol_port = 0\n${more}`,
  ].join('\n');
  await writeFile(file, text, { mode: 0o600 });
  return { file, own };
}

async function examine(file: string) {
  const told = await inProcess(['doctor', '--config', file, '--json']);
  const findings = told.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { what: string; state: string; text: string; help?: string });
  return { ...told, findings, of: (what: string) => findings.filter((one) => one.what === what) };
}

describe('doctor', () => {
  test('before the first start all is well, and nothing is made', async () => {
    const { file, own } = await newConfig();
    const { code, findings, of } = await examine(file);

    expect(findings.filter((one) => one.state === 'failed')).toEqual([]);
    expect(code).toBe(0);
    expect(of('service key')).toEqual([expect.objectContaining({ state: 'ok', text: 'valid, of a root admin' })]);
    expect(of('clock of cloudstack')[0]?.state).toBe('ok');
    expect(of('store')[0]?.text).toBe('it will be made at the start');
    expect(of('own certificate')[0]?.text).toContain('will be made at the start');
    expect((await inProcess(['audit', '--config', file])).code).toBe(0);
    await expect(import('node:fs/promises').then(({ readdir }) => readdir(own))).resolves.toEqual(['fairlead.ini']);
  });

  test('beside a running gateway its ports, certificates and store are in order', async () => {
    const { file } = await newConfig();
    await using _gateway = await startGateway({ config: loadConfiguration({ file, env: {} }), log: captureLog().log });
    const { code, of } = await examine(file);

    expect(code).toBe(0);
    expect(of('store')[0]).toMatchObject({ state: 'ok', text: 'sqlite answers' });
    expect(of('own certificate')[0]?.text).toMatch(/\d+ days left/);
    expect(of('server secret')[0]?.state).toBe('ok');
  });

  test('a wrong key, a cloud that is away and a program that is missing each have their line and exit code', async () => {
    const wrongKey = await examine((await newConfig({ secretKey: 'not-the-secret-key-of-anybody-4711' })).file);
    const away = await examine((await newConfig({ endpoint: 'http://127.0.0.1:1/client/api' })).file);
    const program = await examine((await newConfig({ more: 'qemu_nbd = /nowhere/qemu-nbd' })).file);

    expect(wrongKey.of('service key')[0]).toMatchObject({ state: 'failed', help: expect.stringContaining('secret_key') });
    expect(wrongKey.code).toBe(77);
    expect(wrongKey.stdout + wrongKey.stderr).not.toContain('4711');
    expect(away.of('cloudstack')[0]).toMatchObject({ state: 'failed', text: expect.stringContaining('ECONNREFUSED') });
    expect(away.code).toBe(69);
    expect(program.of('qemu-nbd')[0]).toMatchObject({ state: 'failed', text: expect.stringContaining('ENOENT') });
    expect(program.code).toBe(1);
  });

  test('a port of somebody else, a broken certificate and rows of an unknown secret are found', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { file, own } = await newConfig({ port });
    await mkdir(join(own, 'state', 'tls'), { recursive: true });
    await writeFile(join(own, 'state', 'tls', 'server.crt'), 'no certificate');
    const config = loadConfiguration({ file, env: {} });
    {
      await using store = await openConfiguredStore(config, { log: captureLog().log, clock: systemClock });
      await migrate(store, allMigrations);
      const stranger = new Sessions({ store, secrets: new Secrets('a secret that nobody knows any more'), clock: systemClock });
      await stranger.issue({ face: 'ovirt', subject: 'x', data: {}, idleMs: 1000, maxMs: 1000 });
    }
    const { code, of } = await examine(file);
    server.close();

    expect(of('port of the control faces')[0]).toMatchObject({ state: 'failed', text: expect.stringContaining('EADDRINUSE') });
    expect(of('own certificate')[0]).toMatchObject({ state: 'failed' });
    expect(of('server secret')[0]).toMatchObject({ state: 'failed', text: expect.stringContaining('1 sealed rows cannot be read') });
    expect(code).toBe(78);
  });

  test('a cced that is away, schemas with errors and secrets that others can read each have their line', async () => {
    const away = await examine(
      (await newConfig({ more: '[cce]\nlisten_address = 127.0.0.1:0\nunix_socket_path = /nowhere/cced.socket' })).file,
    );
    const { file, own } = await newConfig({ more: '[cce]\nlisten_address = 127.0.0.1:0\nbackend = embedded\nschema_dir = schemas' });
    await mkdir(join(own, 'schemas'));
    await writeFile(join(own, 'schemas/a.schema'), '<class name="A"><property name="b" type="nowhere"/></class>');
    await mkdir(join(own, 'state/cce'), { recursive: true });
    await writeFile(join(own, 'state/cce/access'), `192.0.2.7:${'s'.repeat(32)}\n`);
    await chmod(join(own, 'state/cce/access'), 0o644);
    const { code, of, stdout } = await examine(file);

    expect(away.of('cced')[0]).toMatchObject({ state: 'failed', text: expect.stringContaining('/nowhere/cced.socket') });
    expect(away.code).toBe(69);
    expect(of('schemas and handlers')[0]).toMatchObject({ state: 'failed', text: expect.stringContaining('1 errors') });
    expect(of('client secrets')[0]).toMatchObject({ state: 'warning', help: expect.stringContaining('chmod 600') });
    expect(stdout).not.toContain('ssss');
    expect(code).toBe(1);
  });

  test('a store of another version is told, left as it is, and not looked into', async () => {
    const { file } = await newConfig();
    const config = loadConfiguration({ file, env: {} });
    const older = allMigrations.slice(0, 3);
    const open = () => openConfiguredStore(config, { log: captureLog().log, clock: systemClock });
    {
      await using store = await open();
      await migrate(store, older);
    }
    const { code, of } = await examine(file);

    expect(code).toBe(0);
    expect(of('store')[0]).toMatchObject({ state: 'warning', text: expect.stringContaining('kernel/0005-jobs') });
    for (const words of ['audit', 'secret status']) {
      expect(await inProcess([...words.split(' '), '--config', file])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('(CLI_STORE_OTHER_VERSION)'),
      });
    }
    await using store = await open();
    expect(await pendingMigrations(store, allMigrations)).toHaveLength(allMigrations.length - older.length);
  });

  test('a configuration with mistakes ends with 78, a warning alone with 0', async () => {
    const { file } = await newConfig();
    await chmod(file, 0o644);
    const open = await inProcess(['doctor', '--config', file]);
    await writeFile(file, '[server]\nprot = 1\n');
    const broken = await inProcess(['doctor', '--config', file]);

    expect(open.code).toBe(0);
    expect(open.stdout).toMatch(/^warning {2}configuration: .*may be read by every user/m);
    expect(broken).toMatchObject({ code: 78, stderr: expect.stringContaining('prot') });
  });
});

describe('audit', () => {
  test('shows what was done, the newest last, as a table or as JSON lines; what somebody typed does not speak to the terminal', async () => {
    const { file } = await newConfig();
    {
      await using store = await openConfiguredStore(loadConfiguration({ file, env: {} }), { log: captureLog().log, clock: systemClock });
      await migrate(store, allMigrations);
      const audit = new Audit({ store, log: captureLog().log });
      await audit.record({ face: 'ovirt', actor: 'eve\u001b[2J', action: 'login', outcome: 'refused', address: '192.0.2.7' });
      await new Promise((resolve) => setTimeout(resolve, 2));
      await audit.record({ face: 'ovirt', actor: 'ann', action: 'vm.start', outcome: 'ok', object: 'vm-1', correlationId: 'c-1' });
    }
    const print = (...args: string[]) => inProcess(['audit', '--config', file, ...args]);

    const table = await print();
    expect(table.stdout).toMatch(/eve.\[2J +login +refused +192\.0\.2\.7\n.*ann +vm\.start +vm-1 +ok +c-1\n$/);
    expect(table.stdout).not.toContain('\u001b');
    expect((await print('--correlation', 'c-1', '--json')).stdout).toMatch(/^\{"id":.*"actor":"ann".*\}\n$/);
    expect((await print('--since', '2199-01-01', '--json')).stdout).toBe('');
    expect((await print('--limit', '1', '--json')).stdout.trim().split('\n')).toHaveLength(1);
    for (const wrong of [
      ['--since', 'yesterday'],
      ['--limit', '0'],
    ])
      expect(await print(...wrong)).toMatchObject({ code: 64 });
  });
});

test.each(['doctor', 'audit', 'secret rotate', 'secret status'])('%s --help says what it does', async (command) => {
  const told = await inProcess([...command.split(' '), '--help']);

  expect(told).toMatchObject({ code: 0, stderr: '' });
  expect(told.stdout).toMatch(new RegExp(`^Usage: fairlead ${command}[\\s\\S]+--config`));
});
