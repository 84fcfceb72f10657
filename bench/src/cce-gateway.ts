import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { startProgram } from './fairlead.ts';

/** Of the demo's objects. */
export const ADMIN = { user: 'admin', password: 'blueonyx', oid: '6' };

/** A trusted proxy on a second address of loopback, and the machine for which it speaks. */
const PROXY = '127.0.0.2';
const REMOTE = '192.0.2.10';

/** A gateway with the embedded engine over SQLite, which it also serves on a raw socket. */
export interface CceGateway extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly ca: Buffer;
  /** Of the raw protocol. */
  readonly socket: string;
  /** What a caller from elsewhere has to show. */
  readonly remote: { readonly proxy: string; readonly headers: Readonly<Record<string, string>> };
  /** How many statements the store has carried out so far, those for this answer included. */
  queries(): Promise<number>;
}

/** Starts it in a folder that may hold the store of a former one. */
export async function startCceGateway(folder: string): Promise<CceGateway> {
  const file = join(folder, 'fairlead.ini');
  const socket = join(folder, 'cced.socket');
  await mkdir(folder, { recursive: true });
  await writeFile(file, configuration(folder, socket), { mode: 0o600 });
  const program = await startProgram(['serve', '--config', file], /"fairlead is up"/);
  const line = program.said.input.split('\n').find((one) => one.includes('"fairlead is up"')) ?? '{}';
  const { addresses } = JSON.parse(line) as { addresses: { main: string; cce: string } };
  const ca = await readFile(join(folder, 'ca.crt'));
  const headers = { 'x-real-ip': REMOTE, 'x-client-secret': await secretOf(folder) };
  return {
    ...{ pid: program.pid, port: Number(new URL(addresses.cce).port), ca, socket },
    remote: { proxy: PROXY, headers },
    queries: () => queries(addresses.main, ca),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** Where it keeps its rows. */
export function storeFile(folder: string): string {
  return join(folder, 'state/fairlead.db');
}

function configuration(folder: string, socket: string): string {
  return [
    '[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1',
    `state_dir = ${folder}/state\nrun_dir = ${folder}/run`,
    `[ssl]\nca_cert_file = ${folder}/ca.crt\nca_key_file = ${folder}/ca.key\ncert_file = ${folder}/server.crt\nkey_file = ${folder}/server.key`,
    `[security]\nhmac_secret = ${'a made up secret of the benches '.repeat(2)}`,
    '[cce]\nbackend = embedded\nfixtures = demo\nlisten_address = 127.0.0.1:0',
    `serve_socket = ${socket}\ntrusted_proxies = ${PROXY}\napi_access = ${REMOTE}`,
  ].join('\n');
}

async function secretOf(folder: string): Promise<string> {
  const lines = (await readFile(join(folder, 'state/cce/access'), 'utf8')).split('\n');
  return lines.find((line) => line.startsWith(`${REMOTE}:`))?.slice(REMOTE.length + 1) ?? '';
}

async function queries(url: string, ca: Buffer): Promise<number> {
  const page = await text(`${url}/metrics`, ca);
  const counts = page.matchAll(/^fairlead_store_query_seconds_count(?:\{[^}]*\})? (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

function text(url: string, ca: Buffer): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get(url, { ca, agent: false }, async (answer) => {
    answer.setEncoding('utf8');
    let body = '';
    for await (const piece of answer) body += piece;
    resolve(body);
  }).on('error', reject);
  return promise;
}
