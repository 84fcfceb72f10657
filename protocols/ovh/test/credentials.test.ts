import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { AccessRules, InvalidCallError, NotCredentialError, saveConfig, TimeoutError, WaitFailedError } from '../src/index.ts';
import { clientOf, failureOf, smallServer, TestClock, world } from './support/world.ts';

const RULES = new AccessRules().allow('GET', '/me').allowRecursive(['GET', 'POST'], '/sms');

test('P06 P52 G45 N22: a request is unsigned, has the rules and what is given, and loads the key', async () => {
  await using at = await world();
  const client = at.another({ consumerKey: '' });
  const kept: string[] = [];
  const answer = await client.credentials.request({
    rules: RULES,
    redirection: 'https://here.example/done',
    allowedIPs: ['127.0.0.1/32', '2001:db8::/64'],
    store: (key) => void kept.push(key),
  });
  expect(answer).toMatchObject({ state: 'pendingValidation', validationUrl: expect.stringContaining('credentialToken=') });
  const [entry] = at.fake.log;
  expect(entry).toMatchObject({ method: 'POST', target: '/1.0/auth/credential' });
  expect(entry?.headers['x-ovh-signature']).toBe(undefined);
  expect(JSON.parse(entry?.body ?? '')).toEqual({
    accessRules: RULES.list(),
    redirection: 'https://here.example/done',
    allowedIPs: ['127.0.0.1/32', '2001:db8::/64'],
  });
  expect(kept).toEqual([answer.consumerKey]);
  at.fake.decide(answer.consumerKey, 'validate');
  expect(await client.get('/me')).toHaveProperty('nichandle');
});

test('row 41: a key is kept in a file, from which the next client has it', async () => {
  await using at = await world();
  await using folder = await tempDir('ovh-store-');
  const file = join(folder.path, 'ovh.conf');
  const store = (key: string) => saveConfig(file, at.fake.apiUrl, { consumer_key: key });
  const { consumerKey } = await at.client.credentials.request({ rules: RULES, store });
  at.fake.decide(consumerKey, 'validate');
  expect(await readFile(file, 'utf8')).toContain(consumerKey);
  const next = at.another({ consumerKey: '', configFile: file });
  expect(await next.credentials.current()).toMatchObject({ rules: RULES.list() });
});

test('P06: optionals that are not given are not in the body; a list of rules is taken too', async () => {
  await using at = await world();
  await at.client.credentials.request({ rules: [{ method: 'GET', path: '/me' }], use: false });
  expect(at.fake.log[0]?.body).toBe('{"accessRules":[{"method":"GET","path":"/me"}]}');
});

test('row 35: `use: false` leaves the client with the key it has', async () => {
  await using at = await world();
  await at.client.credentials.request({ rules: RULES, use: false });
  expect(await at.client.get('/me')).toHaveProperty('nichandle');
});

test('G46: an application that does not exist is refused, and the client keeps its key', async () => {
  await using at = await world();
  const client = at.another({ applicationKey: 'x'.repeat(16) });
  expect(await failureOf(client.credentials.request({ rules: RULES }))).toMatchObject({ code: 'OVH_INVALID_KEY', status: 403 });
  expect(await failureOf(client.get('/me'))).toMatchObject({ code: 'OVH_INVALID_KEY' });
});

test('G45: an answer without a key is an error and loads nothing', async () => {
  await using server = await smallServer((response) => response.end('{"state":"pendingValidation"}'));
  using client = clientOf(server, { consumerKey: '' });
  expect(await failureOf(client.credentials.request({ rules: RULES }))).toBeInstanceOf(WaitFailedError);
  expect(await failureOf(client.get('/me'))).toMatchObject({ code: 'OVH_MISSING_CONSUMER_KEY' });
});

test('row 38 X40: no rule, and an address that is none, are refused before anything is sent', async () => {
  await using at = await world();
  for (const request of [{ rules: [] }, { rules: RULES, allowedIPs: ['10.0.0.0/33'] }, { rules: [{ method: 'GET', path: '/a b' }] }]) {
    expect(await failureOf(at.client.credentials.request(request))).toBeInstanceOf(InvalidCallError);
  }
  expect(at.fake.log).toEqual([]);
});

for (const pendingMayAsk of [true, false]) {
  test(`X34: validated after a while, where a pending key ${pendingMayAsk ? 'may' : 'may not'} be asked about`, async () => {
    await using at = await world({}, { pendingMayAsk });
    let asked = 0;
    // Somebody agrees when it was asked about twice.
    const afterResponse = ({ url }: { url: string }) => {
      if (url.endsWith('/auth/currentCredential')) asked += 1;
      if (asked === 2) at.fake.decide(consumerKey, 'validate');
    };
    const client = at.another({ consumerKey: '', hooks: { afterResponse } });
    const { consumerKey } = await client.credentials.request({ rules: RULES });
    const waiting = client.credentials.waitUntilValidated();
    expect(await waiting).toMatchObject({ status: 'validated', rules: RULES.list() });
    expect(at.slept).toEqual([2000, 2000]);
    expect(asked).toBe(3);
  });
}

for (const decision of ['refuse', 'expire'] as const) {
  test(`X34: ${decision} ends the wait with an error of that state`, async () => {
    await using server = await smallServer((response) =>
      response.end(JSON.stringify({ status: decision === 'refuse' ? 'refused' : 'expired' })),
    );
    using client = clientOf(server);
    const error = await failureOf(client.credentials.waitUntilValidated());
    expect(error).toBeInstanceOf(WaitFailedError);
    expect(error).toMatchObject({ state: decision === 'refuse' ? 'refused' : 'expired' });
  });
}

test('X34: a key that could be read while it was pending, and is not valid any more, was refused', async () => {
  await using at = await world();
  const afterResponse = ({ url }: { url: string }) => {
    if (url.endsWith('/auth/currentCredential') && at.slept.length === 0) at.fake.decide(consumerKey, 'refuse');
  };
  const client = at.another({ consumerKey: '', hooks: { afterResponse } });
  const { consumerKey } = await client.credentials.request({ rules: RULES });
  expect(await failureOf(client.credentials.waitUntilValidated())).toMatchObject({ code: 'OVH_WAIT_FAILED', state: 'refused' });
  expect(at.slept).toEqual([2000]);
});

test('X34: nobody opens the page: a timeout of phase wait, after ten minutes and not before', async () => {
  const clock = new TestClock();
  await using server = await smallServer((response) => response.end('{"status":"pendingValidation"}'));
  using client = clientOf(server, { clock });
  const error = await failureOf(client.credentials.waitUntilValidated());
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ phase: 'wait' });
  expect(clock.steady).toBeGreaterThanOrEqual(600_000);
  expect(clock.steady).toBeLessThan(603_000);
});

test('X34: a key that does not exist ends the wait at once, and so does an abort', async () => {
  await using at = await world();
  expect(await failureOf(at.another({ consumerKey: 'x'.repeat(32) }).credentials.waitUntilValidated())).toBeInstanceOf(NotCredentialError);
  const abort = new AbortController();
  abort.abort(new Error('enough'));
  expect(await failureOf(at.client.credentials.waitUntilValidated({ signal: abort.signal }))).toMatchObject({ message: 'enough' });
});

test('X35: the missing rule is named, for a path and for a route', async () => {
  await using at = await world();
  const key = at.fake.issue({
    rules: [
      { method: 'GET', path: '/vps' },
      { method: 'GET', path: '/sms/*' },
    ],
  });
  const { credentials } = at.another({ consumerKey: key.consumerKey });
  expect(await credentials.explainDenied('get', '/vps')).toMatchObject({ allowed: true, missing: undefined });
  expect(await credentials.explainDenied('GET', '/1.0/sms/a/jobs?x=1')).toMatchObject({ allowed: true });
  const denied = await credentials.explainDenied('POST', '/sms/{serviceName}/jobs');
  expect(denied).toMatchObject({ allowed: false, missing: { method: 'POST', path: '/sms/*/jobs' } });
  expect(denied.text).toContain('covered for GET only');
  expect((await credentials.explainDenied('GET', 'me')).missing).toEqual({ method: 'GET', path: '/me' });
  expect((await credentials.explainDenied('GET', '/v2/iam/policy')).missing).toEqual({ method: 'GET', path: '/v2/iam/policy' });
});

test('row 26 of section 12: credentials and applications of the account', async () => {
  await using at = await world();
  const other = at.fake.issue({ rules: [{ method: 'GET', path: '/me' }] });
  const ids = await at.client.credentials.list({ status: 'validated' });
  expect(ids).toContain(other.credentialId);
  expect((await at.client.credentials.get(other.credentialId)).rules).toEqual([{ method: 'GET', path: '/me' }]);
  await at.client.credentials.update(other.credentialId, { allowedIPs: ['192.0.2.1/32'] });
  expect((await at.client.credentials.get(other.credentialId)).allowedIPs).toEqual(['192.0.2.1/32']);
  await at.client.credentials.revoke(other.credentialId);
  expect(await at.client.credentials.list({ status: 'validated' })).not.toContain(other.credentialId);
  const [applicationId = 0] = await at.client.applications.list();
  expect((await at.client.applications.get(applicationId)).applicationKey).toBe(at.fake.keys.applicationKey);
});

test('deleting an application ends its keys', async () => {
  await using at = await world();
  const [applicationId = 0] = await at.client.applications.list();
  await at.client.applications.delete(applicationId);
  expect(await failureOf(at.client.get('/me'))).toMatchObject({ status: 403 });
});

test('a task of v1 and a resource of v2 are waited for', async () => {
  const states = ['init', 'doing', 'done', 'UPDATING', 'READY', 'ERROR', 'ovhError'];
  await using server = await smallServer((response, { target }) => {
    const state = states.shift();
    response.end(JSON.stringify(target.includes('/v2/') ? { resourceStatus: state } : { status: state }));
  });
  const clock = new TestClock();
  using client = clientOf(server, { clock });
  const task = '/dedicated/server/{s}/task/{id}';
  expect(await client.waitForTask(task, { path: { s: 'ns1', id: 7 } })).toEqual({ status: 'done' });
  expect(await client.waitForResource('/v2/x')).toEqual({ resourceStatus: 'READY' });
  expect(clock.slept).toEqual([5000, 5000, 5000]);
  expect(await failureOf(client.waitForResource('/v2/x'))).toMatchObject({ code: 'OVH_WAIT_FAILED', state: 'ERROR' });
  expect(await failureOf(client.waitForTask(task, { path: { s: 'ns1', id: 7 } }))).toMatchObject({ state: 'ovhError' });
});
