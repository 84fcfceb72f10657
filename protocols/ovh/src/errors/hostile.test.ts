import { fuzz, hostileText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proxyFor } from '../transport/proxy.ts';
import { ApiError } from './api-error.ts';
import { errorOf } from './classify.ts';
import { retryAfterOf } from './retry-after.ts';

const words = [
  '{"class":"Client::Forbidden"',
  '"message":',
  '"details":{"unauthorizedActionsByIAM":',
  '"errorCode":"INVALID_KEY"',
  '{',
  '}',
  '[',
  '"',
  ',',
  'null',
];

test('any body of any status is an ApiError with that status', async () => {
  const answers = fc.record({ status: fc.integer({ min: 100, max: 999 }), bodyText: hostileText({ words }), queryId: hostileText() });
  await fuzz('ovh.errors', answers, ({ status, bodyText, queryId }) => {
    const headers = { 'x-ovh-queryid': queryId, 'retry-after': bodyText };
    const error = errorOf({ status, headers, bodyText, method: 'GET', path: '/x', url: 'https://h/x', durationMs: 1, now: 0 });
    expect(error).toBeInstanceOf(ApiError);
    expect(error.status).toBe(status);
    JSON.stringify(error);
  });
});

test('any Retry-After is a number of ms or nothing', async () => {
  await fuzz('ovh.retry-after', hostileText({ words: ['Thu, 01 Jan 2026 00:00:09 GMT', '7', '-', '.', 'e9'] }), (text) => {
    const ms = retryAfterOf({ 'retry-after': text }, 0);
    expect(ms === undefined || (Number.isFinite(ms) && ms >= 0)).toBe(true);
    return ms !== undefined;
  });
});

test('any proxy of the environment is a URL or a ConfigurationError, whatever NO_PROXY is', async () => {
  const hosts = ['http://', 'https://', '@', ':', '[::1]', 'p.example', '3128', '*', '.', ','];
  const environments = fc.record({ HTTPS_PROXY: hostileText({ words: hosts }), NO_PROXY: hostileText({ words: hosts }) });
  await fuzz('ovh.proxy', environments, (env) => {
    const url = refusedWith(/^OVH_CONFIGURATION$/, () => proxyFor(new URL('https://eu.api.ovh.com/1.0/me'), undefined, env));
    if (url !== undefined) expect(url.protocol).toMatch(/^https?:$/);
    return url !== undefined;
  });
});
