import { FairleadError } from '@fairlead/kernel/errors';
import { describe, expect, test } from 'vitest';
import { classify } from './classify.ts';

const answer = (status: number, text = '', more: { retryAfterS?: number; contentType?: string } = {}) => ({
  status,
  body: Buffer.from(text),
  contentType: more.contentType ?? 'application/json',
  retryAfterS: more.retryAfterS,
});
const kind = (...args: Parameters<typeof classify>) => {
  const verdict = classify(...args);
  return verdict.ok ? 'ok' : verdict.failure.kind;
};
const list = { expects: 'json' } as const;
const one = { expects: 'json', item: true } as const;
const write = { expects: 'nothing', item: true } as const;

test.each([
  [400, 'refused'],
  [401, 'token'],
  [403, 'forbidden'],
  [405, 'refused'],
  [408, 'server'],
  [409, 'refused'],
  [413, 'too_large'],
  [415, 'refused'],
  [422, 'refused'],
  [429, 'throttled'],
  [500, 'server'],
  [502, 'server'],
  [503, 'server'],
  [504, 'server'],
  [301, 'protocol'],
  [307, 'protocol'],
  [418, 'refused'],
  [599, 'server'],
])('cyberapp 9.172: status %d is %s', (status, expected) => {
  expect(kind(answer(status, '{}'), write)).toBe(expected);
});

test('a 503 that names a time is a wait, not a failure', () => {
  expect(classify(answer(503, 'later', { retryAfterS: 7 }), list)).toMatchObject({ failure: { kind: 'throttled', retryAfterS: 7 } });
});

test('what is not there is gone where one thing was named, and a wrong path otherwise', () => {
  expect(kind(answer(404), one)).toBe('gone');
  expect(kind(answer(404), list)).toBe('refused');
});

test('cyberapp 9.124: a 401 is a matter of the token, whatever its body', () => {
  expect(kind(answer(401, '<html>Unauthorized</html>', { contentType: 'text/html' }), list)).toBe('token');
});

describe('successes', () => {
  test('JSON is given, long integers as text of all digits', () => {
    expect(classify(answer(200, '{"a":1,"at":1740000000123456789}'), list)).toEqual({
      ok: true,
      value: { a: 1, at: '1740000000123456789' },
    });
  });

  test('no JSON, no object and nothing are no answer', () => {
    for (const text of ['', '{', '<html>', '[]', 'null', '"x"']) expect(kind(answer(200, text), list)).toBe('protocol');
  });

  test('where nothing is due, 200 and 204 are good, a page is not', () => {
    expect(kind(answer(204), write)).toBe('ok');
    expect(kind(answer(200, '{"items":[]}'), write)).toBe('ok');
    expect(kind(answer(200, '<html>Log in</html>', { contentType: 'text/html; charset=utf-8' }), write)).toBe('protocol');
    expect(kind(answer(200, 'Log in'), write)).toBe('protocol');
  });
});

test('what was said is kept in one line of 500 characters at most', () => {
  const verdict = classify(answer(400, `{"reason":\n\t"${'x'.repeat(600)}"}\0`), write);
  const reason = verdict.ok ? '' : verdict.failure.reason;
  expect(reason).toMatch(/^\{"reason": "x+$/);
  expect(reason).toHaveLength(500);
});

describe('errors', () => {
  const failed = (reason: string, cause?: unknown) => ({
    error: FairleadError('FAIRLEAD_UPSTREAM_UNREACHABLE', { upstream: 'x', reason }, { cause }),
  });

  test.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'UND_ERR_CONNECT_TIMEOUT',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('%s came before anything was sent', (code) => {
    expect(kind(failed(code), list)).toBe('unreachable');
  });

  test.each([
    'ECONNRESET',
    'EPIPE',
    'UND_ERR_SOCKET',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'ETIMEDOUT',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'whatever',
  ])('%s leaves open what became of it', (code) => {
    expect(kind(failed(code), list)).toBe('ambiguous');
  });

  test('a connection that ends within the handshake sent nothing', () => {
    const cause = new Error('Client network socket disconnected before secure TLS connection was established');
    expect(kind(failed('ECONNRESET', cause), list)).toBe('unreachable');
  });

  test('an answer that is too long is none, a deadline leaves it open', () => {
    expect(kind({ error: FairleadError('FAIRLEAD_UPSTREAM_ANSWER', { upstream: 'x', reason: 'more than 5 bytes' }) }, list)).toBe(
      'protocol',
    );
    expect(kind({ error: new DOMException('late', 'TimeoutError') }, list)).toBe('ambiguous');
  });
});
