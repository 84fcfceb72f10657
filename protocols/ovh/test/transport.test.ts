import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { testAuthority } from '@fairlead/testkit/certs';
import { afterEach, expect, test, vi } from 'vitest';
import { ConfigurationError, NetworkError, TimeoutError, UnexpectedRedirectError } from '../src/index.ts';
import { proxyFor } from '../src/transport/proxy.ts';
import { clientOf, failureOf, HERMETIC, smallServer, world } from './support/world.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  connections: number;
}

/** Plain TCP, for peers that speak no proper HTTP. */
async function rawServer(serve: (socket: Socket) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    at.connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const at: RawServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    connections: 0,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return at;
}

interface ProxyServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly asked: { target: string; authorization: string | undefined }[];
}

/** An HTTP proxy that opens tunnels, or refuses them with a status. */
async function proxyServer(status = 200): Promise<ProxyServer> {
  const asked: ProxyServer['asked'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_message, response) => response.writeHead(405).end());
  server.on('connect', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const target = message.url ?? '';
    asked.push({ target, authorization: message.headers['proxy-authorization'] });
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const [, port] = target.split(':');
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await closed;
    },
  };
}

const SHORT = { connect: 300, headers: 300, body: 300 };
const ONCE = { retry: false, timeouts: SHORT } as const;

for (const status of [301, 302, 303, 307, 308]) {
  test(`X12: ${status} is an error with its location, and the other host sees nothing`, async () => {
    await using elsewhere = await smallServer((response) => response.end('{}'));
    await using server = await smallServer((response) => response.writeHead(status, { Location: `${elsewhere.url}/1.0/x` }).end());
    using client = clientOf(server, ONCE);
    for (const method of ['GET', 'POST']) {
      const error = await failureOf(client.request(method, '/x'));
      expect(error).toBeInstanceOf(UnexpectedRedirectError);
      expect(error).toMatchObject({ status, location: `${elsewhere.url}/1.0/x` });
    }
    expect(elsewhere.received).toEqual([]);
  });
}

test('X14 N29: characters split across pieces stay whole', async () => {
  const text = JSON.stringify({ text: 'é😀 ü漢' });
  await using server = await smallServer(async (response) => {
    for (const byte of Buffer.from(text)) {
      response.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  using client = clientOf(server);
  expect(await client.get('/x')).toEqual({ text: 'é😀 ü漢' });
  await using at = await world();
  at.fake.faults.next('GET /me', { kind: 'drip' });
  expect(await at.client.get('/me')).toMatchObject({ currency: { symbol: '€' } });
});

test('gzip and br are taken apart; what only claims to be gzip is an error', async () => {
  const packed = { gzip: gzipSync('{"a":"é"}'), br: brotliCompressSync('{"a":"é"}'), lie: Buffer.from('{"a":1}') };
  await using server = await smallServer((response, { target }) => {
    const name = target.slice('/1.0/'.length) as keyof typeof packed;
    response.setHeader('Content-Encoding', name === 'lie' ? 'gzip' : name);
    response.end(packed[name]);
  });
  using client = clientOf(server, ONCE);
  expect(await client.get('/gzip')).toEqual({ a: 'é' });
  expect(await client.get('/br')).toEqual({ a: 'é' });
  expect(await failureOf(client.get('/lie'))).toBeInstanceOf(NetworkError);
});

test('an answer longer than maxResponseBytes is cut off, packed or not', async () => {
  const body = `"${'x'.repeat(5000)}"`;
  await using server = await smallServer((response, { target }) => {
    if (target.endsWith('gzip')) response.setHeader('Content-Encoding', 'gzip');
    response.end(target.endsWith('gzip') ? gzipSync(body) : body);
  });
  using client = clientOf(server, { ...ONCE, maxResponseBytes: 5000 });
  for (const path of ['/plain', '/gzip']) {
    expect(await failureOf(client.get(path))).toMatchObject({ code: 'OVH_NETWORK', message: expect.stringContaining('maxResponseBytes') });
  }
  using enough = clientOf(server, { ...ONCE, maxResponseBytes: 5002 });
  expect(await enough.get('/gzip')).toHaveLength(5000);
});

test('P19: the defaults are 10 s to connect and 180 s for head and body', async () => {
  const seen: unknown[] = [];
  const { createClient } = await import('../src/index.ts');
  const transport = {
    send: async (_request: unknown, { timeouts }: { timeouts: unknown }) => {
      seen.push(timeouts);
      const { Readable } = await import('node:stream');
      return { status: 200, headers: {}, body: Readable.from([]) };
    },
    close: () => undefined,
  };
  using client = createClient({ ...HERMETIC, auth: 'none', transport });
  await client.get('/x');
  await client.get('/x', { timeouts: { headers: 5 } });
  expect(seen).toEqual([
    { connect: 10_000, headers: 180_000, body: 180_000 },
    { connect: 10_000, headers: 5, body: 180_000 },
  ]);
});

test('G06 row 50: a server that does not answer is a timeout of phase headers', async () => {
  await using server = await rawServer(() => undefined);
  using client = clientOf(server, ONCE);
  const error = await failureOf(client.get('/x'));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ phase: 'headers', sent: true });
});

test('row 50: a server that does not speak TLS is a timeout of phase connect, and nothing was sent', async () => {
  await using server = await rawServer(() => undefined);
  using client = clientOf({ url: server.url.replace('http:', 'https:') }, ONCE);
  expect(await failureOf(client.post('/x'))).toMatchObject({ code: 'OVH_TIMEOUT', phase: 'connect', sent: false });
});

test('row 50: a body that stops coming is a timeout of phase body', async () => {
  await using server = await rawServer((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"'));
  using client = clientOf(server, ONCE);
  expect(await failureOf(client.get('/x'))).toMatchObject({ code: 'OVH_TIMEOUT', phase: 'body' });
});

test('an abort during the body ends it with the reason', async () => {
  await using server = await rawServer((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"'));
  using client = clientOf(server, { retry: false });
  const abort = new AbortController();
  const call = failureOf(client.get('/x', { signal: abort.signal }));
  await vi.waitFor(() => expect(server.connections).toBe(1));
  setTimeout(() => abort.abort(new Error('enough')), 20);
  expect(await call).toMatchObject({ message: 'enough' });
});

for (const [title, bytes] of [
  ['no HTTP', 'SSH-2.0-x\r\n'],
  ['a body that ends early', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"'],
  ['nothing', ''],
  ['a head of 100 KB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
] as const) {
  test(`P22: ${title} and then the end is a NetworkError`, async () => {
    await using server = await rawServer((socket) => {
      socket.once('data', () => socket.end(bytes));
    });
    using client = clientOf(server, ONCE);
    const error = await failureOf(client.get('/x'));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ sent: true });
  });
}

test('P22: a name that does not exist is a NetworkError with its cause; nothing was sent', async () => {
  using client = clientOf({ url: 'https://no-such-host.invalid' }, ONCE);
  expect(await failureOf(client.get('/x'))).toMatchObject({ code: 'OVH_NETWORK', sent: false, cause: expect.any(Error) });
});

test('X13: calls go through a proxy by CONNECT with its user and password, and the API does not see those', async () => {
  await using at = await world();
  await using proxy = await proxyServer();
  const client = at.another({ proxy: `http://me:p%40ss@127.0.0.1:${proxy.port}` });
  await client.get('/me');
  await client.get('/me');
  const host = new URL(at.fake.url).host;
  expect(proxy.asked).toEqual([{ target: host, authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}` }]);
  expect(at.fake.log.every((entry) => entry.verdict === 'ok' && entry.headers['proxy-authorization'] === undefined)).toBe(true);
});

test('X13: NO_PROXY of the environment goes around it, and `proxy: false` ignores the environment', async () => {
  await using at = await world();
  await using proxy = await proxyServer();
  const { applicationKey, applicationSecret, consumerKey } = at.fake.keys;
  const env = {
    HTTP_PROXY: proxy.url,
    OVH_APPLICATION_KEY: applicationKey,
    OVH_APPLICATION_SECRET: applicationSecret,
    OVH_CONSUMER_KEY: consumerKey,
  };
  const keys = { applicationKey: '', applicationSecret: '', consumerKey: '' };
  await at.another({ ...keys, env }).get('/me');
  expect(proxy.asked).toHaveLength(1);
  await at.another({ ...keys, env: { ...env, no_proxy: 'x.example, 127.0.0.1' } }).get('/me');
  await at.another({ ...keys, env, proxy: false }).get('/me');
  expect(proxy.asked).toHaveLength(1);
});

test('X13: a proxy that refuses is a NetworkError without its password; nothing was sent, so that a POST is sent again', async () => {
  await using proxy = await proxyServer(407);
  await using server = await smallServer((response) => response.end('{}'));
  using client = clientOf(server, { proxy: `http://me:canary-9@127.0.0.1:${proxy.port}` });
  const error = (await failureOf(client.post('/x'))) as NetworkError;
  expect(error).toMatchObject({ code: 'OVH_NETWORK', sent: false, attempts: 4 });
  expect(error.message).toMatch(/refused the tunnel to 127\.0\.0\.1:\d+: 407/);
  expect(error.message).not.toContain('canary');
  expect(server.received).toEqual([]);
});

test('X13: a proxy that hangs is a timeout of phase connect', async () => {
  await using proxy = await rawServer(() => undefined);
  using client = clientOf({ url: 'https://eu.api.ovh.com' }, { ...ONCE, proxy: proxy.url });
  expect(await failureOf(client.get('/x'))).toMatchObject({ code: 'OVH_TIMEOUT', phase: 'connect', sent: false });
});

test('X13: https through the tunnel verifies the API, not the proxy', async () => {
  await using authority = await testAuthority();
  await using at = await world({}, { tls: authority });
  await using proxy = await proxyServer();
  await at.another({ proxy: proxy.url, tls: { ca: authority.ca } }).get('/me');
  expect(await failureOf(at.another({ proxy: proxy.url, retry: false }).get('/me'))).toMatchObject({ code: 'OVH_TIME_SYNC' });
  expect(proxy.asked).toHaveLength(2);
});

for (const text of ['socks5://127.0.0.1:1080', 'ftp://x', 'http://', '::']) {
  test(`X13: ${text} is no proxy, and the error does not repeat it`, () => {
    const make = () => clientOf({ url: 'https://eu.api.ovh.com' }, { proxy: text });
    expect(make).toThrow(ConfigurationError);
  });
}

/** Where requests go: target, environment, proxy. */
const routes: [string, Record<string, string>, string | undefined][] = [
  ['https://a.example/x', { HTTPS_PROXY: 'p:1' }, 'http://p:1/'],
  ['https://a.example/x', { https_proxy: 'p:1', HTTPS_PROXY: 'q:1' }, 'http://p:1/'],
  ['https://a.example/x', { HTTP_PROXY: 'p:1' }, undefined],
  ['http://a.example/x', { HTTP_PROXY: 'p:1' }, 'http://p:1/'],
  ['https://a.example/x', { ALL_PROXY: 'https://p:1' }, 'https://p:1/'],
  ['https://a.example/x', { HTTPS_PROXY: '', ALL_PROXY: 'p:1' }, 'http://p:1/'],
  ['https://a.example/x', { HTTPS_PROXY: 'p:1', NO_PROXY: '*' }, undefined],
  ['https://a.example/x', { HTTPS_PROXY: 'p:1', NO_PROXY: 'example' }, undefined],
  ['https://a.example/x', { HTTPS_PROXY: 'p:1', NO_PROXY: '.example' }, undefined],
  ['https://a.example/x', { HTTPS_PROXY: 'p:1', NO_PROXY: 'b.example,xample' }, 'http://p:1/'],
  ['https://a.example/x', { HTTPS_PROXY: 'p:1', NO_PROXY: 'a.example:443' }, undefined],
  ['https://a.example:8443/x', { HTTPS_PROXY: 'p:1', NO_PROXY: 'a.example:443' }, 'http://p:1/'],
  ['https://[::1]/x', { HTTPS_PROXY: 'p:1', NO_PROXY: '::1' }, undefined],
  ['https://[::1]:8443/x', { HTTPS_PROXY: 'p:1', NO_PROXY: '[::1]:8443' }, undefined],
];
for (const [target, env, proxy] of routes) {
  test(`X13: ${target} with ${JSON.stringify(env)} goes ${proxy ?? 'directly'}`, () => {
    expect(proxyFor(new URL(target), undefined, env)?.href).toBe(proxy);
  });
}

test('row 61: a certificate of nobody that we know is refused, whatever the environment says; with `ca` it is taken', async () => {
  await using authority = await testAuthority();
  await using at = await world({}, { tls: authority });
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  expect(await failureOf(at.another({ auth: 'none', retry: false }).get('/x', { auth: false }))).toMatchObject({
    code: 'OVH_NETWORK',
    sent: false,
  });
  expect(at.fake.log).toEqual([]);
  expect(await at.another({ tls: { ca: authority.ca } }).get('/me')).toHaveProperty('nichandle');
});

test('row 61: the name in the certificate counts, and `servername` says which it shall be', async () => {
  await using authority = await testAuthority();
  await using at = await world({}, { tls: authority });
  const wrong = at.another({ retry: false, timeSync: false, tls: { ca: authority.ca, servername: 'other.example' } });
  expect(await failureOf(wrong.get('/me'))).toMatchObject({ code: 'OVH_NETWORK', sent: false });
  expect(await at.another({ tls: { ca: authority.ca, servername: 'localhost' } }).get('/me')).toHaveProperty('nichandle');
});
