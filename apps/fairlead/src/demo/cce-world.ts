import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { createLog, type Log } from '@fairlead/kernel/log';
import { loadConfiguration } from '../compose/configuration.ts';
import { type Gateway, startGateway } from '../compose/gateway.ts';
import { gatewayLines } from './gateway-lines.ts';

/** How the JSON API of BlueOnyx is reached in the demo. */
export interface CceFacts {
  /** `https://127.0.0.1:…`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Another machine, which calls through a trusted proxy on a second address of loopback. */
  readonly remote: { readonly proxy: string; readonly address: string; readonly secret: string };
}

const PROXY = '127.0.0.2';
const REMOTE = '192.0.2.10';
const LOGIN = { user: 'admin', password: 'blueonyx' };

/** `[cce]` over the embedded engine with the demo's objects, on a free port of loopback. */
export function cceSection(more: readonly string[] = []): readonly string[] {
  return [
    '[cce]',
    'backend = embedded',
    'fixtures = demo',
    'listen_address = 127.0.0.1:0',
    `trusted_proxies = ${PROXY}`,
    `api_access = ${REMOTE}`,
    ...more,
  ];
}

/** What callers need to know of a gateway that was configured so. */
export async function cceFacts(stateDir: string, url: string): Promise<CceFacts> {
  const lines = (await readFile(join(stateDir, 'cce/access'), 'utf8')).split('\n');
  const line = lines.find((one) => one.startsWith(`${REMOTE}:`)) ?? '';
  return { url, ...LOGIN, remote: { proxy: PROXY, address: REMOTE, secret: line.slice(REMOTE.length + 1) } };
}

/** Two gateways: one with the embedded engine, which it also serves on Unix sockets, and one that takes that for a real cced. */
export interface CceWorld extends AsyncDisposable {
  readonly urls: Readonly<Record<'embedded' | 'socket', string>>;
  readonly socket: string;
  readonly adminSocket: string;
  readonly user: string;
  readonly password: string;
}

/** Starts both in folders below `stateDir`. */
export async function startCceWorld({ stateDir }: { readonly stateDir: string }): Promise<CceWorld> {
  await using scope = new AsyncScope();
  const [socket, adminSocket] = [join(stateDir, 'cced.socket'), join(stateDir, 'admin/cced.socket')];
  await mkdir(join(stateDir, 'admin'), { recursive: true, mode: 0o700 });
  const sockets = [`serve_socket = ${socket}`, `admin_socket = ${adminSocket}`];
  const embedded = scope.use(await startCceGateway(join(stateDir, 'embedded'), cceSection(sockets)));
  // As on a BlueOnyx, where the gateway runs as root and every connection to cced begins with all rights.
  const client = ['[cce]', 'backend = socket', `unix_socket_path = ${adminSocket}`, 'listen_address = 127.0.0.1:0'];
  const other = scope.use(await startCceGateway(join(stateDir, 'socket'), client));
  const held = scope.move();
  return {
    urls: { embedded: `${embedded.addresses.cce}/v2/cce`, socket: `${other.addresses.cce}/v2/cce` },
    socket,
    adminSocket,
    ...LOGIN,
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

/** A gateway with no other bridge; its log goes to `gateway.log` in its folder. */
async function startCceGateway(stateDir: string, section: readonly string[]): Promise<Gateway> {
  await mkdir(stateDir, { recursive: true });
  const text = [...gatewayLines(stateDir), ...section, ''].join('\n');
  const log: Log = createLog({ file: join(stateDir, 'gateway.log'), level: 'info' });
  return startGateway({ config: loadConfiguration({ text, env: {} }), log });
}
