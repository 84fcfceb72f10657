import { once } from 'node:events';
import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { testAuthority } from '@fairlead/testkit/certs';
import { expect, test } from 'vitest';
import { type ClientOptions, fetchTransport, InvalidResponseError, NetworkError, UnexpectedRedirectError } from '../src/index.ts';
import { clientOf, failureOf, smallServer, world } from './support/world.ts';

const SHORT = { connect: 300, headers: 300, body: 300 };
const ONCE = { retry: false, timeouts: SHORT } as const;

/** Plain TCP, for peers that speak no proper HTTP. */
async function rawServer(serve: (socket: Socket) => void): Promise<{ readonly url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const WAYS: readonly [title: string, options: () => ClientOptions][] = [
  ['fetch', () => ({ transport: fetchTransport() })],
  ['agent', () => ({ agent: new Agent({ keepAlive: true }) })],
];

for (const [title, way] of WAYS) {
  test(`row 67 ${title}: signed calls, bodies, empty answers and errors are as over our own sockets`, async () => {
    await using at = await world(way(), { echo: true });
    expect(await at.client.get('/me')).toMatchObject({ currency: { symbol: '€' } });
    expect(await at.client.put('/echo/é', { body: { a: ['ü'] }, query: { 'x y': "'" } })).toMatchObject({ method: 'PUT' });
    expect(await failureOf(at.client.get('/vps/nobody'))).toMatchObject({ status: 404, method: 'GET', path: '/vps/nobody' });
    at.fake.faults.next('GET /me', { kind: 'drip' });
    expect(await at.client.get('/me')).toMatchObject({ currency: { symbol: '€' } });
    at.fake.faults.next('GET /me', { kind: 'html', status: 200 });
    expect(await failureOf(at.client.get('/me'))).toBeInstanceOf(InvalidResponseError);
    expect(at.fake.log.filter(({ status }) => status === 400 || status === 403)).toEqual([]);
  });

  test(`X12 ${title}: no redirect is followed, and the other host sees nothing`, async () => {
    await using elsewhere = await smallServer((response) => response.end('{}'));
    await using server = await smallServer((response) => response.writeHead(307, { Location: `${elsewhere.url}/1.0/x` }).end());
    using client = clientOf(server, { ...ONCE, ...way() });
    const error = await failureOf(client.post('/x', { body: {} }));
    expect(error).toBeInstanceOf(UnexpectedRedirectError);
    expect(error).toMatchObject({ status: 307, location: `${elsewhere.url}/1.0/x` });
    expect(elsewhere.received).toEqual([]);
  });

  test(`X14 ${title}: gzip is taken apart, and characters split across pieces stay whole`, async () => {
    const text = JSON.stringify({ text: 'é😀 ü漢' });
    await using server = await smallServer(async (response, { target }) => {
      const packed = target.endsWith('/gzip');
      if (packed) response.setHeader('Content-Encoding', 'gzip');
      for (const byte of packed ? gzipSync(text) : Buffer.from(text)) {
        response.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    using client = clientOf(server, way());
    for (const path of ['/plain', '/gzip']) expect(await client.get(path)).toEqual({ text: 'é😀 ü漢' });
  });

  test(`${title}: an answer longer than maxResponseBytes is cut off, packed or not`, async () => {
    const body = `"${'x'.repeat(5000)}"`;
    await using server = await smallServer((response, { target }) => {
      const packed = target.endsWith('/gzip');
      if (packed) response.setHeader('Content-Encoding', 'gzip');
      response.end(packed ? gzipSync(body) : body);
    });
    using client = clientOf(server, { ...ONCE, ...way(), maxResponseBytes: 5000 });
    for (const path of ['/plain', '/gzip']) {
      expect(await failureOf(client.get(path))).toMatchObject({
        code: 'OVH_NETWORK',
        message: expect.stringContaining('maxResponseBytes'),
      });
    }
  });

  test(`row 50 ${title}: no answer is a timeout of phase headers, a body that stops coming one of phase body`, async () => {
    await using mute = await rawServer(() => undefined);
    using asking = clientOf(mute, { ...ONCE, ...way() });
    expect(await failureOf(asking.get('/x'))).toMatchObject({ code: 'OVH_TIMEOUT', phase: 'headers', sent: true });
    await using halting = await rawServer((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"'));
    using reading = clientOf(halting, { ...ONCE, ...way() });
    expect(await failureOf(reading.get('/x'))).toMatchObject({ code: 'OVH_TIMEOUT', phase: 'body' });
  });

  test(`${title}: an abort ends a call before its answer and in the middle of it, with the reason`, async () => {
    for (const beginning of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"']) {
      const { promise: asked, resolve } = Promise.withResolvers<void>();
      await using server = await rawServer((socket) => {
        socket.once('data', () => {
          socket.write(beginning);
          resolve();
        });
      });
      using client = clientOf(server, { retry: false, ...way() });
      const abort = new AbortController();
      const call = failureOf(client.get('/x', { signal: abort.signal }));
      await asked;
      setImmediate(() => abort.abort(new Error('enough')));
      expect(await call).toMatchObject({ message: 'enough' });
    }
  });

  test(`P22 ${title}: no HTTP, and a body that ends early, are NetworkErrors`, async () => {
    for (const bytes of ['SSH-2.0-x\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"', '']) {
      await using server = await rawServer((socket) => void socket.once('data', () => socket.end(bytes)));
      using client = clientOf(server, { ...ONCE, ...way() });
      const error = await failureOf(client.get('/x'));
      expect(error).toBeInstanceOf(NetworkError);
      expect(error).toMatchObject({ sent: true });
    }
  });

  test(`X09 ${title}: where nobody listens nothing was sent, so that a POST is sent again`, async () => {
    const server = await smallServer(() => undefined);
    await server[Symbol.asyncDispose]();
    using client = clientOf(server, way());
    expect(await failureOf(client.post('/x'))).toMatchObject({ code: 'OVH_NETWORK', sent: false, attempts: 4 });
  });

  test(`row 64 ${title}: raw() gives the body as it comes, and one that is not wanted ends its connection`, async () => {
    const { promise: cut, resolve } = Promise.withResolvers<void>();
    await using server = await smallServer((response, { target }) => {
      if (target.endsWith('/short')) response.end('whole');
      else response.on('close', resolve).write('beginning');
    });
    using client = clientOf(server, way());
    const short = await client.raw('GET', '/short');
    expect(Buffer.concat(await Array.fromAsync(short.body)).toString()).toBe('whole');
    const endless = await client.raw('GET', '/endless');
    endless.body.destroy();
    await cut;
  });
}

test('row 67: the answer of a browser to a redirect, which hides where it leads, is an error too', async () => {
  const hidden = { type: 'opaqueredirect', status: 0, headers: new Headers(), body: null } as Response;
  const transport = fetchTransport({ fetch: async () => hidden });
  using client = clientOf({ url: 'https://eu.api.ovh.com' }, { transport });
  expect(await failureOf(client.get('/me'))).toMatchObject({ code: 'OVH_UNEXPECTED_REDIRECT' });
});

test('row 67: a closed fetch transport breaks what is under way', async () => {
  await using server = await rawServer(() => undefined);
  const transport = fetchTransport();
  using client = clientOf(server, { retry: false, transport });
  const call = failureOf(client.get('/x'));
  setImmediate(() => transport.close());
  expect(await call).toMatchObject({ code: 'OVH_NETWORK' });
});

test('row 60: an agent of the caller makes the TLS connections, and keeps them when the client is closed', async () => {
  await using authority = await testAuthority();
  await using at = await world({}, { tls: authority });
  const agent = new SecureAgent({ keepAlive: true, ca: authority.ca });
  const client = at.another({ agent });
  await client.get('/me');
  await client.get('/me');
  expect(await at.fake.connectionCount()).toBe(1);
  client.close();
  expect(Object.values(agent.freeSockets)).toHaveLength(1);
  agent.destroy();
});
