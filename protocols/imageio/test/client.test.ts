import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ImageioClient } from '../src/index.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: { readonly method: string; readonly url: string; readonly headers: http.IncomingHttpHeaders; readonly body: string }[];
}

const options = '{"features": ["extents", "flush", "zero"], "max_readers": 8, "max_writers": 2}\n';

/** A server that answers OPTIONS; the rest is the test's. */
async function server(handler: Handler, optionsAnswer: Handler = (_request, response) => response.end(options)): Promise<TestServer> {
  const requests: TestServer['requests'] = [];
  const listening = http.createServer(async (request, response) => {
    if (request.method === 'OPTIONS') return optionsAnswer(request, response, 0);
    if (request.headers['x-raw'] === undefined && request.method !== 'PUT') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      requests.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
    } else {
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: '' });
    }
    handler(request, response, requests.length);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/images/t`,
    requests,
    async [Symbol.asyncDispose]() {
      listening.closeAllConnections();
      listening.close();
      await once(listening, 'close');
    },
  };
}

async function read(client: ImageioClient, offset: number, length: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  await client.read(offset, length, (chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks).toString();
}

describe('opening', () => {
  test('asks what the server can do', async () => {
    await using there = await server(() => undefined);
    await using client = await ImageioClient.open(there.url);
    expect([client.has('zero'), client.has('checksum'), client.readers, client.writers]).toEqual([true, false, 4, 2]);
  });

  test.each([405, 204])('imageio 17.113: an old server that answers %d has no features', async (status) => {
    await using there = await server(
      () => undefined,
      (_request, response) => response.writeHead(status).end(),
    );
    await using client = await ImageioClient.open(there.url);
    expect([client.has('extents'), client.readers]).toEqual([false, 1]);
  });

  test('imageio 17.114: goes to the proxy when the server cannot be reached', async () => {
    await using there = await server(() => undefined);
    await using client = await ImageioClient.open('http://127.0.0.1:1/images/t', { proxyUrl: there.url });
    expect(client.address).toBe(new URL(there.url).host);
  });

  test('imageio 17.114: does not go to the proxy when the server refuses', async () => {
    await using there = await server(
      () => undefined,
      (_request, response) => response.writeHead(403).end('You are not allowed\n'),
    );
    const opening = ImageioClient.open(there.url, { proxyUrl: 'http://127.0.0.1:1/images/t' });
    await expect(opening).rejects.toMatchObject({ code: 'IMAGEIO_REFUSED', detail: { status: 403, text: 'You are not allowed' } });
  });

  test('is over when nobody answers at all', async () => {
    await expect(ImageioClient.open('http://127.0.0.1:1/images/t')).rejects.toMatchObject({ code: 'IMAGEIO_UNREACHABLE' });
  });

  test('ends in time when the server is silent', async () => {
    await using there = await server(
      () => undefined,
      () => undefined,
    );
    await expect(ImageioClient.open(there.url, { idleMs: 50 })).rejects.toMatchObject({ code: 'IMAGEIO_TIMEOUT' });
  });

  test('ends with the signal', async () => {
    await using there = await server(
      () => undefined,
      () => undefined,
    );
    await expect(ImageioClient.open(there.url, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('reading', () => {
  test('asks for exactly the range and takes exactly that', async () => {
    await using there = await server((_request, response) => response.writeHead(206, { 'content-length': 4 }).end('abcd'));
    await using client = await ImageioClient.open(there.url);
    expect(await read(client, 8, 4)).toBe('abcd');
    expect(await read(client, 8, 0)).toBe('');
    expect(there.requests.map(({ headers }) => headers.range)).toEqual(['bytes=8-11']);
  });

  test.each([
    ['another status', 200, 4, 'abcd', 'IMAGEIO_REFUSED'],
    ['another length', 206, 3, 'abc', 'IMAGEIO_PROTOCOL'],
    ['a refusal', 416, 3, 'no\n', 'IMAGEIO_REFUSED'],
    ['a failure', 500, 3, 'no\n', 'IMAGEIO_SERVER_FAILED'],
  ])('%s is an error', async (_what, status, length, body, code) => {
    await using there = await server((_request, response) => response.writeHead(status, { 'content-length': length }).end(body));
    await using client = await ImageioClient.open(there.url);
    await expect(read(client, 0, 4)).rejects.toMatchObject({ code });
  });

  test('a body that is cut is an error, never a short success', async () => {
    await using there = await server((_request, response) => {
      response.writeHead(206, { 'content-length': 4 });
      response.write('ab', () => response.destroy());
    });
    await using client = await ImageioClient.open(there.url);
    await expect(read(client, 0, 4)).rejects.toMatchObject({ code: 'IMAGEIO_CONNECTION_LOST' });
  });

  test('a body that stops coming is an error in time', async () => {
    await using there = await server((_request, response) => void response.writeHead(206, { 'content-length': 4 }).write('ab'));
    await using client = await ImageioClient.open(there.url, { idleMs: 50 });
    await expect(read(client, 0, 4)).rejects.toMatchObject({ code: 'IMAGEIO_TIMEOUT' });
  });

  test('imageio 17.117: ends with the signal within a body', async () => {
    await using there = await server((_request, response) => void response.writeHead(206, { 'content-length': 4 }).write('ab'));
    await using client = await ImageioClient.open(there.url);
    const reading = client.read(0, 4, () => undefined, { signal: AbortSignal.timeout(30) });
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('a slow sink is no reason to give up', async () => {
    await using there = await server((_request, response) => response.writeHead(206, { 'content-length': 4 }).end('abcd'));
    await using client = await ImageioClient.open(there.url, { idleMs: 200 });
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 300);
    await client.read(0, 4, () => promise);
  });

  test('a kept connection that the server had dropped is replaced', async () => {
    await using there = await server((_request, response, count) => {
      if (count === 2) return void response.socket?.destroy();
      response.writeHead(206, { 'content-length': 1 }).end('x');
    });
    await using client = await ImageioClient.open(there.url, { connections: 1 });
    expect(await read(client, 0, 1)).toBe('x');
    expect(await read(client, 1, 1)).toBe('x');
    expect(there.requests.length).toBe(3);
  });
});

describe('extents', () => {
  test('are streamed, and tell the size', async () => {
    const body = '[{"start": 0, "length": 5, "zero": false, "hole": false}, {"start": 5, "length": 7, "zero": true, "hole": true}]\n';
    await using there = await server((_request, response) => response.end(body));
    await using client = await ImageioClient.open(there.url);
    expect(await client.size()).toBe(12);
    expect(there.requests[0]?.url).toBe('/images/t/extents?context=zero');
  });

  test('that the transfer does not have are a refusal', async () => {
    await using there = await server((_request, response) => response.writeHead(404).end('Ticket does not support dirty extents\n'));
    await using client = await ImageioClient.open(there.url);
    const walk = client.extents('dirty')[Symbol.asyncIterator]();
    await expect(walk.next()).rejects.toMatchObject({ code: 'IMAGEIO_REFUSED', detail: { status: 404 } });
  });
});

describe('writing', () => {
  const swallow: Handler = (request, response) => {
    request.resume();
    request.once('end', () => response.writeHead(200, { 'content-length': 0 }).end());
  };

  test('says where and how much, and flushes only when told', async () => {
    await using there = await server(swallow);
    await using client = await ImageioClient.open(there.url);
    await client.write(4096, 4, Buffer.from('abcd'));
    await client.write(0, 2, Buffer.from('ab'), { flush: true });
    expect(there.requests.map(({ url, headers }) => [url, headers['content-range'], headers['content-length']])).toEqual([
      ['/images/t?flush=n', 'bytes 4096-4099/*', '4'],
      ['/images/t?flush=y', 'bytes 0-1/*', '2'],
    ]);
  });

  test('zeroes in steps and flushes by PATCH', async () => {
    await using there = await server((_request, response) => response.end());
    await using client = await ImageioClient.open(there.url);
    await client.zero(1, 200 * 1024 * 1024);
    await client.flush();
    expect(there.requests.map(({ body }) => JSON.parse(body))).toEqual([
      { op: 'zero', offset: 1, size: 134_217_728, flush: false },
      { op: 'zero', offset: 134_217_729, size: 75_497_472, flush: false },
      { op: 'flush' },
    ]);
  });

  test.each([
    ['short', ['ab']],
    ['long', ['abcd', 'ef']],
  ])('imageio 17.117: a source that is too %s is an error', async (_what, chunks) => {
    await using there = await server(swallow);
    await using client = await ImageioClient.open(there.url);
    const source = (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })();
    await expect(client.write(0, 4, source)).rejects.toMatchObject({ code: 'IMAGEIO_SOURCE_LENGTH' });
  });

  test('a refusal that comes before the whole body is told', async () => {
    await using there = await server((_request, response) => response.writeHead(403, { connection: 'close' }).end('canceled\n'));
    await using client = await ImageioClient.open(there.url);
    const endless = (async function* () {
      while (true) yield Buffer.alloc(65_536);
    })();
    const failure = await client.write(0, 2 ** 40, endless).catch((error) => error);
    expect(['IMAGEIO_REFUSED', 'IMAGEIO_CONNECTION_LOST']).toContain(failure.code);
  });
});
