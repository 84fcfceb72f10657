import { ManualClock, systemClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { endpointCti } from '../src/codec/index.ts';
import { FakeAcronis, RemoteSigner } from '../src/fake/index.ts';
import { TokenVerifier, tokenFits, tokenIssuer } from '../src/index.ts';

const APP = 'acme.fairlead';

test('a driver in another process has its tokens signed with the keys that the fake publishes', async () => {
  await using fake = await FakeAcronis.start({ apps: [] });
  const issuers = [tokenIssuer(fake.issuer, fake.keysUrl)];
  const fetchKeys = async (url: string) => (await fetch(url)).json();
  using verifier = new TokenVerifier({ fetchKeys, clock: systemClock, issuers });
  const signer = new RemoteSigner(`${fake.url()}/`);
  const endpoint = endpointCti(APP);
  const good = await verifier.verify(`Bearer ${await signer.token(endpoint)}`);
  expect(good.ok && tokenFits(good.token, endpoint, APP)).toBe(true);
  expect(await verifier.verify(`Bearer ${await signer.token(endpoint, { bad: 'corrupted' })}`)).toEqual({
    ok: false,
    problem: 'signature',
  });
  const bare = await verifier.verify(`Bearer ${await signer.token(endpoint, { claims: { scope: undefined, sub: 'somebody' } })}`);
  expect(bare).toMatchObject({ ok: true, token: { roles: [], subject: 'somebody' } });
});

test('where no fake signs, that is said', async () => {
  await using fake = await FakeAcronis.start({ apps: [], clock: new ManualClock() });
  const url = fake.url();
  const page = await fetch(`${url}/_fake/token`, {
    method: 'POST',
    headers: { origin: 'https://example.com' },
    body: '{"endpointId":"x"}',
  });
  expect(page.status).toBe(404);
  const none = await fetch(`${url}/_fake/token`, { method: 'POST', body: '{"claims":[]}' });
  expect(none.status).toBe(400);
  await fake.close();
  await expect(new RemoteSigner(url).token('x')).rejects.toThrow(`no fake of Acronis signs at ${url}/_fake/token`);
});
