import { expect, test } from 'vitest';
import { InvalidCallError } from '../errors/errors.ts';
import { buildRequest, buildUrl } from './build-request.ts';
import type { Call, PathValue } from './call.ts';

function textOf(body: Uint8Array | undefined): string {
  return new TextDecoder().decode(body);
}

const EU = 'https://eu.api.ovh.com';
const settings = { baseUrl: `${EU}/1.0` };
const url = (path: string, variables?: Record<string, PathValue>) => buildUrl({ path, variables }, settings);
const request = (call: Partial<Call>, more = {}) => buildRequest({ method: 'GET', path: '/x', ...call }, { ...settings, ...more });

/** Deep, so that any change of the caller's objects throws. */
function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object') for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

for (const [path, expected] of [
  ['/v10/x', '/1.0/v10/x'],
  ['/v2x', '/1.0/v2x'],
  ['/v2', '/v2'],
  ['/v2?x', '/v2?x'],
  ['/v1/', '/v1/'],
  ['1.0/me', '/1.0/me'],
  ['/1.0/me', '/1.0/me'],
  ['/1.00/me', '/1.0/1.00/me'],
  ['/V2/x', '/1.0/V2/x'],
  ['', '/1.0/'],
] as const) {
  test(`X19 N19 N20 P28: ${JSON.stringify(path)} leads to ${expected}`, () => {
    expect(url(path)).toBe(EU + expected);
  });
}

for (const [base, path, expected] of [
  [`${EU}/v1`, '/v2/x', `${EU}/v2/x`],
  [`${EU}/v2`, '/x', `${EU}/v2/x`],
  [`${EU}/v2`, '/v1/x', `${EU}/v1/x`],
  ['http://127.0.0.1:18080', '/me', 'http://127.0.0.1:18080/me'],
  ['http://127.0.0.1:18080', '/v2/me', 'http://127.0.0.1:18080/v2/me'],
  ['https://gate.example/ovh/1.0', '/v2/x', 'https://gate.example/ovh/v2/x'],
] as const) {
  test(`X20: ${path} below ${base} is ${expected}`, () => {
    expect(buildUrl({ path }, { baseUrl: base })).toBe(expected);
  });
}

for (const [path, expected] of [
  ['/a b', '/1.0/a%20b'],
  ['/a ', '/1.0/a%20'],
  ['/é', '/1.0/%C3%A9'],
  ['/a|b', '/1.0/a|b'],
  ['/a%2fb', '/1.0/a%2fb'],
  ["/x?x='y'", '/1.0/x?x=%27y%27'],
  ['/x?x={"k":1}', '/1.0/x?x={%22k%22:1}'],
  ['/%zz', '/1.0/%zz'],
  ['//double', '/1.0//double'],
  ['//evil.example/x', '/1.0//evil.example/x'],
  ['@evil.example/x', '/1.0/@evil.example/x'],
  ['/x?a=..%2F..', '/1.0/x?a=..%2F..'],
  ['/a..b/...', '/1.0/a..b/...'],
] as const) {
  test(`X02: the URL parser's form of ${path} is ${expected}`, () => {
    expect(url(path)).toBe(EU + expected);
    expect(new URL(url(path)).href).toBe(url(path));
  });
}

for (const path of ['/a/../b', '/..', '/.', '/a/%2e%2E/b', '/a/.%2e', 'v2/../1.0/me', '/a\\b', '/a\tb', '/a\r\nb', '/a#b', '/\ud800']) {
  test(`X21: ${JSON.stringify(path)} is refused`, () => {
    expect(() => url(path)).toThrow(InvalidCallError);
  });
}

test('X21: a full URL is taken for the own origin only', () => {
  expect(url(`${EU}/v2/iam/resource?x=1`)).toBe(`${EU}/v2/iam/resource?x=1`);
  expect(url('HTTPS://EU.API.OVH.COM:443/1.0/me')).toBe(`${EU}/1.0/me`);
  for (const other of [
    'https://evil.example/1.0/me',
    'http://eu.api.ovh.com/1.0/me',
    'https://eu.api.ovh.com:8443/1.0/me',
    'https://eu.api.ovh.com@evil.example/me',
    'https://user@eu.api.ovh.com/me',
    'https://eu.api.ovh.com\\@evil.example/',
    'https://eu.api.ovh.com.evil.example/',
    'file:///etc/passwd',
  ]) {
    expect(() => url(other), other).toThrow(InvalidCallError);
  }
});

test('X21 N25: variables are percent-encoded, and never patterns', () => {
  expect(url('/ip/{ip}', { ip: '192.0.2.0/28' })).toBe(`${EU}/1.0/ip/192.0.2.0%2F28`);
  expect(url('/x/{a}/{b}/{a}', { a: '$&', b: "!'()*" })).toBe(`${EU}/1.0/x/%24%26/%21%27%28%29%2A/%24%26`);
  expect(url('/x/{id}', { id: 9007199254740993n })).toBe(`${EU}/1.0/x/9007199254740993`);
  expect(url('/x/{a}', { a: '{b} ?#%' })).toBe(`${EU}/1.0/x/%7Bb%7D%20%3F%23%25`);
  expect(url('/{v}/x', { v: 'v2' })).toBe(`${EU}/1.0/v2/x`);
});

test('X21: a variable that is missing, empty, lost or a dot segment throws', () => {
  expect(() => url('/x/{a}')).toThrow(/needs a value for \{a\}/);
  expect(() => url('/x/{a}', { a: '' })).toThrow(/needs a value for \{a\}/);
  expect(() => url('/x/{constructor}', {})).toThrow(/needs a value/);
  expect(() => url('/x', { b: 1 })).toThrow(/has no \{b\}/);
  expect(() => url('/x/{a}/y', { a: '..' })).toThrow(/segment/);
  expect(() => url('/x/{a}{b}', { a: '.', b: '.' })).toThrow(/segment/);
  expect(() => url('/x/{a}', { a: {} as never })).toThrow(InvalidCallError);
  expect(() => url('/x/{a}', { a: '\udc00' })).toThrow(InvalidCallError);
});

test('P09 P10 P11 P12 P13 N26: parameters come after those of the path, in their order', () => {
  const at = (path: string, query: Call['query']) => buildUrl({ path, query }, settings).slice(`${EU}/1.0`.length);
  expect(at('/x', {})).toBe('/x');
  expect(at('/x', { k: 'v' })).toBe('/x?k=v');
  expect(at('/x?a=1', { b: 2 })).toBe('/x?a=1&b=2');
  expect(at('/x?', { b: 2 })).toBe('/x?b=2');
  expect(at('/x?a&', { b: 2 })).toBe('/x?a&b=2');
  expect(at('/x', { z: true, a: false })).toBe('/x?z=true&a=false');
});

test('P08: names pass unchanged', () => {
  const query = { from: 1, _from: 2, _to: 3, 'date.from': 4, 'a b': 5 };
  expect(buildUrl({ path: '/x', query }, settings)).toBe(`${EU}/1.0/x?from=1&_from=2&_to=3&date.from=4&a%20b=5`);
});

test('P14 P15 P16 P20 N27: body and query are apart, booleans stay booleans, undefined is left out', () => {
  const none = request({ method: 'POST', path: '/x?a=1' });
  expect(none.body).toBeUndefined();
  expect(none.headers).toEqual({ Accept: 'application/json', 'Content-Length': '0' });
  const some = request({ method: 'PUT', path: '/x?a=1', body: { yes: true, gone: undefined, nil: null } });
  expect(some.url).toBe(`${EU}/1.0/x?a=1`);
  expect(textOf(some.body)).toBe('{"yes":true,"nil":null}');
  expect(some.headers).toEqual({
    Accept: 'application/json',
    'Content-Length': '23',
    'Content-Type': 'application/json; charset=utf-8',
  });
  expect(request({ method: 'DELETE' }).headers).toEqual({ Accept: 'application/json' });
});

test('N29: a body is the same bytes as those of python-ovh and node-ovh, or raw UTF-8 on demand', () => {
  const body = { message: 'tèsté 😀 \u2028 \u007f' };
  expect(textOf(request({ method: 'POST', body }).body)).toBe('{"message":"t\\u00e8st\\u00e9 \\ud83d\\ude00 \\u2028 \u007f"}');
  const raw = request({ method: 'POST', body }, { asciiJson: false });
  expect(textOf(raw.body)).toBe(JSON.stringify(body));
  expect(raw.headers['Content-Length']).toBe(String(raw.body?.length));
});

test('raw bodies are sent as they are', () => {
  const bytes = Uint8Array.of(0, 255, 128);
  expect([...(request({ method: 'POST', rawBody: bytes, headers: { 'content-type': 'image/png' } }).body ?? [])]).toEqual([0, 255, 128]);
  expect([...(request({ method: 'POST', rawBody: 'é' }).body ?? [])]).toEqual([0xc3, 0xa9]);
  expect(() => request({ method: 'POST', rawBody: '', body: {} })).toThrow(InvalidCallError);
  expect(() => request({ body: {} })).toThrow(/GET call has no body/);
  expect(() => request({ method: 'GE T' })).toThrow(InvalidCallError);
});

test('P26: headers of a call win over those of the client, in any case; framing is not theirs', () => {
  const built = request(
    { headers: { accept: 'text/html', 'X-Pagination-Size': '5', 'x-mine': 'call', Host: 'evil', 'content-length': '9', TE: 'x' } },
    { headers: { 'X-Mine': 'client', 'X-Other': 'o' }, userAgent: 'fairlead-ovh/0.1.0' },
  );
  expect(built.headers).toEqual({
    'User-Agent': 'fairlead-ovh/0.1.0',
    accept: 'text/html',
    'X-Other': 'o',
    'X-Pagination-Size': '5',
    'x-mine': 'call',
  });
});

test('a header that would break the message is refused, and its value not repeated', () => {
  expect(() => request({ headers: { 'X-A': 'v\r\nX-B: v' } })).toThrow(/^the header X-A has a value with line ends/);
  expect(() => request({ headers: { 'X-A': '€' } })).toThrow(InvalidCallError);
  expect(() => request({ headers: { 'X A': 'v' } })).toThrow(InvalidCallError);
  expect(() => request({ headers: { 'X-A': 1 as never } })).toThrow(InvalidCallError);
});

test('the schema version goes with calls of v2 only', () => {
  const version = (path: string, baseUrl = settings.baseUrl) =>
    request({ path }, { schemaVersion: '1.0', baseUrl }).headers['X-Schemas-Version'];
  expect([version('/v2/x'), version('/v2'), version('/v2?x'), version('/x', `${EU}/v2`)]).toEqual(['1.0', '1.0', '1.0', '1.0']);
  expect(version(`${EU}/v2/x`)).toBe('1.0');
  expect([version('/x'), version('/v2x'), version('/v1/v2/x'), version('/v1/x', `${EU}/v2`)]).toEqual(Array(4).fill(undefined));
});

test('X18: nothing of the caller is changed', () => {
  const call = frozen({
    method: 'put',
    path: '/x/{a}',
    variables: { a: 1 },
    query: { q: ['a'], m: { k: [1] } },
    body: { b: { c: [undefined, 1n] } },
    headers: { 'X-A': 'b' },
  });
  const built = buildRequest(call, frozen({ ...settings, headers: { 'X-C': 'd' } }));
  expect(built.url).toBe(`${EU}/1.0/x/1?q=a&m=%7B%22k%22%3A%5B1%5D%7D`);
  expect(textOf(built.body)).toBe('{"b":{"c":[null,1]}}');
});
