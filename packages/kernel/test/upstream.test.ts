import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer, type Server } from 'node:net';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { systemClock } from '../src/clock/index.ts';
import { createLog, silentLog } from '../src/log/index.ts';
import { loadAuthority } from '../src/tls/index.ts';
import { createUpstream, type UpstreamOptions } from '../src/upstream/index.ts';
import { newFolder } from './folder.ts';

const Answer = {
  parse(value: unknown): { n: number } {
    if (typeof value === 'object' && value !== null && 'n' in value && typeof value.n === 'number') return { n: value.n };
    throw new TypeError('n is no number');
  },
};
const timeouts = { connectMs: 2000, headersMs: 2000, bodyMs: 2000, maxBodyBytes: 1000, log: silentLog() };

async function listening(server: Server): Promise<{ readonly port: number } & AsyncDisposable> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function open(handler: RequestListener, more: Partial<UpstreamOptions> = {}) {
  const server = await listening(createServer(handler));
  const upstream = createUpstream({ name: 'the cloud', baseUrl: `http://127.0.0.1:${server.port}/base/`, ...timeouts, ...more });
  return {
    upstream,
    async [Symbol.asyncDispose]() {
      await upstream.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('sends method, path below the base, headers and body, and gives status, headers and body', async () => {
  await using it = await open(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    response.writeHead(418, { 'x-kind': 'tea' }).end(`${request.method} ${request.url} ${request.headers['x-a']} ${body}`);
  });
  const answer = await it.upstream.request({
    method: 'PUT',
    path: '/pot?n=1',
    headers: { 'x-a': 'b' },
    body: Readable.from(['some ', 'text']),
  });

  expect([answer.status, answer.headers['x-kind'], String(await answer.body())]).toEqual([418, 'tea', 'PUT /base/pot?n=1 b some text']);
});

test('JSON is read by the schema', async () => {
  await using it = await open(
    (request, response) => void response.end(JSON.stringify({ n: request.headers.accept === 'application/json' ? 1 : 0 })),
  );

  expect(await it.upstream.json({ method: 'GET', path: '/' }, Answer)).toEqual({ n: 1 });
});

test.each([
  ['HTML', 200, '<html>', 'no JSON'],
  ['another shape', 200, '{"n":"1"}', 'JSON of another shape'],
  ['an error status', 503, '{"n":1}', 'status 503'],
  ['too much', 200, JSON.stringify({ n: 1, x: 'y'.repeat(2000) }), 'more than 1000 bytes'],
])('%s is FAIRLEAD_UPSTREAM_ANSWER', async (_name, status, body, reason) => {
  await using it = await open((_request, response) => void response.writeHead(status).end(body));

  await expect(it.upstream.json({ method: 'GET', path: '/' }, Answer)).rejects.toMatchObject({
    code: 'FAIRLEAD_UPSTREAM_ANSWER',
    message: `the cloud gave an answer that cannot be used: ${reason}`,
  });
});

test('a stream gives the body as it comes, beyond the limit of whole bodies', async () => {
  await using it = await open((_request, response) => void response.end(Buffer.alloc(100_000, 1)));
  const { status, body } = await it.upstream.stream({ method: 'GET', path: '/' });
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;

  expect([status, bytes]).toEqual([200, 100_000]);
});

test('nobody there is FAIRLEAD_UPSTREAM_UNREACHABLE with the reason', async () => {
  const closed = await listening(createNetServer());
  await closed[Symbol.asyncDispose]();
  const upstream = createUpstream({ name: 'the cloud', baseUrl: `http://127.0.0.1:${closed.port}`, ...timeouts });

  await expect(upstream.request({ method: 'GET', path: '/?secret=hush' })).rejects.toMatchObject({
    code: 'FAIRLEAD_UPSTREAM_UNREACHABLE',
    message: 'the cloud cannot be reached: ECONNREFUSED',
  });
  await upstream.close();
});

test('a peer that hangs up before or within the answer is FAIRLEAD_UPSTREAM_UNREACHABLE', async () => {
  await using early = await open((request) => void request.socket.destroy());
  await using late = await open((_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half');
    setImmediate(() => response.destroy());
  });

  await expect(early.upstream.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'FAIRLEAD_UPSTREAM_UNREACHABLE' });
  await expect(late.upstream.json({ method: 'GET', path: '/' }, Answer)).rejects.toMatchObject({ code: 'FAIRLEAD_UPSTREAM_UNREACHABLE' });
});

test('silence before the headers or within the body is FAIRLEAD_UPSTREAM_TIMEOUT', async () => {
  await using mute = await open(() => undefined, { headersMs: 50 });
  await using stuck = await open((_request, response) => void response.writeHead(200).write('{'), { bodyMs: 50 });

  await expect(mute.upstream.request({ method: 'GET', path: '/' })).rejects.toMatchObject({
    code: 'FAIRLEAD_UPSTREAM_TIMEOUT',
    status: 504,
  });
  await expect(stuck.upstream.json({ method: 'GET', path: '/' }, Answer)).rejects.toMatchObject({ code: 'FAIRLEAD_UPSTREAM_TIMEOUT' });
});

test('a server that takes the connection and never shakes hands is FAIRLEAD_UPSTREAM_TIMEOUT', async () => {
  const sockets = new Set<{ destroy(): void }>();
  await using tarpit = await listening(createNetServer((socket) => void sockets.add(socket.on('error', () => undefined))));
  const upstream = createUpstream({ name: 'the cloud', baseUrl: `https://127.0.0.1:${tarpit.port}`, ...timeouts, connectMs: 100 });

  await expect(upstream.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'FAIRLEAD_UPSTREAM_TIMEOUT' });
  await upstream.close();
  for (const socket of sockets) socket.destroy();
});

test('the signal ends request and body with its own reason', async () => {
  await using mute = await open(() => undefined);
  await using stuck = await open((_request, response) => void response.writeHead(200).write('{'));
  const waiting = mute.upstream.request({ method: 'GET', path: '/', signal: AbortSignal.timeout(20) });
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });

  const stop = new AbortController();
  const answer = await stuck.upstream.request({ method: 'GET', path: '/', signal: stop.signal });
  const body = answer.body();
  stop.abort(new Error('enough'));
  await expect(body).rejects.toThrow('enough');
});

test('ovirt 12.3: certificates are verified; turning that off is logged by name', async () => {
  await using folder = await newFolder();
  const authority = await loadAuthority({
    ssl: {},
    stateDir: folder.path,
    names: [],
    clock: systemClock,
    log: silentLog(),
    defaultDir: '/nonexistent',
  });
  await using server = await listening(createTlsServer(authority.server(), (_request, response) => void response.end('{"n":1}')));
  const lines: string[] = [];
  const log = createLog({ destination: { write: (line) => void lines.push(line) } });
  const json = async (more: Partial<UpstreamOptions>) => {
    const upstream = createUpstream({ name: 'the cloud', baseUrl: `https://127.0.0.1:${server.port}`, ...timeouts, log, ...more });
    return upstream.json({ method: 'GET', path: '/' }, Answer).finally(() => upstream.close());
  };

  await expect(json({})).rejects.toMatchObject({
    code: 'FAIRLEAD_UPSTREAM_UNREACHABLE',
    message: expect.stringMatching(/CERT|ISSUER|SIGNED/),
  });
  expect(await json({ ca: authority.bundlePem })).toEqual({ n: 1 });
  expect(lines).toEqual([]);
  expect(await json({ verify: false })).toEqual({ n: 1 });
  expect(lines.join('')).toContain('"upstream":"the cloud","msg":"the certificate of this upstream is not verified"');
});
