import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testAuthority } from '@fairlead/testkit/certs';
import { qemuNbd } from '@fairlead/testkit/nbd';
import { until } from '@fairlead/testkit/until';
import type { Order, ServerFacts } from './image-server-process.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const daemonProgram = join(root, '.state/conformance/ovirt-sdk-python/venv/bin/ovirt-imageio');
const START_MS = 30_000;

/** Where an image is, in the words of curl. */
export type Place = readonly string[];

/** One way to a server: a disk to read and one to write. */
export interface Face {
  readonly read: Place;
  readonly write: Place;
}

/** `http` is spoken on a unix socket: ours has no other plain face. */
export type Way = 'http' | 'https' | 'proxy';

/** An image server in a process of its own; it lives through all runs, as in production. */
export interface ImageServer extends AsyncDisposable {
  readonly pid: number;
  /** Two transfers with a qemu-nbd of their own, until disposed. */
  begin(): Promise<Transfers>;
}

export interface Transfers extends AsyncDisposable {
  readonly faces: { readonly [way in Way]?: Face };
}

/** What is served: files of one folder, sizes in bytes. */
export interface Images {
  readonly folder: string;
  readonly source: string;
  readonly target: string;
  readonly size: number;
}

/** Ours, data server and proxy in one process. */
export async function startOurs(state: string, images: Images): Promise<ImageServer> {
  const script = fileURLToPath(new URL('image-server-process.ts', import.meta.url));
  const child = fork(script, [state, images.folder, images.source, images.target], { execArgv: [...(await nodeFlags())] });
  const ask = async <T>(word: Order): Promise<T> => {
    child.send(word);
    const [answer] = await once(child, 'message', { signal: AbortSignal.timeout(START_MS) });
    return answer as T;
  };
  await once(child, 'message', { signal: AbortSignal.timeout(START_MS) });
  return {
    pid: child.pid ?? 0,
    begin: async () => ({
      faces: await facesOfOurs(await ask<ServerFacts>('open')),
      [Symbol.asyncDispose]: () => ask<void>('close'),
    }),
    [Symbol.asyncDispose]: () => ended(child, () => child.disconnect()),
  };
}

/** What `./fairlead` starts Node with. */
async function nodeFlags(): Promise<readonly string[]> {
  return (await readFile(join(root, 'apps/fairlead/node-flags'), 'utf8')).trim().split('\n');
}

async function facesOfOurs({ read, write }: ServerFacts): Promise<Transfers['faces']> {
  const socket = await localSocket(read.transferUrl);
  const local = (url: string) => ['--abstract-unix-socket', socket, `http://localhost${new URL(url).pathname}`];
  return {
    http: { read: local(read.transferUrl), write: local(write.transferUrl) },
    https: { read: [read.transferUrl], write: [write.transferUrl] },
    proxy: { read: [read.proxyUrl], write: [write.proxyUrl] },
  };
}

/** As tools of the same host learn it (imageio 2.3). */
async function localSocket(url: string): Promise<string> {
  const { stdout } = await run('curl', ['-sSk', '--fail', '-X', 'OPTIONS', url]);
  return (JSON.parse(stdout) as { readonly unix_socket: string }).unix_socket.replace(/^[\0@]/, '');
}

/** Whether `./dev conformance ovirt-sdk-python` has brought the PyPI package `ovirt-imageio`. */
export function hasDaemon(): boolean {
  return existsSync(daemonProgram);
}

/** The real daemon on the same files, with qemu-nbd as it comes or with the allocator settings that we give ours. */
export async function startDaemon(state: string, images: Images, malloc: 'default' | 'pinned'): Promise<ImageServer> {
  const scope = new AsyncDisposableStack();
  const port = await freePort();
  const [control, local] = [join(state, 'control.sock'), join(state, 'local.sock')];
  await configure(
    scope,
    state,
    `[daemon]\ndrop_privileges = false\nsystemd_enable = false\nrun_dir = ${state}\n[local]\nsocket = ${local}\n[remote]\nhost = 127.0.0.1\nport = ${port}\n[control]\ntransport = unix\nsocket = ${control}\n`,
  );
  const child = spawn(daemonProgram, ['--conf-dir', state], { stdio: 'ignore' });
  scope.defer(() => ended(child, () => child.kill()));
  await until(() => removeTicket(control, 'nobody'), { timeoutMs: START_MS, what: 'the daemon' });
  const [https, http] = [`https://127.0.0.1:${port}/images`, 'http://localhost/images'];
  const faces = {
    http: { read: ['--unix-socket', local, `${http}/read`], write: ['--unix-socket', local, `${http}/write`] },
    https: { read: [`${https}/read`], write: [`${https}/write`] },
  };
  const begin = async (): Promise<Transfers> => {
    const run = new AsyncDisposableStack();
    const source = run.use(await qemuNbd({ image: join(images.folder, images.source), format: 'raw', readOnly: true, malloc }));
    const target = run.use(await qemuNbd({ image: join(images.folder, images.target), format: 'raw', malloc }));
    for (const [id, { socketPath }] of Object.entries({ read: source, write: target })) {
      await addTicket(control, id, { socketPath, size: images.size });
      run.defer(async () => void (await removeTicket(control, id)));
    }
    return { faces, [Symbol.asyncDispose]: () => run.disposeAsync() };
  };
  return { pid: child.pid ?? 0, begin, [Symbol.asyncDispose]: () => scope.disposeAsync() };
}

async function configure(scope: AsyncDisposableStack, folder: string, faces: string): Promise<void> {
  const { cert, key } = scope.use(await testAuthority());
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(certFile, cert);
  await writeFile(keyFile, key);
  await mkdir(join(folder, 'conf.d'), { recursive: true });
  const tls = `[tls]\nenable = true\ncert_file = ${certFile}\nkey_file = ${keyFile}\nca_file =\n`;
  const log = '[handlers]\nkeys = stderr\n[logger_root]\nlevel = WARNING\nhandlers = stderr\n';
  await writeFile(join(folder, 'conf.d', '90-bench.conf'), `${tls}${faces}${log}`);
}

async function addTicket(control: string, id: string, disk: { readonly socketPath: string; readonly size: number }): Promise<void> {
  const ticket = { uuid: id, size: disk.size, url: `nbd:unix:${disk.socketPath}`, timeout: 300, ops: [id] };
  await tickets(control, id, '-X', 'PUT', '-d', JSON.stringify(ticket));
}

async function removeTicket(control: string, id: string): Promise<true> {
  await tickets(control, id, '-X', 'DELETE');
  return true;
}

function tickets(control: string, id: string, ...args: readonly string[]) {
  return run('curl', ['-sS', '--fail', '--unix-socket', control, ...args, `http://localhost/tickets/${id}`]);
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
