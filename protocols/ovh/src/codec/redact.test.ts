import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { redactBody, redactHeaders, redactText, redactUrl } from './redact.ts';

const HUSH = 'hush-9f3a';

test('X23: headers that authenticate are hidden in any case, the application key is shortened', () => {
  const headers = {
    'X-Ovh-Application': 'TDPKxxxx',
    'x-ovh-consumer': HUSH,
    'X-OVH-SIGNATURE': HUSH,
    Authorization: `Bearer ${HUSH}`,
    'proxy-authorization': HUSH,
    'set-cookie': [HUSH],
    Cookie: HUSH,
    location: `https://x.example/?credentialToken=${HUSH}&a=1`,
    Accept: 'application/json',
  };
  const safe = redactHeaders(headers);
  expect(inspect(safe)).not.toContain(HUSH);
  expect(safe['X-Ovh-Application']).toBe('TDPK…');
  expect(safe.Accept).toBe('application/json');
  expect(safe.location).toBe('https://x.example/?credentialToken=[redacted]&a=1');
  expect(headers.Cookie).toBe(HUSH);
});

test('X23: secret members of bodies are hidden at any depth and in any spelling', () => {
  const body = {
    consumerKey: HUSH,
    applicationSecret: HUSH,
    client_secret: HUSH,
    clientSecret: HUSH,
    access_token: HUSH,
    PASSWORD: HUSH,
    passwd: 12345,
    secret: { inner: HUSH },
    token: [HUSH],
    'private-key': HUSH,
    validationUrl: `https://eu.api.ovh.com/auth/?credentialToken=${HUSH}`,
    list: [new Map([['Secret', HUSH]]), { privateKey: HUSH }],
    applicationKey: 'TDPKxxxx',
    name: 'kept',
    password: null,
    secretary: 'kept too',
  };
  const safe = redactBody(body);
  expect(inspect(safe, { depth: null })).not.toContain(HUSH);
  expect(safe).toMatchObject({
    applicationKey: 'TDPK…',
    name: 'kept',
    passwd: '[redacted]',
    password: null,
    secretary: 'kept too',
    validationUrl: 'https://eu.api.ovh.com/auth/?credentialToken=[redacted]',
  });
  expect(body.consumerKey).toBe(HUSH);
});

test('X23: cycles and depth end', () => {
  const cycle: Record<string, unknown> = { token: HUSH };
  cycle.self = cycle;
  expect(inspect(redactBody(cycle), { depth: null })).not.toContain(HUSH);
  expect(JSON.stringify(redactBody(cycle))).toContain('[deep]');
});

test('X23: URLs lose the values of secret parameters, however their names are encoded', () => {
  expect(redactUrl(`https://h/1.0/x?a=1&pass%77ord=${HUSH}&client_secret=${HUSH}&%zz=2#token=3`)).toBe(
    'https://h/1.0/x?a=1&pass%77ord=[redacted]&client_secret=[redacted]&%zz=2#token=3',
  );
  expect(redactUrl(`client_secret=${HUSH}&scope=all`)).toBe('client_secret=[redacted]&scope=all');
});

test('X23: texts that are JSON, even when cut, lose secret members', () => {
  expect(redactText(`{"consumerKey" : "${HUSH}\\"x", "state":"ok","token":123`)).toBe(
    '{"consumerKey":"[redacted]", "state":"ok","token":"[redacted]"',
  );
  expect(redactText(`{"password":"${HUSH}`)).toBe('{"password":"[redacted]"');
});
