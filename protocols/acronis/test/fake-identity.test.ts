import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { endpointCti } from '../src/codec/index.ts';
import type { BadToken } from '../src/fake/index.ts';
import { type TokenProblem, TokenVerifier, tokenFits, tokenIssuer } from '../src/index.ts';
import { APP, ask, BareClient, CUSTOMER, SECRET, startFake, tokenRequest } from './support/fake-world.ts';

const ENDPOINT = endpointCti(APP);
const DAY = 24 * 3_600_000;

test('a token is given for the right secret, at both paths, by header or body', async () => {
  await using fake = await startFake();
  const now = Math.floor(fake.clock.now() / 1000);
  const got = await ask(`${fake.url()}/bc/idp/token`, tokenRequest());
  expect(got.status).toBe(200);
  const { access_token, token_type, expires_on, id_token, ...others } = got.json as Record<string, string | number>;
  expect([typeof access_token, token_type, typeof id_token, others]).toEqual(['string', 'bearer', 'string', {}]);
  expect(Number(expires_on) - now).toBeGreaterThanOrEqual(7200);
  expect(Number(expires_on) - now).toBeLessThan(7260);
  const inBody = `grant_type=client_credentials&client_id=6f0c2a53-9d5b-4f43-8f7e-0d9b0a3f1c77&client_secret=${encodeURIComponent(SECRET)}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await ask(`${fake.url()}/api/2/idp/token`, { method: 'POST', headers, body: inBody })).status).toBe(200);
});

test('a wrong secret is 401, another grant 400', async () => {
  await using fake = await startFake();
  const wrong = await ask(`${fake.url()}/bc/idp/token`, tokenRequest({ secret: 'guessed' }));
  expect([wrong.status, wrong.json]).toEqual([401, { error: 'access_denied', error_description: expect.any(String) }]);
  const grant = await ask(`${fake.url()}/bc/idp/token`, tokenRequest({ body: 'grant_type=password' }));
  expect([grant.status, grant.json]).toEqual([400, { error: 'invalid_request', error_description: expect.any(String) }]);
  const json = await ask(`${fake.url()}/bc/idp/token`, { ...tokenRequest(), headers: { 'content-type': 'application/json' } });
  expect(json.status).toBe(400);
});

test('a token is over after two hours, when it is revoked, and in another data center', async () => {
  await using fake = await startFake({ datacenters: ['eu8', 'us5'] });
  const client = await BareClient.of(fake);
  expect((await client.alerts('GET')).status).toBe(200);
  const elsewhere = await ask(`${fake.url('us5')}/api/alert_manager/v1/alerts`, { headers: { authorization: `Bearer ${client.token}` } });
  expect([elsewhere.status, elsewhere.headers.get('content-type')]).toEqual([401, 'text/plain; charset=utf-8']);
  expect(elsewhere.text).toContain('<html>');
  fake.clock.advance(7_201_000);
  expect((await client.alerts('GET')).status).toBe(401);
  const next = await BareClient.of(fake);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await ask(`${fake.url()}/api/2/idp/revoke_token`, { method: 'POST', headers, body: `token=${next.token}` });
  expect((await next.alerts('GET')).status).toBe(401);
  const last = await BareClient.of(fake);
  fake.revokeTokens();
  expect((await last.alerts('GET')).status).toBe(401);
});

test('a new secret kills the old one at once', async () => {
  await using fake = await startFake();
  fake.app(APP).clientSecret = 'brand new';
  expect((await ask(`${fake.url()}/bc/idp/token`, tokenRequest())).status).toBe(401);
  expect((await ask(`${fake.url()}/bc/idp/token`, tokenRequest({ secret: 'brand new' }))).status).toBe(200);
});

test('keys: the current and the previous one, new after a day, and what is signed fits them', async () => {
  await using fake = await startFake({ clock: new ManualClock() });
  const kids = async () => ((await ask(fake.keysUrl)).json as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  const [first, ...none] = await kids();
  expect(none).toEqual([]);
  const token = await fake.signer.token(ENDPOINT);
  const [head = '', payload = '', signature = ''] = token.split('.');
  const { keys } = (await ask(fake.keysUrl)).json as { keys: (JsonWebKey & Record<string, string>)[] };
  expect(keys[0]).toMatchObject({ use: 'sig', kty: 'RSA', alg: 'RS256', kid: first });
  const key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' });
  expect(verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT', kid: first, iri: 'idp' });
  fake.clock.advance(DAY);
  const [second, previous] = await kids();
  expect(previous).toBe(first);
  expect(second).not.toBe(first);
  fake.clock.advance(2 * DAY);
  expect(await kids()).not.toContain(second);
});

const REASONS: Readonly<Record<BadToken, TokenProblem>> = {
  expired: 'expired',
  'not-yet': 'issued_later',
  corrupted: 'signature',
  'unknown-key': 'key',
  'unpublished-key': 'signature',
  'other-issuer': 'issuer',
  'other-audience': 'audience',
  'no-kid': 'malformed',
  'no-exp': 'malformed',
  hs256: 'algorithm',
  none: 'malformed',
};

test('the verifier takes good tokens, and each bad one is bad for the reason that it was made for', async () => {
  await using fake = await startFake();
  const fetchKeys = async (url: string): Promise<unknown> => (await ask(url)).json;
  using verifier = new TokenVerifier({ fetchKeys, clock: new ManualClock(Date.now()), issuers: [tokenIssuer(fake.issuer, fake.keysUrl)] });
  const good = await verifier.verify(`Bearer ${await fake.signer.token(ENDPOINT)}`);
  expect(good.ok && tokenFits(good.token, ENDPOINT, APP)).toBe(true);
  const other = await verifier.verify(`Bearer ${await fake.signer.token(endpointCti('other.app'))}`);
  expect(other.ok && tokenFits(other.token, ENDPOINT, APP)).toBe(false);
  const found = await Promise.all(
    (Object.keys(REASONS) as BadToken[]).map(async (bad) => {
      const verdict = await verifier.verify(`Bearer ${await fake.signer.token(ENDPOINT, { bad })}`);
      return [bad, verdict.ok ? 'ok' : verdict.problem];
    }),
  );
  expect(Object.fromEntries(found)).toEqual(REASONS);
});

test('a fake without any app publishes keys all the same', async () => {
  await using fake = await startFake({ apps: [] });
  expect((await ask(fake.keysUrl)).status).toBe(200);
  expect((await ask(`${fake.url()}/bc/idp/token`, tokenRequest())).status).toBe(401);
});

test('a request that is meant for nobody is 404 and written down', async () => {
  await using fake = await startFake();
  expect((await ask(`${fake.url()}/api/nothing?tenant=${CUSTOMER}`)).status).toBe(404);
  expect(fake.requests.unexpected).toEqual([`GET /api/nothing?tenant=${CUSTOMER}`]);
  expect(() => fake.requests.expectNothingUnexpected()).toThrow('nobody answers');
});
