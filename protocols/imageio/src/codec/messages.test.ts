import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nbdUnixUrl, parseBackendUrl } from './backend-url.ts';
import { parseOptions, withoutUnixSocket, writeOptions } from './options.ts';
import { parsePatch, writePatch } from './patch.ts';
import { jsonText, quoted, valueText } from './python-text.ts';
import { parseTicket } from './ticket.ts';

function bytes(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

describe('texts as the real daemon prints them', () => {
  test.each([
    ['x', "'x'"],
    ["it's", '"it\'s"'],
    ['"\'', "'\"\\''"],
    ['a\\b\n\u0001', "'a\\\\b\\n\\x01'"],
  ])('quotes %s', (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  test('cuts what is long', () => {
    expect(quoted('x'.repeat(1000)).length).toBeLessThan(210);
  });

  test('prints values as Python does', () => {
    expect([null, undefined, true, false, 1.5, 'x', [1], { a: 1 }].map(valueText)).toEqual([
      'None',
      'None',
      'True',
      'False',
      '1.5',
      "'x'",
      "'[1]'",
      '\'{"a":1}\'',
    ]);
  });

  test('writes JSON with its spacing and escapes', () => {
    expect(jsonText({ a: [1, true, null], b: 'é\u0000', c: undefined })).toBe('{"a": [1, true, null], "b": "\\u00e9\\u0000"}');
  });
});

describe('PATCH', () => {
  test.each([
    [
      { op: 'zero', size: 4096 },
      { op: 'zero', size: 4096, offset: 0, flush: false },
    ],
    [
      { op: 'zero', size: 0, offset: 7, flush: true, more: 1 },
      { op: 'zero', size: 0, offset: 7, flush: true },
    ],
    [{ op: 'flush', size: 'ignored' }, { op: 'flush' }],
    [
      { op: 'zero', size: 1, offset: 1e300 },
      { op: 'zero', size: 1, offset: Number.MAX_SAFE_INTEGER, flush: false },
    ],
  ])('reads %o', (body, operation) => {
    expect(parsePatch(bytes(body))).toEqual(operation);
  });

  test.each([
    ['', 'Invalid JSON message Expecting value: line 1 column 1 (char 0)'],
    ['{junk', 'Invalid JSON message The body is not a JSON text in UTF-8'],
    ['[]', 'Invalid JSON message Expecting a JSON object'],
    ['"zero"', 'Invalid JSON message Expecting a JSON object'],
    ['null', 'Invalid JSON message Expecting a JSON object'],
    ['{}', 'Missing required value for op'],
    ['{"op":"trim"}', "Unsupported value 'trim' for 'op', expecting one of ['flush', 'zero']"],
    ['{"op":"zero"}', "Missing required value for 'size'"],
    ['{"op":"zero","size":"x"}', "Integer required 'x'"],
    ['{"op":"zero","size":1.5}', 'Integer required 1.5'],
    ['{"op":"zero","size":true}', 'Integer required True'],
    ['{"op":"zero","size":null}', 'Integer required None'],
    ['{"op":"zero","size":-1}', 'Invalid value -1 < 0'],
    ['{"op":"zero","size":1,"offset":-1}', 'Invalid value -1 < 0'],
    ['{"op":"zero","size":1,"flush":"y"}', "Boolean required 'y'"],
  ])('refuses %s', (body, text) => {
    expect(() => parsePatch(bytes(body))).toThrow(expect.objectContaining({ status: 400, message: text }));
  });

  test('what is not UTF-8 is refused, and garbage never throws anything else', async () => {
    await fuzz('imageio.patch-bytes', fc.uint8Array(), (body) => {
      expect(() => parsePatch(body)).toThrow(expect.objectContaining({ code: 'IMAGEIO_REQUEST_INVALID' }));
    });
  });

  test('survives writing and reading', () => {
    const operation = { op: 'zero', offset: 1, size: 2, flush: false } as const;
    expect(parsePatch(bytes(writePatch(operation)))).toEqual(operation);
  });
});

describe('OPTIONS', () => {
  test('survives writing and reading', () => {
    const options = { unixSocket: '\0name', features: ['extents', 'zero'], maxReaders: 8, maxWriters: 1 } as const;
    expect(writeOptions(options)).toBe(
      '{"unix_socket": "\\u0000name", "features": ["extents", "zero"], "max_readers": 8, "max_writers": 1}\n',
    );
    expect(parseOptions(writeOptions(options))).toEqual(options);
  });

  test.each(['', 'junk', '[]', 'null', '{"features": 1, "max_readers": "8", "max_writers": 0}', '{"features": [1, "unknown"]}'])(
    'what cannot be read of %s is no feature',
    (body) => {
      expect(parseOptions(body)).toEqual({ features: [] });
    },
  );

  test('a proxy takes the Unix socket out and leaves the rest', () => {
    expect(withoutUnixSocket('{"unix_socket": "x", "features": ["zero"]}\n')).toBe('{"features": ["zero"]}\n');
    expect(withoutUnixSocket('{"features":[]}')).toBe('{"features":[]}');
    expect(withoutUnixSocket('junk')).toBe('junk');
  });
});

describe('imageio 17.85, 17.86: tickets', () => {
  const ticket = { uuid: 'src', size: 4096, ops: ['read'], timeout: 60, url: 'nbd:unix:/s.sock' };

  test('have defaults', () => {
    expect(parseTicket(bytes({ ...ticket, uuid: '0123456789-0123456789', more: 1 }))).toEqual({
      ...ticket,
      uuid: '0123456789-0123456789',
      backend: { kind: 'nbd-unix', socketPath: '/s.sock', exportName: '' },
      inactivityTimeout: 60,
      sparse: false,
      dirty: false,
      transferId: '(ticket/0123456789-0123456)',
    });
  });

  test.each([
    [{ uuid: undefined }, 'Required ticket parameter is missing: uuid'],
    [{ url: undefined }, 'Required ticket parameter is missing: url'],
    [{ timeout: undefined }, 'Required ticket parameter is missing: timeout'],
    [{ ops: undefined }, 'Required ticket parameter is missing: ops'],
    [{ size: '1' }, "Invalid value for 'size': '1': expecting a <class 'int'> value"],
    [{ size: -1 }, "Invalid value for 'size': -1 < 0"],
    [{ timeout: true }, "Invalid value for 'timeout': True: expecting a <class 'int'> value"],
    [{ ops: 'read' }, "Invalid value for 'ops': 'read': expecting a <class 'list'> value"],
    [{ ops: ['exec'] }, "Invalid value for 'ops': 'exec'"],
    [{ sparse: 1 }, "Invalid value for 'sparse': 1: expecting a <class 'bool'> value"],
    [{ filename: 1 }, "Invalid value for 'filename': 1: expecting a <class 'str'> value"],
    [{ uuid: 'a/b' }, "Invalid value for 'uuid': 'a/b'"],
    [{ url: 'foo:bar' }, "Invalid value for 'url': 'foo:bar': Unsupported url scheme: foo"],
  ])('with %o are refused', (change, text) => {
    expect(() => parseTicket(bytes({ ...ticket, ...change }))).toThrow(
      expect.objectContaining({ status: 400, message: `Invalid ticket: ${text}` }),
    );
  });

  test.each(['', '{', '[]', '1'])('that are %s are refused', (body) => {
    expect(() => parseTicket(bytes(body))).toThrow(/^Ticket is not in a json format: /);
  });
});

describe('imageio 17.102: backend URLs', () => {
  test.each([
    ['nbd:unix:/run/s.sock', { kind: 'nbd-unix', socketPath: '/run/s.sock', exportName: '' }],
    ['nbd:unix:/run/s.sock:exportname=a/b', { kind: 'nbd-unix', socketPath: '/run/s.sock', exportName: 'a/b' }],
    ['nbd+unix:///name?socket=/run/s.sock', { kind: 'nbd-unix', socketPath: '/run/s.sock', exportName: 'name' }],
    ['nbd:h:10809', { kind: 'nbd-tcp', host: 'h', port: 10_809, exportName: '' }],
    ['nbd:[::1]:10809:exportname=x', { kind: 'nbd-tcp', host: '::1', port: 10_809, exportName: 'x' }],
    ['nbd://h:10809', { kind: 'nbd-tcp', host: 'h', port: 10_809, exportName: '' }],
    ['nbd://[::1]:10809//NAME', { kind: 'nbd-tcp', host: '::1', port: 10_809, exportName: '/NAME' }],
    ['file:///a%20b', { kind: 'file', path: '/a b' }],
    ['file:/a', { kind: 'file', path: '/a' }],
  ])('%s', (url, backend) => {
    expect(parseBackendUrl(url)).toEqual(backend);
  });

  test.each([
    '',
    'foo:bar',
    'nbd:',
    'nbd:unix:',
    'nbd:host',
    'nbd:h:0',
    'nbd:h:99999',
    'nbd+unix:///x',
    'nbd+unix:///x?socket=/run/a%00b',
    'nbd:unix:/run/a\0b',
    'file:relative',
    'file:///a%00',
    'file:///%zz',
  ])('%s is refused', (url) => {
    expect(() => parseBackendUrl(url)).toThrow(expect.objectContaining({ code: 'IMAGEIO_TICKET_INVALID' }));
  });

  test('of sockets are read as they are written', () => {
    expect(parseBackendUrl(nbdUnixUrl('/s', 'n'))).toEqual({ kind: 'nbd-unix', socketPath: '/s', exportName: 'n' });
  });
});
