import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testAuthority } from '@fairlead/testkit/certs';
import { qemuNbd } from '@fairlead/testkit/nbd';
import { until } from '@fairlead/testkit/until';
import type { ServerFacts } from './image-server-process.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const daemonProgram = join(root, '.state/conformance/ovirt-sdk-python/venv/bin/ovirt-imageio');
const START_MS = 30_000;

/** An image server in a process of its own, with a fresh qemu-nbd. */
export interface ImageServer extends AsyncDisposable {
  readonly pid: number;
  readonly urls: { readonly read: string; readonly write: string };
  /** Through the proxy; absent when it has none. */
  readonly proxied?: { readonly read: string; readonly write: string };
}

/** Ours, data server and proxy in one process. */
export async function startOurs(folder: string, images: string): Promise<ImageServer> {
  const script = fileURLToPath(new URL('image-server-process.ts', import.meta.url));
  const child = fork(script, [folder, images], { execArgv: ['--conditions=@fairlead/source'] });
  const [facts] = (await once(child, 'message', { signal: AbortSignal.timeout(START_MS) })) as [ServerFacts];
  return {
    pid: child.pid ?? 0,
    urls: { read: facts.read.transferUrl, write: facts.write.transferUrl },
    proxied: { read: facts.read.proxyUrl, write: facts.write.proxyUrl },
    [Symbol.asyncDispose]: () => ended(child, () => child.disconnect()),
  };
}

/** Whether `./dev conformance ovirt-sdk-python` has brought the PyPI package `ovirt-imageio`. */
export function hasDaemon(): boolean {
  return existsSync(daemonProgram);
}

/** The real daemon on the same files; its qemu-nbd has the malloc environment that ours gets. */
export async function startDaemon(folder: string, images: string): Promise<ImageServer> {
  const scope = new AsyncDisposableStack();
  const source = scope.use(await qemuNbd({ image: join(images, 'source.raw'), format: 'raw', readOnly: true }));
  const target = scope.use(await qemuNbd({ image: join(images, 'target.raw'), format: 'raw' }));
  const port = await freePort();
  const control = join(folder, 'control.sock');
  await configure(
    scope,
    folder,
    `[daemon]\ndrop_privileges = false\nsystemd_enable = false\nrun_dir = ${folder}\n[remote]\nhost = 127.0.0.1\nport = ${port}\n[control]\ntransport = unix\nsocket = ${control}\n`,
  );
  const child = spawn(daemonProgram, ['--conf-dir', folder], { stdio: 'ignore' });
  scope.defer(() => ended(child, () => child.kill()));
  await until(() => addTicket(control, 'read', source.socketPath), { timeoutMs: START_MS, what: 'the daemon' });
  await addTicket(control, 'write', target.socketPath);
  const base = `https://127.0.0.1:${port}/images`;
  const urls = { read: `${base}/read`, write: `${base}/write` };
  return { pid: child.pid ?? 0, urls, [Symbol.asyncDispose]: () => scope.disposeAsync() };
}

async function configure(scope: AsyncDisposableStack, folder: string, faces: string): Promise<void> {
  const { cert, key } = scope.use(await testAuthority());
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(certFile, cert);
  await writeFile(keyFile, key);
  await mkdir(join(folder, 'conf.d'), { recursive: true });
  const tls = `[tls]\nenable = true\ncert_file = ${certFile}\nkey_file = ${keyFile}\nca_file =\n`;
  const log = '[handlers]\nkeys = stderr\n[logger_root]\nlevel = WARNING\nhandlers = stderr\n';
  await writeFile(join(folder, 'conf.d', '90-bench.conf'), `${tls}[local]\nenable = false\n${faces}${log}`);
}

async function addTicket(control: string, id: 'read' | 'write', socketPath: string): Promise<true> {
  const ticket = { uuid: id, size: 2 ** 30, url: `nbd:unix:${socketPath}`, timeout: 300, ops: [id] };
  const url = `http://localhost/tickets/${id}`;
  await run('curl', ['-sS', '--fail', '--unix-socket', control, '-X', 'PUT', '-d', JSON.stringify(ticket), url]);
  return true;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit', { signal: AbortSignal.timeout(START_MS) });
  end();
  await exit;
}
