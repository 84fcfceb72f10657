import { fuzz, hostileText, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeCommand } from './describe.ts';
import { readRequest } from './request.ts';

const read = (body: object) => readRequest(JSON.stringify(body));
const command = (body: object) => read(body).command;

describe('the body of a request', () => {
  test('credentials that are empty or null are none', () => {
    expect(read({ cmd: 'GET 6', user: '', sessionid: null, token: '', username: 'api' }).credentials).toEqual({
      user: 'api',
      password: undefined,
      sessionId: undefined,
      token: undefined,
    });
  });

  test('a login that is written out tells its own credentials', () => {
    expect(read({ cmd: 'auth, "a" "b"', user: 'x' })).toMatchObject({ verb: 'AUTH', credentials: { user: 'a', password: 'b' } });
    expect(read({ cmd: 'AUTHKEY "a" "key"' })).toMatchObject({ verb: 'AUTHKEY', credentials: { user: 'a', sessionId: 'key' } });
  });

  test('a letter that only becomes one of ASCII in capitals makes no verb', () => {
    for (const cmd of ['ſet 5 a="b"', 'ſET', 'ﬁnd User', 'GET"5"'])
      expect(command({ cmd }), cmd).toEqual({ kind: 'refused', reply: { lines: [], end: 402 } });
  });

  test('values keep the order of the request, and data wins over args over vars', () => {
    const { operation } = command({
      cmd: 'SET',
      oid: '007',
      vars: { c: 1 },
      args: { a: 1, b: 2 },
      data: { b: 3, d: ['x y', 5, true] },
    }) as unknown as {
      operation: { oid: string; values: Map<string, string> };
    };
    expect(operation.oid).toBe('7');
    expect([...operation.values]).toEqual([
      ['c', '1'],
      ['a', '1'],
      ['b', '3'],
      ['d', '&x+y&5&1&'],
    ]);
  });

  test('a number beyond what a float holds keeps its digits', () => {
    const { operation } = readRequest('{"cmd":"SET","oid":5,"data":{"a":12345678901234567890,"b":1e3,"c":-0.5}}').command as unknown as {
      operation: { values: Map<string, string> };
    };
    expect([...operation.values.values()]).toEqual(['12345678901234567890', '1000', '-0.5']);
  });

  test('half a surrogate becomes U+FFFD, keys of the prototype are keys like others', () => {
    const { operation } = readRequest('{"cmd":"SET","oid":5,"data":{"a":"\\ud800","__proto__":"x"}}').command as unknown as {
      operation: { values: Map<string, string> };
    };
    expect([...operation.values]).toEqual([
      ['a', '\uFFFD'],
      ['__proto__', 'x'],
    ]);
  });

  test.each([
    [
      { cmd: 'SUSPEND', reason: 'r' },
      { action: 'SUSPEND', reason: 'r' },
    ],
    [
      { cmd: 'SUSPEND', args: { reason: 'r' } },
      { action: 'SUSPEND', reason: 'r' },
    ],
    [
      { cmd: 'admin suspend', reason: 'r' },
      { action: 'SUSPEND', reason: 'r' },
    ],
    [
      { cmd: 'ADMIN SUSPEND "r"', reason: 'x' },
      { action: 'SUSPEND', reason: 'r' },
    ],
    [{ cmd: 'RESUME' }, { action: 'RESUME' }],
  ])('%j suspends or resumes', (body, operation) => {
    expect(command(body)).toMatchObject({ kind: 'operation', operation: { verb: 'ADMIN', ...operation } });
  });

  test.each([
    [
      { cmd: 'FINDX', class: 'A', sorttype: 'desc', sortprop: 'p' },
      { sort: { type: 'ascii', property: 'p' }, descending: true },
    ],
    [
      { cmd: 'FINDX', class: 'A', sorttype: 'numeric', sortprop: 'N.p' },
      { sort: { type: 'old_numeric', property: 'N.p' }, descending: false },
    ],
    [{ cmd: 'FINDX', class: 'A', sortprop: 'p' }, { sort: undefined }],
    [{ cmd: 'FINDX', class: 'A', sorttype: 'locale(de_DE)', sortprop: 'a b' }, { sort: undefined }],
    [
      { cmd: 'FINDX', class: 'A', limit: '5', offset: 2, props: 'a,b' },
      { limit: 5, offset: 2, props: ['a', 'b'] },
    ],
  ])('%j is ordered and cut as it says', (body, search) => {
    expect(command(body)).toMatchObject({ kind: 'find', style: 'FINDX', search });
  });

  test('a limit that is no number is refused by its name', () => {
    expect(() => read({ cmd: 'FINDX', class: 'A', limit: -1 })).toThrow("Invalid value for 'limit'");
  });

  test('a batch names at most 2000 objects, so that no small body asks for an answer of any size', () => {
    const named = (count: number) => command({ cmd: 'GET', oids: Array.from({ length: count }, () => 6) });
    expect(named(2000)).toMatchObject({ kind: 'batch' });
    expect(named(2001)).toMatchObject({ kind: 'refused', reply: { end: 403 } });
    expect(command({ cmd: 'NAMES', oids: Array.from({ length: 2001 }, () => 'User') })).toMatchObject({ kind: 'refused' });
  });

  test('a user name that nobody can have goes no further, and a made-up key is told in short', () => {
    const long = 'u'.repeat(256);
    for (const body of [
      { cmd: 'WHOAMI', user: long },
      { cmd: `AUTH "${long}" "x"` },
      { cmd: `AUTHKEY ${long} x` },
      { cmd: 'AUTH', username: long },
    ])
      expect(() => read(body), body.cmd).toThrow(/^Invalid value for 'user'$/);
    expect(read({ cmd: 'WHOAMI', user: long.slice(1) }).credentials.user).toHaveLength(255);
    expect(() => read({ cmd: 'SET', oid: 5, data: { ['a\n'.repeat(500)]: {} } })).toThrow(/^Invalid value for '(a\\n){50}\.\.\.'$/);
  });

  test('a password stands in no description', () => {
    const bodies = [
      { cmd: 'SET', oid: 5, data: { password: 'hidden' } },
      { cmd: 'CREATE', class: 'User', data: { md5_password: 'hidden' }, namespaces: { X: { apiSecret: 'hidden' } } },
      { cmd: 'FINDX', class: 'User', regex_args: { PassWord: 'hidden' } },
      { cmd: 'AUTH', user: 'a', password: 'hidden' },
      { cmd: 'GETALL', class: 'User', args: { 'MYSQL_Vsite.pass': 'hidden' } },
      { cmd: 'AUTH"admin""hidden"' },
      { cmd: 'SETpassword="hidden"' },
    ];
    for (const body of bodies) expect(describeCommand(read(body)), body.cmd).not.toContain('hidden');
  });
});

test('any body is understood or refused with a code, and what is passed on is plain', async () => {
  const words = [
    '"cmd":"',
    'GET',
    'SET ',
    'FINDX',
    '"args":{',
    '"oid":',
    '\\u0000',
    '\\n',
    '\n',
    '[[[[',
    '{',
    '}',
    '"',
    '\\',
    'GETALL 1 2',
    '$0.oid',
    'null',
  ];
  const samples = [
    '{"cmd":"SET 5 . Ns a=\\"b\\"","user":"x","sessionid":"y"}',
    '{"cmd":"FINDX","class":"A","args":{"a":[1]},"regex_args":{"b":"c"}}',
  ];
  await fuzz(
    'cce.json-requests',
    fc.oneof(mutatedText(samples, words), hostileText({ words })),
    (body) => {
      const request = refusedWith(/^CCE_/, () => readRequest(body));
      if (request === undefined) return false;
      expect(describeCommand(request)).not.toMatch(/[\n\r]/);
      if (request.command.kind !== 'operation') return true;
      const { operation } = request.command;
      if ('class' in operation) expect(operation.class).toMatch(/^[A-Za-z0-9_+]+$/);
      if ('oid' in operation) expect(operation.oid).toMatch(/^([1-9]\d*|\$\d+\.oid)$/);
      if ('namespace' in operation) expect(operation.namespace).toMatch(/^[A-Za-z0-9_+]*$/);
      if ('values' in operation)
        for (const [key, value] of operation.values) expect(/^[A-Za-z0-9_+]+$/.test(key) && !value.includes('\0')).toBe(true);
      return true;
    },
    { share: 3, someAccepted: true },
  );
});
