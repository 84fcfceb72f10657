import { GatewayError } from '@fairlead/kernel/errors';
import { describe, expect, test } from 'vitest';
import { formatAnswer } from './answer.ts';
import { formatFailure, prefersText } from './failure.ts';
import { httpStatus } from './http-status.ts';
import { formatJson, readJson } from './json.ts';
import { localTime } from './local-time.ts';
import { diskNumbers, memoryNumbers, networkNumbers } from './proc.ts';
import { errorsOf, infosOf, valuesOf } from './reply.ts';

const SEED = { messageStyle: 'seed', dataStyle: 'seed', strictHttp: false } as const;

describe('JSON', () => {
  test('maps keep the order of numbers, undefined is left out, a byte that was not UTF-8 is U+FFFD', () => {
    const value = {
      b: undefined,
      objects: new Map([
        ['58', 'x'],
        ['6', '\udc80'],
      ]),
      list: [1, null, true],
    };
    expect(formatJson(value)).toBe('{"objects":{"58":"x","6":"\uFFFD"},"list":[1,null,true]}');
  });

  test('nesting is counted outside of strings only', () => {
    expect(readJson(`{"a":"${'['.repeat(100)}\\"[["}`)).toEqual({ a: `${'['.repeat(100)}"[[` });
    expect(readJson(`${'['.repeat(16)}${']'.repeat(16)}`)).toBeDefined();
    expect(readJson(`${'['.repeat(17)}${']'.repeat(17)}`)).toBeUndefined();
    expect(readJson('[')).toBeUndefined();
  });
});

describe('answers', () => {
  test('data whose fields are all absent is none', () => {
    expect(formatAnswer({ status: 201, message: 'GOODBYE', data: { oid: undefined } }, SEED)).toEqual({
      http: 200,
      body: '{"status":201,"message":"GOODBYE"}',
    });
  });

  test.each([
    [201, 200],
    [100, 200],
    [202, 202],
    [304, 403],
    [309, 401],
    [400, 503],
    [402, 400],
    [403, 400],
    [404, 200],
    [409, 200],
    [500, 500],
    [306, 502],
    [999, 502],
  ])('the status %i goes out as HTTP %i', (status, http) => {
    expect(httpStatus(status, false)).toBe(http);
  });

  test('values of the open transaction lie over the committed ones, in the order of bytes', () => {
    const lines = [
      { code: 103, key: 'b', value: 'new' },
      { code: 102, key: 'b', value: 'old' },
      { code: 102, key: 'OID', value: '5' },
      { code: 102, key: 'a', value: '' },
    ] as const;
    expect([...valuesOf({ lines, end: 201 })]).toEqual([
      ['OID', '5'],
      ['a', ''],
      ['b', 'new'],
    ]);
  });

  test('lines become entries in the form of CSCP', () => {
    const lines = [
      { code: 302, oid: '1', key: 'a', message: 'é"' },
      { code: 106, text: 'told' },
      { code: 309, reason: 'r' },
    ] as const;
    expect(errorsOf({ lines, end: 401 })).toEqual([
      { code: 302, message: String.raw`BAD DATA 1 a "\303\251\""` },
      { code: 309, message: 'SUSPENDED "r"' },
      { code: 401, message: 'FAIL' },
    ]);
    expect(infosOf({ lines, end: 401 })).toEqual([{ code: 106, message: 'INFO "told"' }]);
  });
});

describe('refusals', () => {
  const error = new GatewayError({ code: 'X', status: 403, blame: 'caller', text: 'Forbidden' });

  test.each([
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['text/plain', true],
    ['text/plain;q=0.5, application/json', false],
    ['text/*, application/json;q=0.1', true],
    ['text/plain;q=nonsense', false],
    ['text/html, */*;q=0.1', false],
  ])('Accept %s prefers text: %s', (accept, isText) => {
    expect(prefersText(accept)).toBe(isText);
    const { body } = formatFailure(error, { accept, errorFormat: 'json' });
    expect(body).toBe(isText ? 'Forbidden\n' : '{"status":403,"message":"Forbidden"}');
  });
});

test('a time is told with the offset of the machine', () => {
  const at = Date.UTC(2025, 4, 18, 4, 49, 24, 999);
  expect([localTime(at, -300), localTime(at, 330), localTime(at, 0)]).toEqual([
    '2025-05-17T23:49:24-05:00',
    '2025-05-18T10:19:24+05:30',
    '2025-05-18T04:49:24+00:00',
  ]);
});

test('the numbers of the machine are read as the kernel writes them', () => {
  expect(memoryNumbers('MemTotal:  8 kB\nMemFree: 2 kB\nHugePages_Total: 0\n')).toEqual([
    { name: 'node_memory_MemTotal_bytes', value: 8192 },
    { name: 'node_memory_MemFree_bytes', value: 2048 },
  ]);
  const network = 'Inter-|   Receive\n face |bytes\n  eth0: 10 1 0 0 0 0 0 0 20 2 0 0 0 0 0 0\n    lo:5 1 0 0 0 0 0 0 6 2 0 0 0 0 0 0\n';
  expect(networkNumbers(network).map(({ name, value }) => [name, value])).toEqual([
    ['receive_bytes_total_eth0', 10],
    ['transmit_bytes_total_eth0', 20],
    ['receive_bytes_total_lo', 5],
    ['transmit_bytes_total_lo', 6],
  ]);
  const disks = '   8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n   7 0 loop0 1 2 3 4 5 6 7 8 9 10 11\n';
  expect(diskNumbers(disks)).toEqual([{ name: 'disk_io_now_sda', value: 9, labels: { device: 'sda' } }]);
});
