import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fairlead, RunningCli } from './support/cli.ts';
import { type TestGateway, testGateway } from './support/gateway.ts';
import { inProcess } from './support/output.ts';
import { commandLine } from './support/processes.ts';

const COMMANDS = ['serve', 'init', 'config check', 'config show', 'config sample', 'fake cloudstack', 'backup', 'restore', 'verify'];

describe('help and usage', () => {
  test.each(COMMANDS)('%s --help says what it does', async (command) => {
    const told = await inProcess([...command.split(' '), '--help']);

    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(new RegExp(`^Usage: fairlead ${command}[\\s\\S]+--help`));
  });

  test('the program itself lists its commands, and its version', async () => {
    const [help, version] = await Promise.all([fairlead(['--help']), inProcess(['--version'])]);

    expect(help.code).toBe(0);
    for (const command of COMMANDS) expect(help.stdout).toContain(`  ${command.split(' ')[0]}`);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each([
    [['bakcup'], /unknown command 'bakcup'/],
    [['backup', 'web-01'], /required option '--to <folder>'/],
    [['backup', '--to', '/tmp/x'], /missing required argument 'vm'/],
    [['backup', 'web-01', '--to', '/tmp/x', '--streams', '9'], /1 to 8/],
    [['backup', 'web-01', '--to', '/tmp/x', '--streams', '1.5'], /1 to 8/],
    [['restore', '/tmp/x'], /required option '--name <name>'/],
    [['serve', 'now'], /too many arguments/],
    [['fake', 'cloudstack', '--port', '70000'], /0 to 65535/],
    [['config', 'chekc'], /unknown command 'chekc'/],
    [['verify', 'x', '--password', 'secret'], /unknown option '--password'/],
    [['init', '--dir', '/tmp/never-made'], /--endpoint is needed/],
  ])('%j is a usage error', async (args, words) => {
    const told = await inProcess(args);

    expect(told).toMatchObject({ code: 64, stdout: '' });
    expect(told.stderr).toMatch(words);
  });

  test('a usage error of the binary itself ends with 64', async () => {
    expect(await fairlead(['nonsense'])).toMatchObject({ code: 64, stdout: '' });
  });
});

describe('reaching a gateway', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await testGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test('an unknown VM is 66, by name and by id, and no folder is made', async () => {
    const to = join(gateway.folder, 'none');
    const byName = await fairlead(['backup', 'nobody', '--to', to, ...gateway.access]);
    const byId = await inProcess(['verify', 'b9ac2f0e-6f56-4a0e-9d3c-0d8a3a2b9d11', ...gateway.access]);

    expect(byName).toMatchObject({ code: 66, stdout: '' });
    expect(byName.stderr).toContain('No virtual machine nobody is visible to this user.');
    expect(byName.stderr).toContain('(BACKUP_VM_NOT_FOUND)');
    expect(byId.code).toBe(66);
    expect(await inProcess(['verify', `${to}/`, ...gateway.access])).toMatchObject({ code: 66 });
  });

  test('a wrong password is 77 and says so', async () => {
    const told = await fairlead(['verify', 'web-01', '--url', gateway.url, '--ca', gateway.caFile, '--user', gateway.user], {
      env: { FAIRLEAD_PASSWORD: 'not-the-password' },
    });

    expect(told).toMatchObject({ code: 77, stdout: '' });
    expect(told.stderr).toContain('OVIRT_WIRE_LOGIN_REFUSED');
    expect(told.stderr).not.toContain('not-the-password');
  });

  test('no password at all is 77, and the way to give one is told', async () => {
    const told = await fairlead(['verify', 'web-01', '--url', gateway.url, '--ca', gateway.caFile]);

    expect(told.code).toBe(77);
    expect(told.stderr).toContain('FAIRLEAD_PASSWORD');
    expect(told.stderr).toContain('--password-file');
  });

  test('an authority that did not sign the gateway is 69: nobody is given the password', async () => {
    const told = await inProcess(['verify', 'web-01', ...gateway.access.filter((one) => one !== '--ca' && one !== gateway.caFile)]);

    expect(told.code).toBe(69);
    expect(told.stderr).toMatch(/certificate/);
  });

  test('a gateway that is down is 69', async () => {
    const port = await closedPort();
    const told = await inProcess(['verify', 'web-01', ...gateway.access, '--url', `https://127.0.0.1:${port}/ovirt-engine`]);

    expect(told).toMatchObject({ code: 69, stdout: '' });
    expect(told.stderr).toContain('OVIRT_WIRE_UNREACHABLE');
  });

  test('something that is no oVirt API is 69', async () => {
    const told = await inProcess(['verify', 'web-01', ...gateway.access, '--url', gateway.url.replace('/ovirt-engine', '/elsewhere')]);

    expect(told.code).not.toBe(0);
    expect(told.stderr).toMatch(/\(OVIRT_WIRE_[A-Z_]+\)/);
  });

  test('a file that the caller names and that is not there is 66', async () => {
    expect(await inProcess(['verify', 'web-01', ...gateway.access, '--ca', '/nowhere/ca.crt'])).toMatchObject({ code: 66 });
  });

  test('the password never stands in the process list, and a gateway that says nothing can be left by SIGINT', async () => {
    await using silent = await silentServer();
    await using cli = new RunningCli(
      ['verify', 'web-01', '--url', `https://127.0.0.1:${silent.port}/ovirt-engine`, '--user', gateway.user],
      {
        env: { FAIRLEAD_PASSWORD: gateway.password },
      },
    );
    await until(() => silent.connections() > 0, { timeoutMs: 15_000, what: 'the command to connect' });

    const line = await commandLine(cli.pid);

    expect(line).toContain('verify web-01');
    expect(line).not.toContain(gateway.password);
    cli.signal('SIGINT');
    expect(await cli.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('(BACKUP_INTERRUPTED)') });
  });

  test('a folder that holds no backup is 66 and says why', async () => {
    await using folder = await tempDir();
    await mkdir(join(folder.path, 'empty'));
    await writeFile(join(folder.path, 'manifest.json'), '{"format": 1');

    const empty = await inProcess(['restore', join(folder.path, 'empty'), '--name', 'x', ...gateway.access]);
    const cut = await inProcess(['restore', folder.path, '--name', 'x', ...gateway.access]);

    expect(empty).toMatchObject({ code: 66, stderr: expect.stringContaining('it has no manifest.json') });
    expect(cut).toMatchObject({ code: 66, stderr: expect.stringContaining('manifest.json is not JSON') });
  });
});

async function closedPort(): Promise<number> {
  await using server = await silentServer();
  return server.port;
}

/** Takes connections and says nothing. */
async function silentServer(): Promise<AsyncDisposable & { readonly port: number; connections(): number }> {
  let count = 0;
  const sockets = new Set<{ destroy(): unknown }>();
  const server = createServer((socket) => {
    count += 1;
    sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => count,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
