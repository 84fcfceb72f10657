import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { testBridge } from '../support/bridge.ts';
import { RawClient } from '../support/raw-client.ts';
import { control } from '../support/tickets.ts';
import { SIZE, tell, world } from '../support/world.ts';

/** Cases of imageio 17 that concern HTTP itself, at the real listener. */

test('imageio 17.1, 17.3: headers have lower-case names, and an answer without body says so', async () => {
  await using there = await world();
  const path = await there.ticket('t', { filename: 'dísk.raw' });
  const get = await there.ask('GET', path, { headers: { range: 'bytes=0-3', 'x-unicode': 'ä' } });
  using client = await there.open();
  let head = '';
  client.socket.on('data', (bytes: Buffer) => {
    head += bytes.toString('latin1');
  });
  await tell(client, 'OPTIONS', path);
  const answers = [
    await there.ask('PUT', path, { body: 'abcd' }),
    await there.ask('PUT', path, { body: '' }),
    await there.ask('PATCH', path, { body: '{"op":"flush"}' }),
    await control(there.bridge, 'DELETE', 't'),
  ];

  const names = [...head.matchAll(/^([^:\r\n]+): /gm)].map(([, name]) => name);
  expect(names).toContain('content-length');
  expect(names.join()).toBe(names.join().toLowerCase());
  expect(get.headers).toMatchObject({ 'content-length': '4', 'content-type': 'application/octet-stream' });
  expect(Buffer.from(get.headers['content-disposition'] ?? '', 'latin1').toString()).toContain('filename=dísk.raw');
  expect(answers.map(({ headers }) => headers['content-length'])).toEqual(['0', '0', '0', '0']);
});

test('imageio 17.2: a request line of 4096 bytes is read, a longer one is 414 and ends the connection', async () => {
  await using there = await world();
  const line = (length: number) => `/images/${'a'.repeat(length - 'GET /images/ HTTP/1.1'.length)}`;

  expect(await there.ask('GET', line(4096))).toMatchObject({ status: 403 });
  expect(await there.ask('GET', line(4200))).toMatchObject({ status: 414, text: 'Request-URI Too Long\n', closed: true });
});

test('imageio 17.4: DELETE of a ticket is 204 without a body, OPTIONS of an image 200', async () => {
  await using there = await world();
  const path = await there.ticket('t');

  expect((await there.ask('OPTIONS', path)).status).toBe(200);
  expect(await control(there.bridge, 'DELETE', 't')).toMatchObject({ status: 204, headers: { 'content-length': '0' } });
});

test('imageio 17.5: a body is read whole, in however many pieces it comes, an empty one too', async () => {
  await using there = await world();
  const path = await there.ticket('t');
  using client = await there.open();
  client.send(`PUT ${path} HTTP/1.1\r\nhost: h\r\ncontent-length: 300000\r\n\r\n`);
  for (let piece = 0; piece < 30; piece += 1) client.send(String.fromCharCode(65 + piece).repeat(10_000));

  expect((await client.answer()).status).toBe(200);
  expect((await tell(client, 'PUT', path)).status).toBe(200);
  const back = await there.bytes(path, 0, 299_999);
  expect([back.length, back.slice(9_999, 10_001), back.at(-1)]).toEqual([300_000, 'AB', String.fromCharCode(94)]);
});

test('imageio 17.7: JSON answers have their type and their length', async () => {
  await using there = await world();
  const path = await there.ticket('t');
  for (const [method, target] of [
    ['OPTIONS', path],
    ['GET', `${path}/extents`],
    ['GET', '/info/'],
  ] as const) {
    const { headers, text } = await there.ask(method, target);
    expect(headers['content-type']).toBe('application/json');
    expect(() => JSON.parse(text)).not.toThrow();
    if (headers['transfer-encoding'] === undefined) expect(headers['content-length']).toBe(String(text.length));
  }
});

test('imageio 17.13: unknown route 404, wrong method 405, unknown verb 405, all in plain text', async () => {
  await using there = await world();
  const path = await there.ticket('t');
  const answers = [
    await there.ask('GET', '/nothing'),
    await there.ask('DELETE', path),
    await there.ask('FOO', path),
    await there.ask('PUT', '/info/'),
  ];

  expect(answers.map(({ status }) => status)).toEqual([404, 405, 405, 405]);
  expect(answers.every(({ headers }) => headers['content-type']?.startsWith('text/plain'))).toBe(true);
});

describe('errors and the connection', () => {
  test('imageio 17.14, 17.18: a refusal comes before the body was read, and then the connection ends', async () => {
    await using there = await world();
    await there.ticket('ro', { ops: ['read'] });
    using client = await there.open();
    client.send(`PUT /images/ro HTTP/1.1\r\nhost: h\r\ncontent-length: ${SIZE}\r\n\r\nabcd`);

    expect(await client.answer()).toMatchObject({ status: 403, headers: { connection: 'close' } });
    await client.closed();

    using reader = await there.open();
    reader.send('GET /images/none HTTP/1.1\r\nhost: h\r\ncontent-length: 100\r\n\r\nabcd');
    expect((await reader.answer()).status).toBe(403);
    await reader.closed();
  });

  test('imageio 17.15, 17.16: a backend that cannot be reached is 500 for every method, and nothing of it is told', async () => {
    await using there = await world();
    await there.ticket('t', { url: 'nbd:unix:/run/very-secret-path.sock' });
    for (const [method, body] of [
      ['GET', ''],
      ['PUT', 'abcd'],
      ['PATCH', '{"op":"flush"}'],
      ['OPTIONS', ''],
    ] as const) {
      const answer = await there.ask(method, '/images/t', { body });
      expect(answer).toMatchObject({ status: 500, text: 'Server failed to perform the request, check logs\n' });
    }
    expect(there.bridge.log.text()).toContain('very-secret-path');
  });

  test('imageio 17.17: an error keeps the connection when no byte of a body is left over', async () => {
    await using there = await world();
    const path = await there.ticket('t');
    using client = await there.open();
    const answers = [
      await tell(client, 'GET', path, { headers: { range: 'bytes=9-8' } }),
      await tell(client, 'GET', `${path}/extents?context=x`),
      await tell(client, 'PATCH', path, { body: '{"op":"zero","size":-1}' }),
      await tell(client, 'DELETE', path),
    ];

    expect(answers.map(({ status }) => status)).toEqual([416, 400, 400, 405]);
    expect(await client.stillOpen()).toBe(true);
  });
});

test('imageio 17.10: blank values stay, the last of two counts, names and values may be quoted and of any letters', async () => {
  await using there = await world();
  const path = await there.ticket('t');

  expect((await there.ask('PUT', `${path}?flush=y&flush=bad`, { body: 'a' })).status).toBe(400);
  expect((await there.ask('PUT', `${path}?flush=bad&flush=n&%C3%A9=%22x%22&blank=`, { body: 'a' })).status).toBe(200);
  expect((await there.ask('PUT', `${path}?flush=`, { body: 'a' })).text).toContain("Unsupported value '' for 'flush'");
});

test('imageio 17.11, 17.12, 17.101: each connection has backends of its own, one for each ticket, and they end with it', async () => {
  await using there = await world();
  const [disk, raw] = [await there.ticket('a'), await there.ticket('b', { image: 'raw' })];
  const clients = [await there.open(), await there.open()];
  for (const client of clients) for (const path of [disk, raw, disk, raw]) expect((await tell(client, 'OPTIONS', path)).status).toBe(200);
  const during = [await there.info('a'), await there.info('b')].map(({ connections }) => connections);
  clients[0]?.socket.destroy();
  await until(async () => (await there.info('a')).connections === 1 && (await there.info('b')).connections === 1);
  clients[1]?.socket.destroy();

  expect(during).toEqual([2, 2]);
  await until(async () => (await there.info('a')).connections === 0 && (await there.info('b')).connections === 0);
});

test('imageio 17.22: listens on IPv4, on IPv6, on both at once and by name', async () => {
  for (const [host, names] of [
    ['127.0.0.1', ['127.0.0.1']],
    ['::1', ['[::1]']],
    ['::', ['127.0.0.1', '[::1]']],
    ['localhost', ['localhost']],
  ] as const) {
    await using bridge = await testBridge({ config: { host } });
    const { port } = new URL(bridge.dataUrl);
    for (const name of names) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const socket = connect({ host: name.replace(/[[\]]/g, ''), port: Number(port), ca: bridge.ca }, resolve);
      socket.once('error', reject);
      await promise;
      socket.destroy();
    }
  }
});

test('imageio 17.23: pipelined requests are answered in order, and chunks are never taken for the next request', async () => {
  await using there = await world();
  const path = await there.ticket('t');
  await there.ask('PUT', path, { body: 'abcdefgh' });
  using client = await there.open();
  const get = (first: number, last: number) => `GET ${path} HTTP/1.1\r\nhost: h\r\nrange: bytes=${first}-${last}\r\n\r\n`;
  client.send(get(0, 0) + get(1, 3) + get(7, 7));
  const bodies = [await client.answer(), await client.answer(), await client.answer()].map(({ body }) => body.toString());
  using smuggler = await there.open();
  smuggler.send(
    `PUT ${path} HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n${get(0, 0).length.toString(16)}\r\n${get(0, 0)}\r\n0\r\n\r\n`,
  );

  expect(bodies).toEqual(['a', 'bcd', 'h']);
  expect((await smuggler.answer()).status).toBe(400);
  await smuggler.closed();
  expect(smuggler.received).toBe(0);
});

test('imageio 17.24: HEAD has no body, and a connection rests longer than the 5 seconds of Node', { timeout: 30_000 }, async () => {
  await using there = await world();
  const path = await there.ticket('t');
  using client = await there.open();
  const head = await tell(client, 'HEAD', path);
  const options = await tell(client, 'OPTIONS', path);
  const rested = performance.now();
  await until(() => performance.now() - rested > 6500, { timeoutMs: 20_000 });

  expect([head.status, head.text, options.status]).toEqual([405, '', 200]);
  expect((await tell(client, 'OPTIONS', path)).status).toBe(200);
});

test('imageio 17.124: TLS 1.2 and 1.3 are spoken, nothing older', async () => {
  await using bridge = await testBridge();
  const { port } = new URL(bridge.dataUrl);
  const attempt = async (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const range = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca: bridge.ca, ...range }, () => resolve(socket.getProtocol()));
    socket.once('error', () => resolve('refused'));
    const found = await promise;
    socket.destroy();
    return found;
  };

  expect([await attempt('TLSv1'), await attempt('TLSv1.1'), await attempt('TLSv1.2'), await attempt('TLSv1.3')]).toEqual([
    'refused',
    'refused',
    'TLSv1.2',
    'TLSv1.3',
  ]);
});

test('imageio 17.118: a machine that is only a proxy serves no image itself, one that is only a server no proxy', async () => {
  await using proxy = await testBridge({ config: { role: 'proxy' } });
  await using server = await testBridge({ config: { role: 'server' } });

  expect(() => proxy.dataUrl).toThrow('no image server');
  expect(() => server.proxyUrl).toThrow('no image proxy');
  using client = await RawClient.open({ url: proxy.proxyUrl, ca: proxy.ca });
  client.send('OPTIONS /images/none HTTP/1.1\r\nhost: h\r\n\r\n');
  expect((await client.answer()).status).toBe(403);
});

test('ovirt 12.26: nothing is said in plain HTTP, at no port', async () => {
  await using bridge = await testBridge();
  for (const url of [bridge.dataUrl, bridge.proxyUrl, bridge.controlUrl]) {
    const socket = connectPlain({ host: '127.0.0.1', port: Number(new URL(url).port) });
    let heard = '';
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.write('OPTIONS /images/* HTTP/1.1\r\nhost: h\r\n\r\n');
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.once('close', () => resolve());
    await promise;
    expect(heard).not.toContain('HTTP/1.1 200');
    expect(heard).not.toContain('features');
  }
});
