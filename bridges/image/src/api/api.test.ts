import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../errors.ts';
import { contentDisposition } from './data/content-disposition.ts';
import { toAnswer } from './data/face.ts';
import { parseTarget } from './data/route.ts';
import { forwardedRequest } from './proxy/headers.ts';
import { wireRefusal } from './wire/refusals.ts';

describe('imageio 17.9: routes', () => {
  test.each([
    ['/images/a', 'image', 'a'],
    ['/images/', 'image', ''],
    ['/images/a/', 'image', 'a/'],
    ['/images/sm%61ll', 'image', 'small'],
    ['/images/a%2fextents', 'extents', 'a'],
    ['/images/a/extents', 'extents', 'a'],
    ['/images//extents', 'extents', ''],
    ['/images/a/flush', 'flush', 'a'],
    ['/images/%zz', 'image', '%zz'],
    ['/info/', 'info', ''],
  ])('%s', (target, name, id) => {
    expect(parseTarget(target).route).toEqual({ name, id });
  });

  test.each(['/', '/x/images/a', '/images', '/info', '/images/a/checksum', '/images/a/checksum/algorithms'])('%s is none', (target) => {
    expect(parseTarget(target).route).toBeUndefined();
  });

  test('the query is split off first, the last of two values wins, empty ones are kept', () => {
    const { path, query } = parseTarget('/images/a?flush=y&flush=n&x=&c%3d=%C3%A9');
    expect([path, Object.fromEntries(query)]).toEqual(['/images/a', { flush: 'n', x: '', 'c=': 'é' }]);
  });
});

describe('what the parser gives up', () => {
  const head = (line: string, more = '') => Buffer.from(`${line}\r\nhost: h\r\n${more}\r\n`);

  test.each([
    ['HPE_INVALID_METHOD', head('FOO /x HTTP/1.1'), { status: 405, text: "Invalid method 'FOO'" }],
    ['HPE_INVALID_METHOD', head('garbage'), { status: 400, text: "Bad request syntax ('garbage')" }],
    ['HPE_INVALID_CONTENT_LENGTH', head('PUT /x HTTP/1.1', 'Content-Length: x\r\n'), { status: 400, text: "Invalid Content-Length: 'x'" }],
    ['HPE_INVALID_CONTENT_LENGTH', head('PUT /x HTTP/1.1', 'content-length: -1\r\n'), { status: 400, text: 'Negative Content-Length: -1' }],
    ['HPE_HEADER_OVERFLOW', Buffer.from(`GET /${'a'.repeat(5000)}`), { status: 414, text: 'Request-URI Too Long' }],
    ['HPE_HEADER_OVERFLOW', head('GET / HTTP/1.1', `x: ${'a'.repeat(20_000)}\r\n`), { status: 431, text: 'Headers Too Long' }],
    ['ERR_HTTP_REQUEST_TIMEOUT', undefined, { status: 408, text: 'Request Timeout' }],
    [undefined, undefined, { status: 400, text: "Bad request syntax ('')" }],
  ])('%s', (code, packet, refusal) => {
    expect(wireRefusal(code, packet)).toEqual(refusal);
  });
});

describe('refusals', () => {
  test('name the limit, wait, and end the connection where they have to', () => {
    const range = Object.assign(ImageError('IMAGE_BACKEND'), { status: 416, detail: { limit: 7 } });
    expect(toAnswer(range, false).headers).toEqual({ 'content-range': 'bytes */7' });
    expect(toAnswer(ImageError('IMAGE_TOO_MANY_CONNECTIONS', {}, { retryAfterS: 1 }), false)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      close: false,
    });
    expect(toAnswer(ImageError('IMAGE_TICKET_FORBIDDEN', { why: 'x' }), false).close).toBe(true);
    expect(toAnswer(ImageError('IMAGE_METHOD', { text: 'x' }), true).close).toBe(true);
  });

  test('say nothing about what failed inside', () => {
    const body = 'Server failed to perform the request, check logs\n';
    for (const error of [
      new Error('secret'),
      ImageError('IMAGE_BACKEND'),
      ImageError('IMAGE_EXPORT_FAILED', { path: '/secret', reason: 'x' }),
    ]) {
      expect(toAnswer(error, false)).toMatchObject({ status: 500, body });
    }
    expect(toAnswer(ImageError('IMAGE_NO_SPACE'), false).body).toBe('No space left on device\n');
  });
});

describe('imageio 17.50: content-disposition', () => {
  test.each([
    [undefined, 'attachment'],
    ['disk.raw', 'attachment; filename=disk.raw'],
    ['a"b\\c;d', 'attachment; filename=a_b_c_d'],
    ['\u05d0', "attachment; filename=\u00d7\u0090; filename*=UTF-8''%D7%90"],
  ])('%s', (name, header) => {
    expect(contentDisposition(name)).toBe(header);
  });

  test('no name can end the header', async () => {
    await fuzz('image.content-disposition', fc.uint16Array({ maxLength: 20 }), (units) => {
      expect(contentDisposition(String.fromCharCode(...units))).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
    });
  });
});

describe('what a proxy passes on', () => {
  test('is no header that Connection names, whatever space is around it', () => {
    expect(forwardedRequest({ connection: ' close ,\tx-hop ', 'x-hop': '1', te: 'x' }, 'h')).toEqual({ host: 'h' });
  });

  test('is everything but the headers of the hop, with the name of the host', () => {
    const headers = {
      host: 'proxy',
      range: 'bytes=0-1',
      connection: 'close, x-hop',
      'x-hop': '1',
      'keep-alive': '5',
      te: 'trailers',
      origin: 'o',
    };
    expect(forwardedRequest(headers, 'host:1')).toEqual({ host: 'host:1', range: 'bytes=0-1', origin: 'o' });
  });
});
