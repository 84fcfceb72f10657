import { expect, test } from 'vitest';
import { errorOf } from '../errors/classify.ts';
import { ConfigurationError, NetworkError, OAuth2Error, TimeoutError } from '../errors/errors.ts';
import { backoffMs, retryPolicy, verdictOn } from './backoff.ts';

const policy = retryPolicy(undefined);

function answered(status: number, headers: Record<string, string> = {}, kind = 'Server::X') {
  const bodyText = JSON.stringify({ class: kind, message: 'm' });
  return errorOf({ status, headers, bodyText, method: 'GET', path: '/x', url: 'https://h/x', durationMs: 1, now: 0 });
}

const again = (error: unknown, method: string, idempotent?: boolean, options = policy) =>
  verdictOn(error, { method, idempotent }, options, 0).again;

/** Spec 3.9: the condition, and whether GET, PUT, DELETE, POST are sent again. */
const table: [string, unknown, boolean, boolean, boolean, boolean][] = [
  ['refused', new NetworkError('x', false), true, true, true, true],
  ['no connection in time', new TimeoutError('x', { phase: 'connect', sent: false }), true, true, true, true],
  ['X08 reset after bytes', new NetworkError('x', true), true, true, true, false],
  ['X08 no answer in time', new TimeoutError('x', { phase: 'headers', sent: true }), true, true, true, false],
  ['429', answered(429), true, true, true, true],
  ['503 with Retry-After', answered(503, { 'retry-after': '1' }), true, true, true, true],
  ['maintenance', answered(500, {}, 'Server::InternalServerError::Maintenance'), true, true, true, false],
  ...[500, 502, 503, 504, 408].map((status): (typeof table)[number] => [`${status}`, answered(status), true, true, true, false]),
  ...[400, 401, 403, 404, 409, 412, 423, 460, 501, 302].map((status): (typeof table)[number] => [
    `${status}`,
    answered(status),
    false,
    false,
    false,
    false,
  ]),
  ['busy', answered(403, {}, 'Client::Forbidden::Busy'), false, false, false, false],
  ['an error of ours', new ConfigurationError('x'), false, false, false, false],
  ['no token', new OAuth2Error('x', {}), false, false, false, false],
];

for (const [title, error, get, put, remove, post] of table) {
  test(`retry table: ${title}`, () => {
    expect(['GET', 'PUT', 'DELETE', 'POST'].map((method) => again(error, method))).toEqual([get, put, remove, post]);
  });
}

test('the caller knows better what may be repeated', () => {
  const reset = new NetworkError('x', true);
  expect([again(reset, 'POST', true), again(reset, 'PUT', false), again(reset, 'DELETE', false)]).toEqual([true, false, false]);
  expect(again(new NetworkError('x', false), 'PUT', false)).toBe(true);
});

test('busy and locked are repeated only where that is chosen', () => {
  const busy = retryPolicy({ retryOn: ['busy'] });
  expect(again(answered(423), 'POST', undefined, busy)).toBe(true);
  expect(again(answered(403, {}, 'Client::Forbidden::Busy'), 'GET', undefined, busy)).toBe(true);
  expect(again(answered(403), 'GET', undefined, busy)).toBe(false);
});

test('a Retry-After of an hour is not waited for', () => {
  expect(again(answered(429, { 'retry-after': '3600' }), 'GET')).toBe(false);
  expect(again(answered(429, { 'retry-after': '3600' }), 'GET', undefined, retryPolicy({ maxRetryAfterMs: 3_600_000 }))).toBe(true);
});

test('full jitter: between nothing and a bound that doubles up to the cap', () => {
  expect([1, 2, 3, 8].map((attempt) => backoffMs(attempt, policy, () => 1))).toEqual([300, 600, 1200, 20_000]);
  expect(backoffMs(3, policy, () => 0)).toBe(0);
  expect(backoffMs(3, policy, () => 0.5)).toBe(600);
});
