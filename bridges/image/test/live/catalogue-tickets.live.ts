import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nbdkit } from '@fairlead/testkit/nbd';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { RawClient } from '../support/raw-client.ts';
import { control } from '../support/tickets.ts';
import { SIZE, tell, type World, world } from '../support/world.ts';

/** Cases of imageio 17 about tickets and their API, at the real Unix socket. */

/** Sends a body as it is. */
async function send(there: World, method: string, target: string, body = '') {
  using client = await RawClient.open({ socketPath: join(there.bridge.runDir, 'image-control.sock') });
  return await tell(client, method, target, { body });
}

describe('the ticket API', () => {
  test('imageio 17.75: tells everything about a ticket, its end moves with the clock, an unknown one is 404', async () => {
    await using there = await world();
    await there.ticket('t', { ops: ['read'], transfer_id: 'tr', filename: 'f', timeout: 600 });
    const info = await there.info('t');

    expect(Object.keys(info).sort()).toEqual(
      'active canceled connections dirty expires filename idle_time inactivity_timeout ops size sparse timeout transfer_id transferred url uuid'.split(
        ' ',
      ),
    );
    expect(info).toMatchObject({ active: false, canceled: false, connections: 0, size: SIZE, timeout: 600, uuid: 't', transferred: 0 });
    await control(there.bridge, 'PATCH', 't', { timeout: 900 });
    expect(Number((await there.info('t')).expires) - Number(info.expires)).toBeGreaterThanOrEqual(299);
    expect((await control(there.bridge, 'GET', 'none')).status).toBe(404);
  });

  test('imageio 17.76: a ticket that cannot be read is 400, and nothing is stored', async () => {
    await using there = await world();
    const good = { uuid: 'new', size: 1, ops: ['read'], timeout: 60, url: there.url('disk') };
    const bad = [
      ...['timeout', 'url', 'size', 'ops', 'uuid'].map((name) => ({ ...good, [name]: undefined })),
      ...Object.entries({ timeout: '60', url: 1, size: 'x', ops: 'read', sparse: 'y' }).map(([name, value]) => ({
        ...good,
        [name]: value,
      })),
      { ...good, url: 'no url' },
      { ...good, url: 'ftp://x/y' },
      { ...good, ops: ['exec'] },
    ];
    for (const body of bad) expect((await control(there.bridge, 'PUT', 'new', body)).status).toBe(400);
    for (const text of ['', '{', '[]', '"x"', '1']) expect((await send(there, 'PUT', '/tickets/new', text)).status).toBe(400);
    expect((await control(there.bridge, 'PUT', '', good)).status).toBe(400);
    expect((await control(there.bridge, 'GET', 'new')).status).toBe(404);
    expect((await control(there.bridge, 'PUT', 'new', good)).status).toBe(200);
  });

  test('imageio 17.77: what fails inside is 500 without a word of it', async () => {
    await using there = await world();
    await there.ticket('t');
    await there.bridge.store[Symbol.asyncDispose]();
    const answer = await control(there.bridge, 'PUT', 'u', { uuid: 'u', size: 1, ops: ['read'], timeout: 60, url: there.url('disk') });

    expect([answer.status, answer.body.toString()]).toEqual([500, 'Server failed to perform the request, check logs\n']);
  });

  test('imageio 17.78, 17.79: an end is set by PATCH, also of an expired ticket, which GET still tells', async () => {
    await using there = await world();
    const path = await there.ticket('t', { timeout: 0 });
    for (const body of ['{"timeout":-1}', '{}', '{"timeout":"60"}', '{', '[]']) {
      expect((await send(there, 'PATCH', '/tickets/t', body)).status).toBe(400);
    }
    expect((await control(there.bridge, 'PATCH', 'none', { timeout: 60 })).status).toBe(404);
    expect((await control(there.bridge, 'GET', 't')).status).toBe(200);
    expect((await there.ask('OPTIONS', path)).status).toBe(403);
    expect((await control(there.bridge, 'PATCH', 't', { timeout: 60 })).status).toBe(200);
    expect((await there.ask('OPTIONS', path)).status).toBe(200);
  });

  test('imageio 17.80: the idle time is 0 while somebody works, grows afterwards, and begins anew with each operation', async () => {
    await using there = await world();
    await using slow = await nbdkit({ plugin: 'memory', args: ['8M', 'rdelay=3'], filters: ['delay'] });
    const path = await there.ticket('t', { url: `nbd:unix:${slow.socketPath}` });
    await until(async () => Number((await there.info('t')).idle_time) >= 1, { timeoutMs: 20_000 });
    using client = await there.open();
    client.send(`GET ${path} HTTP/1.1\r\nhost: h\r\nrange: bytes=0-511\r\n\r\n`);
    await until(async () => (await there.info('t')).active);

    expect((await there.info('t')).idle_time).toBe(0);
    expect((await client.answer()).status).toBe(206);
    for (const [method, body] of [
      ['PUT', 'a'],
      ['PATCH', '{"op":"flush"}'],
      ['OPTIONS', ''],
    ] as const) {
      await until(async () => Number((await there.info('t')).idle_time) >= 1, { timeoutMs: 20_000 });
      await tell(client, method, path, { body });
      expect((await there.info('t')).idle_time).toBe(0);
    }
  });

  test('imageio 17.81, 17.92: one is deleted, one that is not there too, and all at once', async () => {
    await using there = await world();
    for (const id of ['a', 'b', 'c']) await there.ticket(id);
    const answers = [
      await control(there.bridge, 'DELETE', 'a'),
      await control(there.bridge, 'DELETE', 'a'),
      await control(there.bridge, 'DELETE', ''),
    ];

    expect(answers.map(({ status, headers }) => [status, headers['content-length']])).toEqual(new Array(3).fill([204, '0']));
    for (const id of ['a', 'b', 'c']) expect((await control(there.bridge, 'GET', id)).status).toBe(404);
    expect((await there.ask('OPTIONS', '/images/b')).status).toBe(403);
  });

  test('imageio 17.84: only owner and group reach its socket', async () => {
    await using there = await world();
    expect((await stat(join(there.bridge.runDir, 'image-control.sock'))).mode & 0o777).toBe(0o660);
  });

  test('imageio 17.126: its socket is taken over from a run before, and serves then', async () => {
    await using there = await world();
    await there.ticket('t');
    await there.bridge.restart();

    expect((await there.info('t')).uuid).toBe('t');
    expect(
      (await control(there.bridge, 'PUT', 'u', { uuid: 'u', size: 1, ops: ['read'], timeout: 60, url: there.url('disk') })).status,
    ).toBe(200);
  });

  test('an id that is not percent-encoded text names no ticket, and is no failure', async () => {
    await using there = await world();
    expect((await send(there, 'GET', '/tickets/%zz')).status).toBe(404);
    expect((await send(there, 'PATCH', '/tickets/%zz', '{"timeout":1}')).status).toBe(404);
    expect((await send(there, 'DELETE', '/tickets/%zz')).status).toBe(204);
  });
});

describe('cancelling', () => {
  test('imageio 17.89, 17.90: without connections it is done at once; a resting connection loses its image, and stays', async () => {
    await using there = await world();
    await there.ticket('none');
    expect((await control(there.bridge, 'DELETE', 'none')).status).toBe(204);
    const path = await there.ticket('t');
    using client = await there.open();
    expect((await tell(client, 'GET', path, { headers: { range: 'bytes=0-3' } })).status).toBe(206);
    const before = (await there.info('t')).connections;
    expect((await control(there.bridge, 'DELETE', 't')).status).toBe(204);

    expect(before).toBe(1);
    expect((await tell(client, 'GET', '/info/')).status).toBe(200);
    expect((await tell(client, 'OPTIONS', path)).status).toBe(403);
    await there.ticket('t');
    expect((await there.info('t')).connections).toBe(0);
  });

  test('imageio 17.91: a storage that hangs is told with 409, and the next call removes the ticket', async () => {
    await using there = await world();
    await using slow = await nbdkit({ plugin: 'memory', args: ['8M', 'wdelay=30'], filters: ['delay'] });
    const path = await there.ticket('t', { url: `nbd:unix:${slow.socketPath}` });
    using client = await there.open();
    client.send(`PUT ${path} HTTP/1.1\r\nhost: h\r\ncontent-length: 4\r\n\r\nabcd`);
    await until(async () => (await there.info('t')).active);

    expect([204, 409]).toContain((await control(there.bridge, 'DELETE', 't')).status);
    expect((await control(there.bridge, 'DELETE', 't')).status).toBe(204);
    expect((await control(there.bridge, 'GET', 't')).status).toBe(404);
  });
});
