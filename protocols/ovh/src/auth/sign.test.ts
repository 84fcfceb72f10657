import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { APPLICATION_KEY, APPLICATION_SECRET, CONSUMER_KEY, vectors } from '../../test/support/vectors.ts';
import { buildRequest, buildUrl } from '../codec/build-request.ts';
import type { Call } from '../codec/call.ts';
import { Secret } from '../config/secret.ts';
import { MissingConsumerKeyError } from '../errors/errors.ts';
import { announceApplication, bearRequest, signRequest } from './authorise.ts';
import { sign } from './sign.ts';

const auth = {
  method: 'application',
  applicationKey: new Secret(APPLICATION_KEY),
  applicationSecret: new Secret(APPLICATION_SECRET),
  consumerKey: new Secret(CONSUMER_KEY),
} as const;

const call = (path: string, more: Partial<Call> = {}): Call => ({ method: 'GET', path, ...more });
const settings = { baseUrl: 'https://eu.api.ovh.com/1.0' };

test('X01: there are 61 vectors', () => {
  expect(new Set(vectors.map((vector) => vector.id)).size).toBe(61);
});

for (const vector of vectors) {
  test(`X01 ${vector.id}: the signature of ${vector.method} ${vector.url}`, () => {
    expect(sign(vector)).toBe(vector.signature);
    expect(sign({ ...vector, body: Buffer.from(vector.body, 'utf8') })).toBe(vector.signature);
  });
}

/** How a caller states the call of a vector; what is not here is a GET of the path after `/1.0`. */
const ab = { a: 'b', c: 'd' };
const stated: Readonly<Record<string, Call & { base?: string; ascii?: boolean }>> = {
  V01: call('/auth'),
  V02: call('/auth', { method: 'POST', body: ab }),
  V03: call('/auth', { method: 'PUT', body: ab }),
  V04: call('/auth', { method: 'DELETE' }),
  V05: call('/call'),
  V06: call('/v1/call'),
  V07: call('/v2/call'),
  V08: call('me'),
  V09: call('/me'),
  V10: call('/1.0/me'),
  V11: { ...call('/me'), base: 'https://ca.api.ovh.com/1.0' },
  V12: { ...call('/me'), base: 'https://api.us.ovhcloud.com/1.0' },
  V13: { ...call('/me'), base: 'https://eu.api.kimsufi.com/1.0' },
  V14: { ...call('/dedicated/server'), base: 'https://ca.api.soyoustart.com/1.0' },
  V15: call('/me/api/credential', { query: { status: 'validated' } }),
  V16: call('/ip?type=dedicated', { query: { isAdditionalIp: true } }),
  V17: call('/ip', { query: { type: 'dedicated', isAdditionalIp: false } }),
  V18: call('/dedicated/server', { query: { iamTags: null } }),
  V19: call('/ip', { query: { 'routedTo.serviceName': 'ns1234567.ip-42-42-42.eu' } }),
  V20: call('/ip/{ip}', { variables: { ip: '192.0.2.0/28' } }),
  V21: call('/ip/{ip}', { variables: { ip: '2001:db8::/64' } }),
  V22: call('/dedicated/server', { query: { iamTags: { env: [{ operator: 'EQ', value: 'prod' }] } } }),
  V23: call('/search?q=a+b%26c%3Dd%2Be%2Ff~g%2Ah'),
  V24: call('/search', { query: { q: 'tèsté' } }),
  V25: call('/sms/{s}/jobs', { method: 'POST', variables: { s: 'foo' }, body: { message: 'tèsté' } }),
  V26: call('/sms/foo/jobs', { method: 'POST', body: { message: '😀 ok' } }),
  V27: call('/sms/foo/jobs', { method: 'POST', body: { message: 'a<b>&"\'/\u2028' } }),
  V28: call('/dedicated/server/ns1/reboot', { method: 'POST' }),
  V29: call('/x', { method: 'POST', body: {} }),
  V30: call('/x', {
    method: 'PUT',
    body: { a: null, b: true, c: false, d: 0, e: -1.5, f: [1, '2', null], g: { h: { i: [] } }, z: undefined },
  }),
  V31: call('/email/domain/example.com/redirection', {
    method: 'POST',
    body: { from: 'sales@example.com', to: 'contact@example.com', localCopy: false },
  }),
  V32: call('/lower', { method: 'post', body: { a: 1 } }),
  V33: call('/del', { method: 'DELETE', body: { a: 1 } }),
  V34: call('/del', { method: 'DELETE', query: { force: true } }),
  V35: call('/v2/iam/policy', {
    method: 'POST',
    body: { name: 'p', identities: [], resources: [{ urn: 'urn:v1:eu:resource:account:xx1111-ovh' }] },
  }),
  V36: call('/json/array', { method: 'POST', body: [1, 2, 3] }),
  V37: call('/v2/iam/resource', { query: { resourceType: ['dedicatedServer'] } }),
  W01: call('/a b'),
  W02: call('/é'),
  W03: { ...call('/me'), base: 'http://127.0.0.1:18080/1.0' },
  W04: { ...call('/me'), base: 'https://api.eu.ovhcloud.com/1.0' },
  W05: { ...call('/sms/foo/jobs', { method: 'POST', body: { message: 'tèsté' } }), ascii: false },
  W06: { ...call('/sms/foo/jobs', { method: 'POST', body: { message: '😀 ok' } }), ascii: false },
  W07: call('/sms/foo/jobs', { method: 'POST', rawBody: '{"message":"a\\u003cb\\u003e\\u0026\\"\'/\\u2028"}' }),
  W08: call('/x', { method: 'PUT', body: { a: undefined, b: 0, c: '', d: false } }),
  W09: call('/search?q=a%20b%26c%3Dd%2Be%2Ff~g*h', { query: { l: ['a', 'b'], t: true, o: '' } }),
  W10: call('/v2/iam/resource', { query: { resourceType: ['dedicatedServer', 'vps'] } }),
  W11: call('/auth/currentCredential'),
  W12: call('/auth/logout', { method: 'POST' }),
  W13: call('/domain/zone/{zone}/record/1,2,3', { variables: { zone: 'example.com' } }),
  W14: call('/search', { query: { q: 'a b&c=d+e/f~g*h' } }),
  W15: call('/v2/iam/resource', { query: { tags: new Map([['env', [{ operator: 'EQ', value: 'prod' }]]]) } }),
  W16: call('/v2/iam/resource/{urn}', { variables: { urn: 'urn:v1:eu:resource:dedicatedServer:ns1234567.ip-192-0-2.eu' } }),
  W17: call('/dedicated/server/{s}/serviceInfos', {
    method: 'PUT',
    variables: { s: 'ns1234567.ip-192-0-2.eu' },
    body: { renew: { automatic: true, deleteAtExpiration: false, forced: false, period: 1 } },
  }),
  GV1: call('/authTO'),
  GV2: call('/authTO', { method: 'POST', body: ab }),
  GV3: call('/authTO', { method: 'PUT', body: ab }),
  GV4: call('/authTO', { method: 'DELETE' }),
  D01: call('/domains/'),
};

for (const vector of vectors) {
  const { base = settings.baseUrl, ascii = true, ...input } = stated[vector.id] ?? { ...call('/absent') };
  if (vector.id === 'V38' || vector.id === 'V39') continue;
  test(`P17 P28 X01 ${vector.id}: a stated call becomes the URL, the bytes and the signature of the vector`, () => {
    const request = buildRequest(input, { baseUrl: base, asciiJson: ascii });
    expect([request.method, request.url]).toEqual([vector.method.toUpperCase(), vector.url]);
    expect(new TextDecoder().decode(request.body)).toBe(vector.body);
    const keys = { ...auth, applicationSecret: new Secret(vector.applicationSecret), consumerKey: new Secret(vector.consumerKey) };
    expect(signRequest(request, keys, vector.timestamp).headers).toMatchObject({
      'X-Ovh-Application': APPLICATION_KEY,
      'X-Ovh-Consumer': vector.consumerKey,
      'X-Ovh-Timestamp': String(vector.timestamp),
      'X-Ovh-Signature': vector.signature,
    });
  });
}

for (const id of ['V38', 'V39']) {
  test(`X19 ${id}: the URL that python-ovh builds wrongly is not built`, () => {
    const wrong = vectors.find((vector) => vector.id === id)?.url ?? '';
    expect(wrong).toMatch(/\/v(2x|10)\/call$/);
    expect(buildUrl({ path: new URL(wrong).pathname }, settings)).toBe(wrong.replace('ovh.com/', 'ovh.com/1.0/'));
  });
}

test('P25: a signed call without consumer key throws before anything is sent, and says how to get one', () => {
  const request = buildRequest(call('/me'), settings);
  const without = { ...auth, consumerKey: undefined };
  const page = { createTokenUrl: 'https://auth.eu.ovhcloud.com/api/createToken' };
  expect(() => signRequest(request, without, 1)).toThrow(MissingConsumerKeyError);
  expect(() => signRequest(request, without, 1, page)).toThrow(/OVH_CONSUMER_KEY.*auth\.eu\.ovhcloud\.com\/api\/createToken/);
});

test('P18: an unsigned call has the application key alone, and only where one is known', () => {
  const request = buildRequest(call('/auth/time'), settings);
  expect(announceApplication(request, auth).headers).toEqual({ Accept: 'application/json', 'X-Ovh-Application': APPLICATION_KEY });
  expect(announceApplication(request, { method: 'none', applicationKey: undefined })).toEqual(request);
  expect(announceApplication(request, { method: 'token', accessToken: new Secret('t') })).toEqual(request);
});

test('P29: a token goes into Authorization, and no X-Ovh header beside it', () => {
  const bearing = bearRequest(buildRequest(call('/me'), settings), 'eyJ.x-y_z');
  expect(bearing.headers).toEqual({ Accept: 'application/json', Authorization: 'Bearer eyJ.x-y_z' });
  expect(() => bearRequest(bearing, 'a\r\nX: y')).toThrow(/access token/);
});

test('X43: headers of the caller never replace those that authenticate', () => {
  const forged = { 'x-ovh-SIGNATURE': 'forged', 'X-Ovh-Consumer': 'forged', authorization: 'forged', 'X-OVH-Application': 'forged' };
  const request = buildRequest(call('/me', { headers: forged }), settings);
  expect(inspect(signRequest(request, auth, 1).headers)).not.toContain('forged');
  expect(inspect(bearRequest(request, 'token').headers)).not.toContain('forged');
});
