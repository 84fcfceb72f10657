import { createHmac } from 'node:crypto';
import { ManualClock } from '@fairlead/kernel/clock';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { TOKEN_ISSUERS, tokenIssuer } from './issuers.ts';
import { TokenVerifier, tokenFits } from './verifier.ts';

const APP = 'acme.fairlead';
const ENDPOINT = `cti.a.p.acgw.endpoint.v1.0~${APP}.endpoint.v1.0`;
const OTHER = 'cti.a.p.acgw.endpoint.v1.0~other.app.endpoint.v1.0';
const [NEW = tokenIssuer('', ''), OLD = tokenIssuer('', '')] = TOKEN_ISSUERS;
const HOUR = 3_600_000;

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
let first: KeyPair;
let second: KeyPair;

beforeAll(async () => {
  [first, second] = await Promise.all([generateKeyPair('RS256', { extractable: true }), generateKeyPair('RS256', { extractable: true })]);
});

/** A verifier, its clock, and a key service that is told what it has. */
async function scene() {
  const clock = new ManualClock(Date.UTC(2026, 2, 2));
  const listed: Record<string, KeyPair> = { k1: first };
  const fetched: string[] = [];
  const service = { down: false, answer: undefined as unknown };
  const fetchKeys = async (url: string): Promise<unknown> => {
    fetched.push(url);
    if (service.down) throw new Error('down');
    if (service.answer !== undefined) return service.answer;
    const keys = Object.entries(listed).map(async ([kid, pair]) => ({
      ...(await exportJWK(pair.publicKey)),
      kid,
      use: 'sig',
      alg: 'RS256',
    }));
    return { keys: await Promise.all(keys) };
  };
  return { clock, listed, fetched, service, verifier: new TokenVerifier({ fetchKeys, clock }) };
}

interface Made {
  readonly key?: KeyPair;
  readonly kid?: string;
  readonly claims?: JWTPayload;
}

/** A token as Acronis makes them, valid for an hour. */
function made(clock: ManualClock, { key = first, kid = 'k1', claims = {} }: Made = {}): Promise<string> {
  const now = Math.floor(clock.now() / 1000);
  const all: JWTPayload = {
    iss: NEW.issuer,
    aud: 'acronis.cloud',
    sub: 'acgw',
    jti: 'j1',
    iat: now,
    exp: now + 3600,
    scope: [{ role: ENDPOINT }],
    sub_type: 'platform-acgw',
    ver: 2,
    ...claims,
  };
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid, iri: 'x' }).sign(key.privateKey);
}

const bearer = (token: string): string => `Bearer ${token}`;
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('cyberapp 9.29: a good token is one, and says what it is for', async () => {
  const { verifier, clock } = await scene();
  expect(await verifier.verify(bearer(await made(clock)))).toEqual({
    ok: true,
    token: { issuer: NEW.issuer, roles: [ENDPOINT], subject: 'acgw', id: 'j1', expiresAt: clock.now() + HOUR },
  });
  expect(await verifier.verify((await made(clock)).replace(/^/, 'bearer '))).toMatchObject({ ok: true });
});

test.each([
  [undefined, 'missing'],
  ['', 'missing'],
  ['Basic cm9vdDpwdw==', 'scheme'],
  ['Bearer', 'malformed'],
  ['Bearer ', 'malformed'],
  ['Bearer a.b', 'malformed'],
  ['Bearer a.b.c', 'malformed'],
  ['Bearer a.b.c d', 'malformed'],
  ['Bearer a,b.c.d', 'malformed'],
])('cyberapp 9.28: %j is refused', async (header, problem) => {
  const { verifier, fetched } = await scene();
  expect(await verifier.verify(header)).toEqual({ ok: false, problem });
  expect(fetched).toEqual([]);
});

test('cyberapp 9.30: a token with one byte changed is refused', async () => {
  const { verifier, clock } = await scene();
  const token = await made(clock);
  const [header = '', payload = '', signature = ''] = token.split('.');
  const changed = (text: string): string => (text.at(5) === 'A' ? 'B' : 'A') + text.slice(6);
  expect(await verifier.verify(bearer(`${header}.${payload}.${signature.slice(0, 5)}${changed(signature)}`))).toEqual({
    ok: false,
    problem: 'signature',
  });
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  expect(await verifier.verify(bearer(`${header}.${encoded({ ...claims, jti: 'j2' })}.${signature}`))).toEqual({
    ok: false,
    problem: 'signature',
  });
});

test('cyberapp 9.31: no algorithm, and one of shared secrets keyed with the public key, are refused', async () => {
  const { verifier, clock, fetched } = await scene();
  const payload = (await made(clock)).split('.')[1];
  const none = `${encoded({ alg: 'none', kid: 'k1' })}.${payload}`;
  expect(await verifier.verify(bearer(`${none}.`))).toMatchObject({ ok: false });
  expect(await verifier.verify(bearer(`${none}.AAAA`))).toEqual({ ok: false, problem: 'algorithm' });
  const hmac = `${encoded({ alg: 'HS256', kid: 'k1' })}.${payload}`;
  const secret = await exportSPKI(first.publicKey);
  const signature = createHmac('sha256', secret).update(hmac).digest('base64url');
  expect(await verifier.verify(bearer(`${hmac}.${signature}`))).toEqual({ ok: false, problem: 'algorithm' });
  expect(fetched).toEqual([]);
});

test('cyberapp 9.32: an unknown key is looked for once, and not again within a minute', async () => {
  const { verifier, clock, fetched } = await scene();
  await verifier.verify(bearer(await made(clock)));
  const unknown = bearer(await made(clock, { key: second, kid: 'k9' }));
  expect(await verifier.verify(unknown)).toEqual({ ok: false, problem: 'key' });
  expect(fetched).toHaveLength(2);
  clock.advance(59_000);
  expect(await verifier.verify(unknown)).toEqual({ ok: false, problem: 'key' });
  expect(fetched).toHaveLength(2);
  clock.advance(2000);
  await Promise.all([verifier.verify(unknown), verifier.verify(unknown)]);
  expect(fetched).toHaveLength(3);
});

test('cyberapp 9.32: an unknown key that finds the cache empty costs one fetch, not two', async () => {
  const { verifier, clock, fetched } = await scene();
  expect(await verifier.verify(bearer(await made(clock, { key: second, kid: 'k9' })))).toEqual({ ok: false, problem: 'key' });
  expect(fetched).toHaveLength(1);
});

test('cyberapp 9.33: a new key is fetched when a token names it, and one that was taken away counts no more', async () => {
  const { verifier, clock, listed, fetched } = await scene();
  const old = bearer(await made(clock));
  await verifier.verify(old);
  listed.k2 = second;
  delete listed.k1;
  expect(await verifier.verify(bearer(await made(clock, { key: second, kid: 'k2' })))).toMatchObject({ ok: true });
  expect(fetched).toHaveLength(2);
  expect(await verifier.verify(old)).toEqual({ ok: false, problem: 'key' });
});

test('cyberapp 9.34: another issuer is refused and never asked; both of Acronis have their own keys', async () => {
  const { verifier, clock, fetched } = await scene();
  for (const iss of ['https://evil.example', 'https://acronis.cloud/', 'http://acronis.cloud', 'https://acronis.cloud@evil.example']) {
    expect(await verifier.verify(bearer(await made(clock, { claims: { iss } })))).toEqual({ ok: false, problem: 'issuer' });
  }
  expect(await verifier.verify(bearer(await made(clock, { claims: { iss: undefined as never } })))).toEqual({
    ok: false,
    problem: 'malformed',
  });
  expect(fetched).toEqual([]);
  expect(await verifier.verify(bearer(await made(clock)))).toMatchObject({ ok: true });
  expect(await verifier.verify(bearer(await made(clock, { claims: { iss: OLD.issuer, aud: 'cloud.acronis.com' } })))).toMatchObject({
    ok: true,
  });
  expect(fetched).toEqual(['https://acronis.cloud/api/idp/v1/keys', 'https://cloud.acronis.com/api/idp/v1/keys']);
});

describe('cyberapp 9.35: times', () => {
  const verdict = async (claims: (now: number) => JWTPayload) => {
    const { verifier, clock } = await scene();
    return verifier.verify(bearer(await made(clock, { claims: claims(Math.floor(clock.now() / 1000)) })));
  };

  test('an end 61 s ago is one, 59 s ago is none yet, and there must be one', async () => {
    expect(await verdict((now) => ({ exp: now - 61 }))).toEqual({ ok: false, problem: 'expired' });
    expect(await verdict((now) => ({ exp: now - 59 }))).toMatchObject({ ok: true });
    expect(await verdict(() => ({ exp: undefined as never }))).toEqual({ ok: false, problem: 'malformed' });
  });

  test('a token of the future is refused beyond 5 minutes', async () => {
    expect(await verdict((now) => ({ iat: now + 360 }))).toEqual({ ok: false, problem: 'issued_later' });
    expect(await verdict((now) => ({ iat: now + 240 }))).toMatchObject({ ok: true });
  });

  test('an audience must be that of the issuer, when there is one', async () => {
    expect(await verdict(() => ({ aud: 'cloud.acronis.com' }))).toEqual({ ok: false, problem: 'audience' });
    expect(await verdict(() => ({ aud: ['x', 'acronis.cloud'] }))).toMatchObject({ ok: true });
    expect(await verdict(() => ({ aud: undefined as never }))).toMatchObject({ ok: true });
  });
});

describe('scope', () => {
  const rolesOf = async (scope: unknown): Promise<boolean> => {
    const { verifier, clock } = await scene();
    const verdict = await verifier.verify(bearer(await made(clock, { claims: { scope } })));
    return verdict.ok && tokenFits(verdict.token, ENDPOINT, APP);
  };

  test('cyberapp 9.36: one role must be the endpoint of the body', async () => {
    expect(await rolesOf([{ role: OTHER }])).toBe(false);
    expect(await rolesOf([{ role: OTHER }, { role: ENDPOINT }])).toBe(true);
    for (const scope of [undefined, ENDPOINT, { role: ENDPOINT }, [ENDPOINT], [null], []]) expect(await rolesOf(scope)).toBe(false);
  });

  test('cyberapp 9.37: an endpoint of another app is refused though it was signed', async () => {
    const token = { issuer: NEW.issuer, roles: [OTHER], subject: undefined, id: undefined, expiresAt: 0 };
    expect(tokenFits(token, ENDPOINT, APP)).toBe(false);
    expect(tokenFits(token, OTHER, APP)).toBe(false);
    expect(tokenFits(token, OTHER, 'other.app')).toBe(true);
  });
});

describe('cyberapp 9.38: the key service is down', () => {
  test('from the beginning: nothing is said about the token, and the service is left alone for a moment', async () => {
    const { verifier, clock, service, fetched } = await scene();
    service.down = true;
    const token = bearer(await made(clock));
    expect(await verifier.verify(token)).toEqual({ ok: false, problem: 'keys_unavailable', retryAfterS: 5 });
    await verifier.verify(token);
    expect(fetched).toHaveLength(1);
    expect(await verifier.warm()).toBe(false);
    expect(verifier.keyAgeMs).toBeUndefined();
    service.down = false;
    clock.advance(5000);
    expect(await verifier.verify(token)).toMatchObject({ ok: true });
  });

  test('later: the known keys serve for 72 hours', async () => {
    const { verifier, clock, service } = await scene();
    expect(await verifier.warm()).toBe(true);
    service.down = true;
    clock.advance(72 * HOUR - 1);
    expect(await verifier.verify(bearer(await made(clock)))).toMatchObject({ ok: true });
    clock.advance(1);
    expect(await verifier.verify(bearer(await made(clock)))).toMatchObject({ problem: 'keys_unavailable' });
  });

  test.each([
    [{}],
    [{ keys: 'x' }],
    [{ keys: [] }],
    [{ keys: [{ kty: 'oct', kid: 'k1', k: 'AAAA' }] }],
    [[1]],
    [{ keys: Array(65).fill({}) }],
  ])('it answers %j, which is as if it were down', async (answer) => {
    const { verifier, clock, service } = await scene();
    service.answer = answer;
    expect(await verifier.verify(bearer(await made(clock)))).toMatchObject({ problem: 'keys_unavailable' });
  });
});

test('keys are refreshed in the background after 12 hours, and waited for after 24', async () => {
  const { verifier, clock, fetched, service } = await scene();
  await verifier.warm();
  clock.advance(12 * HOUR - 1);
  await verifier.verify(bearer(await made(clock)));
  expect(fetched).toHaveLength(2);
  clock.advance(1);
  expect(await verifier.verify(bearer(await made(clock)))).toMatchObject({ ok: true });
  await expect.poll(() => fetched.length).toBe(3);
  await expect.poll(() => verifier.keyAgeMs).toBe(0);
  clock.advance(24 * HOUR);
  service.answer = { keys: [{ ...(await exportJWK(second.publicKey)), kid: 'k1' }] };
  expect(await verifier.verify(bearer(await made(clock)))).toEqual({ ok: false, problem: 'signature' });
});

test('keys for other uses verify nothing', async () => {
  const { verifier, clock, service } = await scene();
  const jwk = await exportJWK(first.publicKey);
  const good = { ...(await exportJWK(second.publicKey)), kid: 'k2' };
  service.answer = { keys: [{ ...jwk, kid: 'k1', use: 'enc' }, { ...jwk, kid: 'k1', alg: 'PS256' }, { ...jwk }, 5, good] };
  expect(await verifier.verify(bearer(await made(clock)))).toEqual({ ok: false, problem: 'key' });
  expect(await verifier.verify(bearer(await made(clock, { key: second, kid: 'k2' })))).toMatchObject({ ok: true });
});

test('cyberapp 9.41: a token of 9 KiB is refused without being looked at', async () => {
  const { verifier, clock, fetched } = await scene();
  const long = await made(clock, { claims: { more: 'x'.repeat(7000) } });
  expect(long.length).toBeGreaterThan(9 * 1024);
  expect(await verifier.verify(bearer(long))).toEqual({ ok: false, problem: 'too_long' });
  expect(fetched).toEqual([]);
});

test('issuers of one’s own replace those of Acronis', async () => {
  const { clock } = await scene();
  const issuers = [tokenIssuer('https://127.0.0.1:4433', 'https://127.0.0.1:4433/api/idp/v1/keys')];
  const fetchKeys = async () => ({ keys: [{ ...(await exportJWK(first.publicKey)), kid: 'k1' }] });
  using verifier = new TokenVerifier({ fetchKeys, clock, issuers });
  expect(
    await verifier.verify(bearer(await made(clock, { claims: { iss: 'https://127.0.0.1:4433', aud: '127.0.0.1:4433' } }))),
  ).toMatchObject({ ok: true });
  expect(await verifier.verify(bearer(await made(clock)))).toEqual({ ok: false, problem: 'issuer' });
});
