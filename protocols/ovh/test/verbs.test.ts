import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { AccessRules, isOvhError } from '../src/index.ts';
import { failureOf, world } from './support/world.ts';

const VERBS = ['get', 'post', 'put', 'delete'] as const;
const bodyOf = (verb: (typeof VERBS)[number]) => (verb === 'post' || verb === 'put' ? { body: { a: 1 } } : {});

describe.each(VERBS)('%s', (verb) => {
  test('G06, G08: with identity it is signed, without it bears the application key alone', async () => {
    await using at = await world({}, { echo: true });
    await at.client.request(verb, '/echo', bodyOf(verb));
    await at.client.request(verb, '/echo', { auth: false, ...bodyOf(verb) }).catch(() => undefined);
    const [signed, plain] = at.fake.log.filter(({ target }) => target.endsWith('/echo'));
    expect(signed?.headers).toMatchObject({
      'x-ovh-signature': expect.stringMatching(/^\$1\$[0-9a-f]{40}$/),
      'x-ovh-consumer': at.fake.keys.consumerKey,
    });
    expect(plain?.headers).toMatchObject({ 'x-ovh-application': at.fake.keys.applicationKey });
    for (const name of ['x-ovh-signature', 'x-ovh-consumer', 'x-ovh-timestamp']) expect(plain?.headers).not.toHaveProperty(name);
  });

  test('G07, G09: its payload arrives, and its answer is decoded', async () => {
    await using at = await world({}, { echo: true });
    const answer = await at.client.request<Readonly<Record<string, unknown>>>(verb, '/echo', { query: { t: 'é' }, ...bodyOf(verb) });
    expect(answer).toBeTypeOf('object');
    const entry = at.fake.log.at(-1);
    expect(entry).toMatchObject({ method: verb.toUpperCase(), target: '/1.0/echo?t=%C3%A9' });
    expect(entry?.body ?? '').toBe(verb === 'post' || verb === 'put' ? '{"a":1}' : '');
  });

  test('G10, G11: a signal of the caller ends it with the caller’s reason', async () => {
    await using at = await world({}, { echo: true });
    const reason = new Error('no longer wanted');
    await expect(at.client.request(verb, '/echo', { signal: AbortSignal.abort(reason), ...bodyOf(verb) })).rejects.toBe(reason);
    expect(at.calls()).toEqual([]);
  });

  test('G12, G13: a time limit ends it, and its text says so', async () => {
    await using at = await world({ retry: false }, { echo: true });
    await at.client.time();
    at.fake.faults.next(`${verb.toUpperCase()} /echo`, { kind: 'hang' });
    const error = await failureOf(at.client.request(verb, '/echo', { timeout: 50, ...bodyOf(verb) }));
    expect(error).toMatchObject({ code: 'OVH_TIMEOUT' });
    expect(String(error)).toMatch(/50 ms/);
  });
});

test('P07: rules are asked for by the client that they are given to', async () => {
  await using at = await world();
  const rules = new AccessRules().readOnly('/vps');
  const other = at.another({ consumerKey: '', userAgent: 'other' });
  await other.credentials.request({ rules });
  const [entry] = at.fake.log.filter(({ target }) => target.endsWith('/auth/credential'));
  expect(entry?.headers['user-agent']).toContain('other');
});

test('N33: clients of several endpoints each ask the time of their own', async () => {
  await using here = await world({}, { clockSkew: 0 });
  await using there = await world({}, { clockSkew: 3600 });
  const [first, second] = [await here.client.time(), await there.client.time()];
  expect(second - first).toBeGreaterThan(3500);
  expect(await there.client.timeDelta()).toBeGreaterThan(3500);
  expect(Math.abs(await here.client.timeDelta())).toBeLessThan(60);
});

test('G48: what became of a validation is told in words', async () => {
  await using at = await world();
  const client = at.another({ consumerKey: '' });
  const { consumerKey } = await client.credentials.request({ rules: new AccessRules().readOnly('/me') });
  const waiting = failureOf(client.credentials.waitUntilValidated());
  await until(() => at.fake.log.some(({ target }) => target.endsWith('/auth/currentCredential')));
  at.fake.decide(consumerKey, 'refuse');
  const error = await waiting;
  expect(isOvhError(error)).toBe(true);
  expect(String(error)).toContain('refused');
  expect(String(error)).not.toContain(consumerKey);
});
