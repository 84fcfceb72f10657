import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeOvh, type FakeOvhOptions } from '../../src/fake/index.ts';
import { type ClientOptions, type Clock, createClient, type OvhClient } from '../../src/index.ts';

/** Nothing from this machine: no environment, no files. */
export const HERMETIC = { env: false, files: false } as const;

/** A clock that tests turn: sleeping takes no time, but passes. */
export class TestClock implements Clock {
  readonly slept: number[] = [];
  wall: number;
  steady = 0;

  constructor(wall = Date.now()) {
    this.wall = wall;
  }

  now(): number {
    return this.wall;
  }

  monotonic(): number {
    return this.steady;
  }

  pass(ms: number): void {
    this.wall += ms;
    this.steady += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.pass(ms);
  }
}

/** The machine's time, but no sleep lasts. */
function hastyClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
    },
  };
}

export interface World extends AsyncDisposable {
  readonly fake: FakeOvh;
  readonly client: OvhClient;
  readonly slept: readonly number[];
  /** One more client of the same fake. */
  another(options?: ClientOptions): OvhClient;
  /** `METHOD /path` of what the fake saw, without the time. */
  calls(): string[];
}

/** An offline API and a client that may do everything; the client's sleeps do not last. */
export async function world(options: ClientOptions = {}, fakeOptions: FakeOvhOptions = {}): Promise<World> {
  const fake = await FakeOvh.start(fakeOptions);
  const clients: OvhClient[] = [];
  const clock = hastyClock();
  const another = (more: ClientOptions = {}): OvhClient => {
    const client = createClient({ endpoint: fake.apiUrl, ...HERMETIC, ...fake.keys, clock, ...more });
    clients.push(client);
    return client;
  };
  return {
    fake,
    client: another(options),
    slept: clock.slept,
    another,
    calls: () => fake.log.map((entry) => `${entry.method} ${entry.target}`).filter((line) => !line.endsWith('/auth/time')),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await fake.close();
    },
  };
}

/** What a service account's client needs instead of the keys. */
export function oauth2Of(fake: FakeOvh): ClientOptions {
  const { clientId, clientSecret } = fake.serviceAccount;
  return { clientId, clientSecret, tokenUrl: fake.tokenUrl, applicationKey: '', applicationSecret: '', consumerKey: '' };
}

export interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface SmallServer extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
}

/** A server that answers as told, for peers that are not as they should be. */
export async function smallServer(answer: (response: ServerResponse, request: Received) => void): Promise<SmallServer> {
  const received: Received[] = [];
  const server = createServer(async (message, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of message) pieces.push(piece as Buffer);
    const { method = '', url: target = '', headers } = message;
    const request = { method, target, headers, body: Buffer.concat(pieces).toString() };
    received.push(request);
    answer(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A client of a small server: signs with made-up keys, believes the local clock. */
export function clientOf(server: { readonly url: string }, options: ClientOptions = {}): OvhClient {
  const keys = { applicationKey: 'ak-of-tests-0001', applicationSecret: 'as-canary-5f2c', consumerKey: 'ck-canary-91d7' };
  return createClient({ endpoint: `${server.url}/1.0`, ...HERMETIC, ...keys, timeSync: false, clock: hastyClock(), ...options });
}

/** The error that a call ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('the call did not fail');
}
