import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { testAuthority } from '@fairlead/testkit/certs';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { clientOf, failureOf, smallServer, world } from './support/world.ts';

const UNTIL = { timeoutMs: 10_000, what: 'the connection' };

interface Scripted extends AsyncDisposable {
  readonly url: string;
  readonly sockets: readonly Socket[];
}

/** Answers each request with the next of these texts; the last one stands for all that follow. */
async function scripted(...answers: readonly string[]): Promise<Scripted> {
  const sockets: Socket[] = [];
  let asked = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      socket.write(answers[Math.min(asked, answers.length - 1)] ?? '');
      asked += 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const answer = (body: string, headers = '') => `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;

/** How an answer decides about the next request: whether it goes over the same connection. */
const KEPT: readonly [what: string, first: string, kept: boolean][] = [
  ['a plain answer', answer('1'), true],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n', true],
  ['an interim answer before', `HTTP/1.1 103 Early Hints\r\n\r\n${answer('1')}`, true],
  ['Keep-Alive: timeout=30', answer('1', 'Keep-Alive: timeout=30\r\n'), true],
  ['Keep-Alive: timeout=1', answer('1', 'Keep-Alive: timeout=1\r\n'), false],
  ['Connection: close', answer('1', 'Connection: close\r\n'), false],
  ['HTTP/1.0', answer('1').replace('1.1', '1.0'), false],
  ['both lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n', false],
];

for (const [what, first, kept] of KEPT) {
  test(`row 62: after ${what} the connection is ${kept ? 'used again' : 'not used again'}`, async () => {
    await using server = await scripted(first, answer('2'));
    using client = clientOf(server, { retry: false });
    expect([await client.get('/x'), await client.get('/x')]).toEqual([1, 2]);
    expect(server.sockets).toHaveLength(kept ? 1 : 2);
  });
}

test('words that nobody asked for are never taken for the next answer', async () => {
  await using server = await scripted(`${answer('1')}${answer('"smuggled"')}`, answer('2'));
  using client = clientOf(server, { retry: false });
  expect([await client.get('/x'), await client.get('/x')]).toEqual([1, 2]);
  await using late = await scripted(answer('1'), answer('2'));
  using other = clientOf(late, { retry: false });
  await other.get('/x');
  late.sockets[0]?.write(answer('"smuggled"'));
  await until(() => late.sockets[0]?.destroyed || late.sockets[0]?.readableEnded, UNTIL);
  expect(await other.get('/x')).toBe(2);
});

test('a connection that the server ended while it was idle is not used, so that a POST does not meet it', async () => {
  await using server = await scripted(answer('1'), answer('2'));
  using client = clientOf(server, { retry: false });
  await client.get('/x');
  const [first] = server.sockets;
  first?.end();
  await until(() => first?.destroyed, UNTIL);
  expect(await client.post('/x')).toBe(2);
});

test('an answer before the whole body was sent ends the connection: the rest would be read as the next request', async () => {
  const { promise: second, resolve } = Promise.withResolvers<string>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    if (connections === 1) socket.once('data', () => socket.pause().write(answer('1')));
    else
      socket.once('data', (bytes) => {
        resolve(bytes.toString('latin1'));
        socket.write(answer('2'));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  using client = clientOf({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, { retry: false });
  expect(await client.post('/big', { rawBody: new Uint8Array(32 * 1024 * 1024) })).toBe(1);
  expect(await client.get('/next')).toBe(2);
  expect(await second).toMatch(/^GET \/1\.0\/next HTTP/);
  client.close();
  server.close();
});

test('row 64: a body is not read far ahead of who reads it, and comes whole all the same', async () => {
  const size = 64 * 1024 * 1024;
  let written = 0;
  await using server = await smallServer(async (response) => {
    const piece = Buffer.alloc(256 * 1024, 'x');
    for (; written < size; written += piece.length) if (!response.write(piece)) await once(response, 'drain');
    response.end();
  });
  using client = clientOf(server);
  const { body } = await client.raw('GET', '/x');
  let before = -1;
  // Until nothing moves any more: the buffers between the two are full.
  await until(async () => {
    if (written === before) return true;
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return false;
  }, UNTIL);
  expect(written).toBeLessThan(size / 2);
  let read = 0;
  for await (const piece of body) read += piece.length;
  expect(read).toBe(size);
});

test('row 61: calls at once have a connection each, and each one is verified', async () => {
  await using authority = await testAuthority();
  await using at = await world({}, { tls: authority });
  const client = at.another({ tls: { ca: authority.ca }, timeSync: false });
  await Promise.all(Array.from({ length: 5 }, () => client.get('/me')));
  expect(await at.fake.connectionCount()).toBe(5);
  expect(await failureOf(at.another({ retry: false, timeSync: false }).get('/me'))).toMatchObject({ code: 'OVH_NETWORK', sent: false });
});

test('a header that would break out of its line is refused before anything is sent, wherever it comes from', async () => {
  await using server = await smallServer((response) => response.end('1'));
  const keys = { applicationKey: 'ak\r\nX-Evil: 1', applicationSecret: 'as', consumerKey: 'ck' };
  using client = clientOf(server, { ...keys, retry: false });
  expect(await failureOf(client.get('/x'))).toMatchObject({ code: 'OVH_INVALID_CALL' });
  expect(server.received).toEqual([]);
});
