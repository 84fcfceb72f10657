import { join } from 'node:path';
import { createQcow2, createRaw } from '@fairlead/testkit/disks';
import { type NbdServer, type QemuNbdOptions, qemuNbd } from '@fairlead/testkit/nbd';
import { type TestBridge, type TestBridgeOptions, testBridge } from './bridge.ts';
import { type RawAnswer, RawClient } from './raw-client.ts';
import { control } from './tickets.ts';

export const MiB = 1024 * 1024;
/** Size of the disks of the catalogue unless a case needs another. */
export const SIZE = 8 * MiB;

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Names of the images of a world. */
export type ImageName = 'disk' | 'raw' | 'file';

/** A bridge with a qcow2 disk and a raw one, each behind a real qemu-nbd, and a plain file: what the cases of the catalogue are tried on. */
export class World implements AsyncDisposable {
  readonly bridge: TestBridge;
  readonly paths: Readonly<Record<ImageName, string>>;
  readonly #servers: readonly NbdServer[];

  constructor(bridge: TestBridge, paths: World['paths'], servers: readonly NbdServer[]) {
    this.bridge = bridge;
    this.paths = paths;
    this.#servers = servers;
  }

  /** The backend URL of an image. */
  url(image: ImageName): string {
    const [disk, raw] = this.#servers;
    return image === 'file' ? `file://${this.paths.file}` : `nbd:unix:${(image === 'disk' ? disk : raw)?.socketPath}`;
  }

  /** Makes a ticket `id`; for the disk, with all operations, unless told otherwise. */
  async ticket(id: string, more: Readonly<Record<string, unknown>> & { readonly image?: ImageName } = {}): Promise<string> {
    const { image = 'disk', ...members } = more;
    const body = { uuid: id, size: SIZE, ops: ['read', 'write'], timeout: 600, url: this.url(image), ...members };
    const answer = await control(this.bridge, 'PUT', id, body);
    if (answer.status !== 200) throw new Error(`no ticket: ${answer.body}`);
    return `/images/${id}`;
  }

  /** What the ticket API tells of a ticket. */
  async info(id: string): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse((await control(this.bridge, 'GET', id)).body.toString());
  }

  open(): Promise<RawClient> {
    return RawClient.open({ url: this.bridge.dataUrl, ca: this.bridge.ca });
  }

  /** One request on a connection of its own; `closed` says whether the server ended it. */
  async ask(method: string, path: string, ask: Ask = {}): Promise<Told & { readonly closed: boolean }> {
    using client = await this.open();
    const told = await tell(client, method, path, ask);
    return { ...told, closed: !(await client.stillOpen()) };
  }

  /** The bytes of a range, as Latin-1. */
  async bytes(path: string, first: number, last: number): Promise<string> {
    return (await this.ask('GET', path, { headers: { range: `bytes=${first}-${last}` } })).text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bridge[Symbol.asyncDispose]();
    for (const server of this.#servers) await server[Symbol.asyncDispose]();
  }
}

/** Sends one request and takes its answer. A body brings its Content-Length unless headers say another. */
export async function tell(client: RawClient, method: string, path: string, { headers = {}, body = '' }: Ask = {}): Promise<Told> {
  const length = body === '' && method !== 'PUT' && method !== 'PATCH' ? {} : { 'content-length': String(body.length) };
  const lines = Object.entries({ host: 'h', ...length, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  client.send(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  const answer: RawAnswer = await client.answer(method === 'HEAD');
  return { status: answer.status, headers: answer.headers, text: answer.body.toString('latin1') };
}

export async function world(options: TestBridgeOptions & { readonly serve?: Partial<QemuNbdOptions> } = {}): Promise<World> {
  const bridge = await testBridge(options);
  const paths = { disk: join(bridge.images, 'disk.qcow2'), raw: join(bridge.images, 'disk.raw'), file: join(bridge.images, 'plain') };
  await createQcow2(paths.disk, SIZE);
  await createRaw(paths.raw, SIZE);
  await createRaw(paths.file, SIZE);
  const servers = [
    await qemuNbd({ image: paths.disk, format: 'qcow2', allocationDepth: true, ...options.serve }),
    await qemuNbd({ image: paths.raw, format: 'raw', ...options.serve }),
  ];
  return new World(bridge, paths, servers);
}
