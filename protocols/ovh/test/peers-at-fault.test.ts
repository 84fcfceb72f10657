import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { testAuthority } from '@fairlead/testkit/certs';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { clientOf, failureOf, smallServer } from './support/world.ts';

const UNTIL = { timeoutMs: 10_000, what: 'the connections to close' };

/** A server in a thread of its own, which ends each connection soon after its answer and tells what it was asked. */
const IMPATIENT = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      parentPort.postMessage(bytes.toString().split(' ')[0]);
      socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\n1', () => setTimeout(() => socket.end(), 50));
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

test.each(['POST', 'GET'])(
  'X08: a %s never meets a connection that the server ended while this program was busy, and is sent once',
  async (method) => {
    const thread = new Worker(IMPATIENT, { eval: true });
    try {
      const [port] = (await once(thread, 'message')) as [number];
      const asked: unknown[] = [];
      thread.on('message', (verb) => asked.push(verb));
      using client = clientOf({ url: `http://127.0.0.1:${port}` }, { retry: false });
      await client.get('/x');
      // The end of the connection comes meanwhile, and nobody looks.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200);
      expect(await client.request(method, '/x')).toBe(1);
      await until(() => asked.length === 2, UNTIL);
      expect(asked).toEqual(['GET', method]);
    } finally {
      await thread.terminate();
    }
  },
);

test('row 51: the signal of a raw call ends its body too', async () => {
  const sockets: Socket[] = [];
  await using server = await smallServer((response) => {
    sockets.push(response.socket as Socket);
    response.write('{"a":');
  });
  using client = clientOf(server, { retry: false });
  for (const when of ['before it is read', 'while it is read']) {
    const abort = new AbortController();
    const { body } = await client.raw('GET', '/x', { signal: abort.signal });
    if (when.startsWith('before')) abort.abort(new Error('enough'));
    else setTimeout(() => abort.abort(new Error('enough')), 20);
    const read = async () => {
      for await (const piece of body) expect(piece.length).toBeGreaterThan(0);
    };
    expect(await failureOf(read())).toMatchObject({ message: 'enough' });
  }
  await until(() => sockets.length === 2 && sockets.every((socket) => socket.destroyed), UNTIL);
});

test('row 50: who reads slowly is not taken for a server that is late; a server that is late is', async () => {
  const size = 8 * 1024 * 1024;
  await using server = await smallServer((response, { target }) => {
    if (target.endsWith('whole')) response.end(Buffer.alloc(size));
    else response.write(Buffer.alloc(size));
  });
  using client = clientOf(server, { retry: false, timeouts: { body: 150 } });
  const readSlowly = async (path: string) => {
    const { body } = await client.raw('GET', path);
    let bytes = 0;
    for await (const piece of body) {
      // Longer than the timeout; a timer is what is looked at here.
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 500));
      bytes += piece.length;
    }
    return bytes;
  };
  expect(await readSlowly('/whole')).toBe(size);
  expect(await failureOf(readSlowly('/part'))).toMatchObject({ code: 'OVH_TIMEOUT', phase: 'body' });
});

for (const coding of ['gzip', 'br', 'deflate']) {
  test(`an empty body that claims to be ${coding} is empty: the status is not lost`, async () => {
    await using server = await smallServer((response, { target }) => {
      response.writeHead(target.endsWith('good') ? 200 : 404, { 'Content-Encoding': coding, 'Transfer-Encoding': 'chunked' }).end();
    });
    using client = clientOf(server, { retry: false });
    expect(await client.get('/good')).toBeNull();
    expect(await failureOf(client.get('/bad'))).toMatchObject({ status: 404 });
  });
}

test('a packed body that is not read to its end lets the connection go', async () => {
  const sockets: Socket[] = [];
  await using server = await smallServer((response) => {
    sockets.push(response.socket as Socket);
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).write(gzipSync('x'.repeat(100_000)).subarray(0, 60));
  });
  using client = clientOf(server, { retry: false });
  const unread = await client.raw('GET', '/x');
  unread.body.destroy();
  const broken = await client.raw('GET', '/x');
  for await (const piece of broken.body) if (piece.length > 0) break;
  await until(() => sockets.length === 2 && sockets.every((socket) => socket.destroyed), UNTIL);
});

test('row 61: TLS options that cannot be used are a ConfigurationError, once, and no tunnel is opened for them', async () => {
  await using proxy = await smallServer((response) => response.end());
  const key = 'key-canary-77';
  using client = clientOf({ url: 'https://127.0.0.1:9' }, { proxy: proxy.url, tls: { cert: 'no PEM', key } });
  const error = await failureOf(client.get('/x'));
  expect(error).toMatchObject({ code: 'OVH_CONFIGURATION', message: expect.stringContaining('tls') });
  expect(String(error)).not.toContain(key);
  expect(proxy.received).toEqual([]);
});

test('X13: the user of a proxy is read when it is given, not when the call has reached the proxy', () => {
  const make = () => clientOf({ url: 'https://eu.api.ovh.com' }, { proxy: 'http://me:canary%zz@127.0.0.1:1' });
  expect(make).toThrow(/user or password/);
  expect(make).not.toThrow(/canary/);
});

test('X13: an https proxy is asked for by its name, and verified with the roots that were given', async () => {
  await using authority = await testAuthority();
  const names: unknown[] = [];
  const heads: string[] = [];
  const server = createTlsServer({ key: authority.key, cert: authority.cert }, (socket) => {
    names.push(socket.servername);
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      heads.push(bytes.toString());
      socket.end('HTTP/1.1 407 No\r\n\r\n');
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = `https://localhost:${(server.address() as AddressInfo).port}`;
  const to = { url: 'https://eu.api.ovh.com' };
  using trusting = clientOf(to, { proxy, retry: false, tls: { ca: authority.ca } });
  expect(await failureOf(trusting.get('/x'))).toMatchObject({ message: expect.stringContaining('407') });
  expect(names).toEqual(['localhost']);
  expect(heads).toEqual([expect.stringMatching(/^CONNECT eu\.api\.ovh\.com:443 /)]);
  using strict = clientOf(to, { proxy, retry: false });
  // It is the proxy that nobody vouches for, not the API.
  const error = { code: 'OVH_NETWORK', sent: false, message: expect.stringContaining(`proxy ${new URL(proxy).host}`) };
  expect(await failureOf(strict.get('/x'))).toMatchObject(error);
  expect(heads).toHaveLength(1);
  server.close();
});

test('X08: of a connection on which an error was seen, no call makes use', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  using client = clientOf({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, { retry: false });
  await client.get('/x');
  sockets[0]?.resetAndDestroy();
  await until(() => sockets[0]?.closed, UNTIL);
  expect(await client.post('/x')).toBe(1);
  for (const socket of sockets) socket.destroy();
  server.close();
});
