import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '@fairlead/kernel/clock';
import { silentLog } from '@fairlead/kernel/log';
import { AcronisClient, type AcronisClientOptions, type Attempt } from '../../src/index.ts';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects as JSON. */
  readonly body?: object | string;
  /** Instead of an answer: the connection is cut, before or within it, or nothing comes. */
  readonly fault?: 'reset' | 'half' | 'hang';
}

export type Route = Reply | ((seen: Seen, count: number) => Reply);

/** A clock whose waits take no time. */
export class QuickClock implements Clock {
  readonly waits: number[] = [];
  #now = Date.UTC(2026, 2, 2, 8, 0, 0);

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms);
    this.#now += ms;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface Scene extends AsyncDisposable {
  readonly client: AcronisClient;
  readonly clock: QuickClock;
  readonly attempts: Attempt[];
  /** What was asked of a route, or of any. */
  readonly seen: (route?: string) => readonly Seen[];
  readonly connections: () => number;
}

export const CLIENT_ID = '6f0c2a53-9d5b-4f43-8f7e-0d9b0a3f1c77';
export const SECRET = 'hush:hush"s3cret';
export const TOKEN = 'POST /bc/idp/token';

/** A client of a server that answers by method and path; what is not named is 404. `Date` is the time of the clock. */
export async function scene(routes: Readonly<Record<string, Route>>, more: Partial<AcronisClientOptions> = {}): Promise<Scene> {
  const clock = new QuickClock();
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const all: Record<string, Route> = { [TOKEN]: (_seen, count) => tokenReply(clock, `t${count}`), ...routes };
  const server = createServer(async (request, response) => {
    const one: Seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: await bodyOf(request) };
    seen.push(one);
    const name = routeOf(one);
    const route = all[name] ?? { status: 404, body: {} };
    const count = seen.filter((other) => routeOf(other) === name).length;
    answer(response, typeof route === 'function' ? route(one, count) : route, clock);
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const attempts: Attempt[] = [];
  const client = new AcronisClient({
    datacenter: 'eu8',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    credentials: async () => ({ clientId: CLIENT_ID, clientSecret: SECRET }),
    clock,
    log: silentLog(),
    allowPrivate: true,
    requestsPerSecond: 1000,
    burst: 1000,
    random: () => 1,
    onAttempt: (attempt) => attempts.push(attempt),
    ...more,
  });
  return {
    client,
    clock,
    attempts,
    seen: (route) => seen.filter((one) => route === undefined || routeOf(one) === route),
    connections: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await closed(server);
    },
  };
}

export function tokenReply(clock: Clock, token: string, lifeS = 7200): Reply {
  return { body: { access_token: token, token_type: 'bearer', expires_on: Math.floor(clock.now() / 1000) + lifeS, id_token: 'i' } };
}

function routeOf({ method, url }: Seen): string {
  return `${method} ${url.split('?')[0]}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, { status = 200, headers = {}, body = '', fault }: Reply, clock: Clock): void {
  if (fault === 'hang') return;
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  const length = status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  response.writeHead(status, { date: new Date(clock.now()).toUTCString(), 'content-type': type, ...length, ...headers });
  if (fault !== 'half') {
    response.end(text);
    return;
  }
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
