import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createQcow2, fillPattern } from '@fairlead/testkit/disks';
import { nbdkit, qemuNbd } from '@fairlead/testkit/nbd';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { MiB, SIZE, tell, type World, world } from '../support/world.ts';

/** Cases of imageio 17 about authorization, PUT, GET, PATCH, OPTIONS and extents, at the real listener before a real qemu-nbd. */

const forbidden = 'You are not allowed to access this resource: ';
const zero = (offset: number, size: number, more = '') => `{"op":"zero","offset":${offset},"size":${size}${more}}`;
const FLUSH = '{"op":"flush"}';

/** One good request for each method and place; `id` is that of the ticket. */
const requests = [
  ['OPTIONS', (id: string) => `/images/${id}`, ''],
  ['GET', (id: string) => `/images/${id}`, ''],
  ['PUT', (id: string) => `/images/${id}`, 'abcd'],
  ['PATCH', (id: string) => `/images/${id}`, FLUSH],
  ['GET', (id: string) => `/images/${id}/extents`, ''],
] as const;

describe('authorization', () => {
  test('imageio 17.25, 17.26, ovirt 12.35: no id is 400, an unknown ticket 403 and the end of the connection, for each request', async () => {
    await using there = await world();
    for (const [method, path, body] of requests) {
      expect(await there.ask(method, path(''), { body })).toMatchObject({ status: 400, text: 'Ticket id is required\n' });
      const unknown = await there.ask(method, path('none'), { body });
      expect(unknown).toMatchObject({ status: 403, text: `${forbidden}No such ticket none\n`, closed: true });
    }
  });

  test('imageio 17.27: nothing is written by a ticket that allows reading', async () => {
    await using there = await world();
    const path = await there.ticket('t', { ops: ['read'] });
    await there.ticket('w');
    const answers = [
      await there.ask('PUT', path, { body: 'abcd' }),
      await there.ask('PATCH', path, { body: zero(0, 4) }),
      await there.ask('PATCH', path, { body: FLUSH }),
    ];

    expect(answers.map(({ status, text }) => [status, text])).toEqual(
      new Array(3).fill([403, `${forbidden}Transfer=(ticket/t) forbids write\n`]),
    );
    expect(await there.bytes('/images/w', 0, 3)).toBe('\0\0\0\0');
  });

  test('imageio 17.28, ovirt 12.2: an expired ticket is 403 everywhere, and asking does not revive it', async () => {
    await using there = await world();
    await there.ticket('t', { timeout: 0 });
    const { expires } = await there.info('t');
    for (const [method, path, body] of requests) {
      expect(await there.ask(method, path('t'), { body })).toMatchObject({
        status: 403,
        text: `${forbidden}Transfer=(ticket/t) expired\n`,
      });
    }

    expect((await there.info('t')).expires).toBe(expires);
  });

  test('imageio 17.29, 17.30: three requests in a row of each kind stay on one connection of HTTP/1.1, errors are HTTP/1.1 too', async () => {
    await using there = await world();
    const path = await there.ticket('t');
    for (const [method, place, body] of requests) {
      using client = await there.open();
      const range = method === 'GET' && place('t') === path ? { headers: { range: 'bytes=0-9' } } : {};
      for (let time = 0; time < 3; time += 1) expect((await tell(client, method, place('t'), { body, ...range })).status).toBeLessThan(300);
      // The client takes an answer for one only when it begins with HTTP/1.1.
      expect((await tell(client, 'GET', path, { headers: { range: 'bytes=x' } })).status).toBe(416);
      expect(await client.stillOpen()).toBe(true);
    }
  });
});

describe('PUT', () => {
  test('imageio 17.31, 17.32, 17.34, 17.38: what has no length, or a flush or range that cannot be read, is 400; nothing is 200', async () => {
    await using there = await world();
    const path = await there.ticket('t');
    using client = await there.open();
    client.send(`PUT ${path} HTTP/1.1\r\nhost: h\r\n\r\n`);
    const missing = await client.answer();
    const invalid = ['bytes=0-3', 'bytes 0-3/3', 'bytes 5-3/*', 'bytes */8', 'bytes -3/*', 'bytes 0-/8', 'octets 0-3/*'];

    expect([missing.status, missing.body.toString()]).toEqual([400, 'Content-Length header is required\n']);
    expect((await there.ask('PUT', path)).status).toBe(200);
    expect((await there.ask('PUT', `${path}?flush=maybe`, { body: 'abcd' })).status).toBe(400);
    for (const range of invalid) {
      expect((await there.ask('PUT', path, { body: 'abcd', headers: { 'content-range': range } })).status).toBe(400);
    }
    expect(await there.bytes(path, 0, 3)).toBe('\0\0\0\0');
  });

  test.each(['', '?flush=y', '?flush=n'])(
    'imageio 17.33, ovirt 12.13: with flush as in "%s" the bytes are there, and the answer is empty',
    async (query) => {
      await using there = await world();
      const path = await there.ticket('t');

      expect(await there.ask('PUT', path + query, { body: 'abcd' })).toMatchObject({
        status: 200,
        headers: { 'content-length': '0' },
        text: '',
      });
      expect(await there.bytes(path, 0, 7)).toBe('abcd\0\0\0\0');
    },
  );

  test('imageio 17.35: every form of Content-Range writes where its first byte says', async () => {
    await using there = await world();
    const path = await there.ticket('t');
    const put = (range: string, body: string) => there.ask('PUT', path, { body, headers: { 'content-range': range } });
    const statuses = [await put('bytes 7-13/20', 'abcdefg'), await put('bytes 0-6/*', 'ABCDEFG'), await put('bytes 20-*/*', 'xyz')];

    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await there.bytes(path, 0, 23)).toBe('ABCDEFGabcdefg\0\0\0\0\0\0xyz\0');
  });

  test('imageio 17.36, 17.37: the last byte can be written, one more is 416 and leaves the image as it was', async () => {
    await using there = await world();
    const path = await there.ticket('t');
    const whole = 'w'.repeat(SIZE);
    const at = (first: number) => ({ 'content-range': `bytes ${first}-*/*` });

    expect((await there.ask('PUT', path, { body: whole })).status).toBe(200);
    expect((await there.ask('PUT', path, { body: 'L', headers: at(SIZE - 1) })).status).toBe(200);
    expect((await there.ask('PUT', path, { body: 'XY', headers: at(SIZE - 1) })).status).toBe(416);
    expect((await there.ask('PUT', path, { body: 'X', headers: at(SIZE) })).status).toBe(416);
    expect((await there.ask('PUT', path, { body: `${whole}!` })).status).toBe(416);
    expect(await there.bytes(path, SIZE - 3, SIZE - 1)).toBe('wwL');
  });

  test('imageio 17.39, 17.52: close=y ends the connection after the answer', async () => {
    await using there = await world();
    const path = await there.ticket('t');

    expect(await there.ask('PUT', `${path}?close=y`, { body: 'abcd' })).toMatchObject({
      status: 200,
      closed: true,
      headers: { connection: 'close' },
    });
    expect(await there.ask('GET', `${path}?close=y`, { headers: { range: 'bytes=0-3' } })).toMatchObject({
      status: 206,
      text: 'abcd',
      closed: true,
    });
  });

  test('imageio 17.40, 17.53, 17.59, 17.63: every operation, and OPTIONS, begins the time of the ticket anew', async () => {
    await using there = await world();
    for (const [method, place, body] of requests.slice(0, 4)) {
      await there.ticket('t', { timeout: 600 });
      await until(async () => Number((await there.info('t')).idle_time) >= 1, { timeoutMs: 20_000 });
      const before = await there.info('t');
      expect(
        (await there.ask(method, place('t'), { body, ...(method === 'GET' && { headers: { range: 'bytes=0-9' } }) })).status,
      ).toBeLessThan(300);
      const after = await there.info('t');
      expect([method, Number(after.expires) > Number(before.expires), after.idle_time]).toEqual([method, true, 0]);
    }
  });

  test('imageio 17.42: a body that stops coming ends the connection after the inactivity timeout', async () => {
    await using there = await world();
    const path = await there.ticket('t', { inactivity_timeout: 1 });
    using client = await there.open();
    client.send(`PUT ${path} HTTP/1.1\r\nhost: h\r\ncontent-length: 100\r\n\r\nabc`);

    expect((await client.answer()).status).toBe(408);
    await client.closed();
  });
});

describe('GET', () => {
  test('imageio 17.43, 17.48, 17.49: ranges aligned or not, also open ones, give their bytes; holes are zeroes', async () => {
    await using there = await world();
    await there.ticket('w');
    const data = Array.from({ length: 70_000 }, (_none, index) => String.fromCharCode(index % 251)).join('');
    await there.ask('PUT', '/images/w', { body: data, headers: { 'content-range': 'bytes 65536-*/*' } });
    const path = await there.ticket('t', { ops: ['read'] });
    const image = '\0'.repeat(65_536) + data;
    for (const [first, last] of [
      [0, 0],
      [0, 511],
      [65_536, 69_631],
      [65_000, 66_000],
      [65_537, 135_535],
      [SIZE - 1, SIZE - 1],
    ] as const) {
      const { status, headers, text } = await there.ask('GET', path, { headers: { range: `bytes=${first}-${last}` } });
      expect([status, headers['content-range']]).toEqual([206, `bytes ${first}-${last}/${SIZE}`]);
      expect(text === image.slice(first, last + 1).padEnd(last - first + 1, '\0')).toBe(true);
    }
    const open = await there.ask('GET', path, { headers: { range: `bytes=${SIZE - 5}-` } });
    expect([open.status, open.headers['content-range'], open.text]).toEqual([206, `bytes ${SIZE - 5}-${SIZE - 1}/${SIZE}`, '\0'.repeat(5)]);
  });

  test('imageio 17.44, 17.45, 17.46, 17.47: the shorter of ticket and image is given, and what lies beyond is 416 with its limit', async () => {
    await using there = await world();
    const short = await there.ticket('short', { size: 4096 });
    const long = await there.ticket('long', { size: 2 * SIZE });
    const empty = await there.ticket('empty', { size: 0 });
    const ask = (path: string, last: number) => there.ask('GET', path, { headers: { range: `bytes=0-${last}` } });

    expect((await there.ask('GET', short)).headers['content-length']).toBe('4096');
    expect((await there.ask('GET', long)).headers['content-length']).toBe(String(SIZE));
    expect(await there.ask('GET', empty)).toMatchObject({ status: 200, text: '' });
    const { status, text } = await there.ask('GET', long);
    expect([status, text === '\0'.repeat(SIZE)]).toEqual([200, true]);
    expect(await ask(short, 4096)).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */4096' } });
    expect(await ask(long, SIZE)).toMatchObject({ status: 416, headers: { 'content-range': `bytes */${SIZE}` } });
    expect((await ask(short, 4095)).status).toBe(206);
  });

  test('imageio 17.51, ovirt 12.35: while a client reads the ticket is active and has moved a part, afterwards all of it', async () => {
    await using there = await world();
    await using big = await nbdkit({ plugin: 'pattern', args: ['512M'] });
    const path = await there.ticket('t', { ops: ['read'], size: 512 * MiB, url: `nbd:unix:${big.socketPath}` });
    using client = await there.open();
    client.send(`GET ${path} HTTP/1.1\r\nhost: h\r\n\r\n`);
    await until(() => client.received > 0);
    client.socket.pause();
    const during = await until(async () => {
      const info = await there.info('t');
      return Number(info.transferred) > 0 && info;
    });
    client.socket.destroy();
    await there.ticket('whole', { ops: ['read'] });
    await there.ask('GET', '/images/whole');

    expect(during.active).toBe(true);
    expect(Number(during.transferred)).toBeLessThan(512 * MiB);
    expect(await there.info('whole')).toMatchObject({ active: false, transferred: SIZE });
  });
});

describe('PATCH', () => {
  test('imageio 17.55, 17.57, 17.60: what is no operation is refused, by its text and by its size', async () => {
    await using there = await world();
    const path = await there.ticket('t');
    await there.ask('PUT', path, { body: 'abcd' });
    const invalid = [
      '{"op":"trim"}',
      '{"op":"zero"}',
      '{"op":"zero","size":"4"}',
      '{"op":"zero","size":-1}',
      '{"op":"zero","size":4,"offset":-1}',
      '{"op":"zero","size":4,"offset":"0"}',
      '{"op":"zero","size":4,"flush":"y"}',
      '["zero"]',
      '"zero"',
      'null',
      'junk',
    ];
    for (const body of invalid) expect((await there.ask('PATCH', path, { body })).status).toBe(400);
    expect((await there.ask('PATCH', path, { body: zero(0, SIZE + 1) })).status).toBe(416);
    expect((await there.ask('PATCH', path, { body: zero(SIZE, 1) })).status).toBe(416);
    using client = await there.open();
    client.send(`PATCH ${path} HTTP/1.1\r\nhost: h\r\ncontent-length: 70000\r\n\r\n`);
    expect((await client.answer()).status).toBe(413);
    expect(await there.bytes(path, 0, 3)).toBe('abcd');
  });

  test('imageio 17.56, 17.58, ovirt 12.13: zeroes exactly the range, with or without flush and members nobody knows', async () => {
    await using there = await world();
    const path = await there.ticket('t');
    for (const more of ['', ',"flush":true', ',"flush":false,"unknown":1']) {
      await there.ask('PUT', path, { body: 'x'.repeat(8192) });
      expect((await there.ask('PATCH', path, { body: zero(100, 4096, more) })).status).toBe(200);
      const after = await there.bytes(path, 0, 8191);
      expect(after === 'x'.repeat(100) + '\0'.repeat(4096) + 'x'.repeat(8192 - 4196)).toBe(true);
    }
    expect((await there.ask('PATCH', path, { body: FLUSH })).status).toBe(200);
    expect((await there.ask('PATCH', path, { body: '{"op":"flush","unknown":"x"}' })).status).toBe(200);
  });

  test('imageio 17.96: a write is flushed unless told otherwise, a zero is not', async () => {
    await using there = await world();
    const log = join(there.bridge.folder, 'nbd.log');
    await using kit = await nbdkit({ plugin: 'memory', args: ['8M', `logfile=${log}`], filters: ['log'] });
    const path = await there.ticket('t', { url: `nbd:unix:${kit.socketPath}` });
    using client = await there.open();
    const flushes = async () => (await readFile(log, 'utf8')).match(/ Flush /g)?.length ?? 0;
    const counts: number[] = [];
    for (const [method, query, body] of [
      ['PUT', '', 'a'],
      ['PUT', '?flush=n', 'a'],
      ['PATCH', '', zero(0, 4096)],
      ['PATCH', '', zero(0, 4096, ',"flush":true')],
    ] as const) {
      const before = await flushes();
      await tell(client, method, path + query, { body });
      counts.push((await flushes()) - before);
    }

    expect(counts).toEqual([1, 0, 0, 1]);
  });
});

describe('OPTIONS', () => {
  test('imageio 17.61: for everything it tells all features and no number of connections', async () => {
    await using there = await world();
    const { status, headers, text } = await there.ask('OPTIONS', '/images/*');
    const { unix_socket: socket, ...told } = JSON.parse(text);

    expect([status, headers.allow]).toEqual([200, 'OPTIONS,GET,PUT,PATCH']);
    expect(socket).toMatch(/^\0/);
    expect(told).toEqual({ features: ['extents', 'flush', 'zero'] });
  });

  test('imageio 17.62: tells what a ticket may, and how many connections its image takes', async () => {
    await using there = await world();
    const told = async (more: Parameters<World['ticket']>[1]) => {
      const { headers, text } = await there.ask('OPTIONS', await there.ticket('t', more));
      const { features, max_readers: readers, max_writers: writers } = JSON.parse(text);
      return [headers.allow, features, readers, writers];
    };

    expect(await told({})).toEqual(['OPTIONS,GET,PUT,PATCH', ['extents', 'flush', 'zero'], 8, 8]);
    expect(await told({ ops: ['write'] })).toEqual(['OPTIONS,GET,PUT,PATCH', ['extents', 'flush', 'zero'], 8, 8]);
    expect(await told({ ops: ['read'] })).toEqual(['OPTIONS,GET', ['extents'], 8, 8]);
    expect((await told({ image: 'file' })).at(-1)).toBe(1);
  });

  test('imageio 17.64: browsers get what they asked for, no more, also when they are refused', async () => {
    await using there = await world();
    const path = await there.ticket('t');
    const cors = async (method: string, target: string, headers: Readonly<Record<string, string>>, body = '') => {
      const answer = await there.ask(method, target, { headers, body });
      return Object.keys(answer.headers)
        .filter((name) => name.startsWith('access-control-'))
        .sort();
    };
    const origin = { origin: 'https://x' };
    const full = { ...origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-range' };
    const [all, headers, methods, age] = ['allow-origin', 'allow-headers', 'allow-methods', 'max-age'].map(
      (name) => `access-control-${name}`,
    );

    expect(await cors('OPTIONS', path, {})).toEqual([]);
    expect(await cors('OPTIONS', path, origin)).toEqual([all, age].sort());
    expect(await cors('OPTIONS', path, full)).toEqual([all, headers, methods, age].sort());
    for (const target of [path, '/images/none']) {
      expect(await cors('GET', target, { ...origin, range: 'bytes=0-0' })).toContain(all);
      expect(await cors('PUT', target, origin, 'a')).toContain(all);
    }
  });
});

describe('extents', () => {
  test('imageio 17.65: cannot be written', async () => {
    await using there = await world();
    expect((await there.ask('PUT', `${await there.ticket('t')}/extents`, { body: '[]' })).status).toBe(405);
  });

  test('imageio 17.66: a file is one extent of data', async () => {
    await using there = await world();
    const path = await there.ticket('t', { image: 'file' });
    for (const query of ['', '?context=zero']) {
      expect(JSON.parse((await there.ask('GET', `${path}/extents${query}`)).text)).toEqual([
        { start: 0, length: SIZE, zero: false, hole: false },
      ]);
    }
  });

  test('imageio 17.67: dirty ones are 404 for a ticket or a backend that has none', async () => {
    await using there = await world();
    const clean = await there.ticket('clean');
    const dirty = await there.ticket('dirty', { dirty: true });
    const file = await there.ticket('file', { dirty: true, image: 'file' });
    for (const path of [clean, dirty, file]) expect((await there.ask('GET', `${path}/extents?context=dirty`)).status).toBe(404);
  });

  test('imageio 17.68: an empty disk is one extent of zeroes, and only a qcow2 one is a hole', async () => {
    await using there = await world();
    const [qcow2, raw] = [await there.ticket('q'), await there.ticket('r', { image: 'raw' })];

    expect(JSON.parse((await there.ask('GET', `${qcow2}/extents`)).text)).toEqual([{ start: 0, length: SIZE, zero: true, hole: true }]);
    // qemu-img writes the first block of a raw file, so that its alignment can be told.
    const extents = JSON.parse((await there.ask('GET', `${raw}/extents`)).text);
    expect(extents.at(-1)).toMatchObject({ zero: true, hole: false });
    expect(extents.map(({ hole }: { hole: boolean }) => hole)).not.toContain(true);
  });

  test('imageio 17.69: data at 0 and at 5 GiB of 6 GiB are four extents, beyond 32 bits too', async () => {
    await using there = await world();
    const GiB = 1024 ** 3;
    const image = join(there.bridge.images, 'six.qcow2');
    await createQcow2(image, 6 * GiB);
    await fillPattern(
      image,
      'qcow2',
      [0, 5 * GiB].map((start) => ({ kind: 'data', start, length: MiB, byte: 1 })),
    );
    await using server = await qemuNbd({ image, format: 'qcow2', readOnly: true, allocationDepth: true });
    const path = await there.ticket('t', { ops: ['read'], size: 6 * GiB, url: `nbd:unix:${server.socketPath}` });
    const [data, hole] = [
      { zero: false, hole: false },
      { zero: true, hole: true },
    ];

    expect(JSON.parse((await there.ask('GET', `${path}/extents`)).text)).toEqual([
      { start: 0, length: MiB, ...data },
      { start: MiB, length: 5 * GiB - MiB, ...hole },
      { start: 5 * GiB, length: MiB, ...data },
      { start: 5 * GiB + MiB, length: GiB - MiB, ...hole },
    ]);
  });
});

describe('backends', () => {
  const shapes = [0, 1, 511, 512, 4095, 4096].flatMap((offset) => [1, 512, 4097].map((size) => [offset, size] as const));

  test.each(['disk', 'raw', 'file'] as const)(
    'imageio 17.94, 17.95: %s is read and written in every shape, and nothing beside',
    async (image) => {
      await using there = await world();
      const path = await there.ticket('t', { image });
      let picture = '\0'.repeat(16_384);
      for (const [index, [offset, size]] of shapes.entries()) {
        const body = String.fromCharCode(97 + index).repeat(size);
        expect((await there.ask('PUT', path, { body, headers: { 'content-range': `bytes ${offset}-*/*` } })).status).toBe(200);
        picture = picture.slice(0, offset) + body + picture.slice(offset + size);
        expect(await there.bytes(path, offset, offset + size - 1)).toBe(body);
      }
      expect((await there.bytes(path, 0, 16_383)) === picture).toBe(true);
    },
  );

  test.each(['disk', 'raw', 'file'] as const)(
    'imageio 17.97: zeroing of %s, all or a part, sparse or not, gives zeroes and leaves its neighbours',
    async (image) => {
      await using there = await world();
      for (const sparse of [true, false]) {
        const path = await there.ticket('t', { image, sparse });
        await there.ask('PUT', path, { body: 'x'.repeat(2 * MiB) });
        expect((await there.ask('PATCH', path, { body: zero(65_536, MiB) })).status).toBe(200);
        expect([await there.bytes(path, 65_535, 65_537), await there.bytes(path, 65_536 + MiB - 1, 65_536 + MiB)]).toEqual([
          'x\0\0',
          '\0x',
        ]);
        expect((await there.ask('PATCH', path, { body: zero(0, SIZE) })).status).toBe(200);
        expect((await there.bytes(path, 0, 2 * MiB)) === '\0'.repeat(2 * MiB + 1)).toBe(true);
      }
    },
  );

  test('imageio 17.99, 17.100: a file or an export that may only be read is not written, and reading at its end is refused', async () => {
    await using there = await world({ serve: { readOnly: true } });
    for (const image of ['disk', 'raw'] as const) {
      const path = await there.ticket('t', { image });
      expect((await there.ask('PUT', path, { body: 'a' })).status).toBe(403);
      expect((await there.ask('OPTIONS', await there.ticket('r', { image, ops: ['read'] }))).status).toBe(200);
    }
    const file = await there.ticket('f', { image: 'file', size: 2 * SIZE });
    expect((await there.ask('GET', file, { headers: { range: `bytes=${SIZE - 1}-${SIZE}` } })).status).toBe(416);
    expect((await there.bytes(file, SIZE - 1, SIZE - 1)).length).toBe(1);
    const gone = await there.ticket('g', { url: `file://${there.bridge.images}/none` });
    expect((await there.ask('GET', gone)).status).toBe(500);
  });
});
