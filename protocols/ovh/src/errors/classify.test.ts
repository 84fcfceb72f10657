import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ApiError, isApiError } from './api-error.ts';
import { type Answered, errorOf } from './classify.ts';
import { isOvhError, OvhError } from './errors.ts';
import * as refusals from './refusals.ts';
import { retryAfterOf } from './retry-after.ts';

const all = { ...refusals, ApiError };

function answered(status: number, body: unknown, headers: Record<string, string> = {}): Answered {
  const bodyText = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, bodyText, method: 'GET', path: '/x', url: 'https://eu.api.ovh.com/1.0/x', durationMs: 1, now: 0 };
}

const legacy = (status: number, errorCode: string, message = 'm') => ({ errorCode, httpCode: `${status} X`, message });
const current = (kind: string, message = 'm', details?: object) => ({ class: kind, message, ...(details ? { details } : {}) });

/** Spec 5.2, row by row: status, body, class, code, and bases of it. */
const table: [title: string, status: number, body: unknown, name: string, code: string, ...bases: string[]][] = [
  ['legacy', 400, legacy(400, 'INVALID_SIGNATURE'), 'InvalidSignatureError', 'OVH_INVALID_SIGNATURE', 'BadParametersError'],
  ['current', 400, current('Client::BadRequest', 'Invalid signature'), 'InvalidSignatureError', 'OVH_INVALID_SIGNATURE'],
  ['legacy', 400, legacy(400, 'QUERY_TIME_OUT'), 'QueryTimeOutError', 'OVH_QUERY_TIME_OUT', 'BadParametersError'],
  ['current', 400, current('Client::BadRequest', 'Query out of time'), 'QueryTimeOutError', 'OVH_QUERY_TIME_OUT'],
  ['any', 400, current('Client::BadRequest'), 'BadParametersError', 'OVH_BAD_PARAMETERS', 'ApiError'],
  ['any', 401, { message: 'You must login first' }, 'UnauthenticatedError', 'OVH_UNAUTHENTICATED'],
  ['legacy', 403, legacy(403, 'NOT_GRANTED_CALL'), 'NotGrantedCallError', 'OVH_NOT_GRANTED_CALL', 'ForbiddenError'],
  ['current', 403, current('Client::Forbidden', 'This call has not been granted'), 'NotGrantedCallError', 'OVH_NOT_GRANTED_CALL'],
  ['legacy', 403, legacy(403, 'NOT_CREDENTIAL'), 'NotCredentialError', 'OVH_NOT_CREDENTIAL', 'ForbiddenError'],
  ['current', 403, current('Client::Forbidden', 'This credential does not exist'), 'NotCredentialError', 'OVH_NOT_CREDENTIAL'],
  ['legacy', 403, legacy(403, 'INVALID_CREDENTIAL'), 'InvalidCredentialError', 'OVH_INVALID_CREDENTIAL', 'ForbiddenError'],
  ['current', 403, current('Client::Forbidden', 'This credential is not valid'), 'InvalidCredentialError', 'OVH_INVALID_CREDENTIAL'],
  ['legacy', 403, legacy(403, 'INVALID_KEY'), 'InvalidKeyError', 'OVH_INVALID_KEY', 'ForbiddenError'],
  ['current', 403, current('Client::Forbidden', 'This application key is invalid'), 'InvalidKeyError', 'OVH_INVALID_KEY'],
  ['current', 403, current('Client::Forbidden', 'Invalid application key'), 'InvalidKeyError', 'OVH_INVALID_KEY'],
  ['words', 403, current('Client::Forbidden', 'User not granted for this request'), 'IamDeniedError', 'OVH_IAM_DENIED', 'ForbiddenError'],
  ['busy', 403, current('Client::Forbidden::Busy', 'wait'), 'BusyError', 'OVH_BUSY', 'ForbiddenError'],
  ['legacy', 403, legacy(403, 'FORBIDDEN'), 'ForbiddenError', 'OVH_FORBIDDEN', 'ApiError'],
  ['any', 403, current('Client::Forbidden'), 'ForbiddenError', 'OVH_FORBIDDEN'],
  ['route', 404, { message: 'Got an invalid (or empty) URL' }, 'RouteNotFoundError', 'OVH_ROUTE_NOT_FOUND', 'ResourceNotFoundError'],
  ['any', 404, current('Client::NotFound::ServiceDoesNotExists'), 'ResourceNotFoundError', 'OVH_RESOURCE_NOT_FOUND'],
  ['any', 408, '', 'GatewayTimeoutError', 'OVH_GATEWAY_TIMEOUT'],
  ['any', 409, current('Client::Conflict'), 'ResourceConflictError', 'OVH_RESOURCE_CONFLICT'],
  ['any', 412, current('Client::PreconditionFailed'), 'PreconditionFailedError', 'OVH_PRECONDITION_FAILED'],
  ['any', 423, current('Client::Locked'), 'LockedError', 'OVH_LOCKED'],
  ['any', 429, {}, 'RateLimitError', 'OVH_RATE_LIMIT'],
  ['any', 460, { message: 'This service is expired' }, 'ResourceExpiredError', 'OVH_RESOURCE_EXPIRED'],
  ['any', 500, current('Server::InternalServerError'), 'ServerError', 'OVH_SERVER'],
  ['any', 501, current('Server::NotImplemented'), 'NotImplementedError', 'OVH_NOT_IMPLEMENTED', 'ServerError'],
  ['html', 502, '<html>', 'ServerUnavailableError', 'OVH_SERVER_UNAVAILABLE', 'ServerError'],
  ['html', 503, '<html>', 'ServerUnavailableError', 'OVH_SERVER_UNAVAILABLE'],
  ['html', 504, '<html>', 'GatewayTimeoutError', 'OVH_GATEWAY_TIMEOUT'],
  ['any', 507, '', 'ServerError', 'OVH_SERVER'],
  ['any', 306, '', 'UnexpectedRedirectError', 'OVH_UNEXPECTED_REDIRECT'],
  ['any', 418, {}, 'ApiError', 'OVH_API'],
];

const classes = all as unknown as Record<string, new (...args: never) => ApiError>;

for (const [title, status, body, name, code, ...bases] of table) {
  test(`P24: ${status} ${title} ${JSON.stringify(body)} is ${name}`, () => {
    const error = errorOf(answered(status, body));
    expect([error.name, error.code, error.status]).toEqual([name, code, status]);
    expect(error.constructor).toBe(classes[name]);
    for (const base of [...bases, 'ApiError']) expect(error).toBeInstanceOf(classes[base]);
    expect(isApiError(error) && isOvhError(error) && error instanceof OvhError).toBe(true);
  });
}

test('P24: errorCode goes before class, and class before the message', () => {
  expect(errorOf(answered(403, { ...legacy(403, 'NOT_CREDENTIAL'), class: 'Client::Forbidden::Busy' })).name).toBe('NotCredentialError');
  expect(errorOf(answered(403, current('Client::Forbidden::Busy', 'This credential is not valid'))).name).toBe('BusyError');
});

for (const body of [
  '[]',
  'null',
  '"x"',
  '0',
  '{"message":',
  '',
  '{"message":7,"class":[],"errorCode":{},"details":"no"}',
  '\u0000',
  '[['.repeat(5000),
]) {
  test(`X16 G14: a body ${JSON.stringify(body.slice(0, 60))} is kept as text, with its status`, () => {
    const error = errorOf(answered(403, body));
    expect(error).toBeInstanceOf(all.ForbiddenError);
    expect(error.bodyText).toBe(body);
    expect(error.status).toBe(403);
  });
}

test('X16: the union of both body styles gives all of both', () => {
  const error = errorOf(answered(403, { ...legacy(403, 'FORBIDDEN', 'no'), class: 'Client::Forbidden' }));
  expect(error).toMatchObject({ errorCode: 'FORBIDDEN', httpCode: '403 X', class: 'Client::Forbidden', text: 'no' });
});

test('X17: details with nested values are kept whole', () => {
  const details = { a: { b: [1, null] }, unauthorizedActionsByIAM: 7 };
  const error = errorOf(answered(403, current('Client::Forbidden', 'no', details)));
  expect(error.details).toEqual(details);
  expect(error.missingActions).toEqual([]);
});

test('G50: both lists of IAM actions are joined, in the fields and in the text', () => {
  const details = { unauthorizedActionsByAuthentication: 'vps:apiovh:get', unauthorizedActionsByIAM: 'vps:apiovh:reboot, vps:apiovh:get' };
  const error = errorOf(answered(403, current('Client::Forbidden', 'User not granted for this request', details)));
  expect(error).toBeInstanceOf(all.IamDeniedError);
  expect(error.missingActions).toEqual(['vps:apiovh:get', 'vps:apiovh:reboot']);
  expect(error.message).toContain('(missing IAM permissions: vps:apiovh:get, vps:apiovh:reboot)');
});

test('P21 G15 G50: the text has status, class, quoted message, call and query id', () => {
  const headers = { 'x-ovh-queryid': 'EU.ext-3.1', 'x-iplb-request-id': 'lb-1' };
  const error = errorOf(answered(404, current('Client::NotFound', 'no "x"'), headers));
  expect(error.message).toBe('OVHcloud API 404 Client::NotFound: "no \\"x\\"" [GET /x] (X-OVH-Query-Id: EU.ext-3.1)');
  expect(error).toMatchObject({ queryId: 'EU.ext-3.1', requestId: 'lb-1' });
});

test('G05 P30: an HTML page of a front end is the text', () => {
  expect(errorOf(answered(503, '<html>away</html>')).text).toBe('<html>away</html>');
});

test('an invalid signature comes with its usual causes', () => {
  expect(errorOf(answered(400, legacy(400, 'INVALID_SIGNATURE'))).message).toMatch(/secret is wrong.*another application.*rewrites.*type/s);
});

test('X23: what the API repeats of a secret is in no text of the error', () => {
  const error = errorOf(answered(400, { message: 'bad {"password":"canary-1"}' }));
  expect(error.message + error.text + inspect(error) + JSON.stringify(error)).not.toContain('canary-1');
});

test('X10: Retry-After in seconds, as a date, past, and as nonsense', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterOf({ 'retry-after': '7' }, now)).toBe(7000);
  expect(retryAfterOf({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, now)).toBe(9000);
  expect(retryAfterOf({ 'retry-after': 'Thu, 01 Jan 2015 00:00:09 GMT' }, now)).toBe(0);
  for (const text of ['-1', 'soon', '', '1e9', '9'.repeat(30)]) expect(retryAfterOf({ 'retry-after': text }, now)).toBe(undefined);
  expect(retryAfterOf({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3' }, now)).toBe(3000);
  expect(retryAfterOf({ 'ratelimit-remaining': '0', 'ratelimit-reset': String(now / 1000 + 4) }, now)).toBe(4000);
  expect(retryAfterOf({ 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '3' }, now)).toBe(undefined);
});

test('of a message of megabytes the beginning counts', () => {
  const long = '?a=b&,'.repeat(1_000_000);
  const error = errorOf(answered(403, current(long, long, { unauthorizedActionsByIAM: long })));
  expect(error.text.length).toBeLessThanOrEqual(4096);
  expect(error.message.length).toBeLessThan(10_000);
});
