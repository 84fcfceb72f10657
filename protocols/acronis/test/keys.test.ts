import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { silentLog } from '@fairlead/kernel/log';
import { testAuthority } from '@fairlead/testkit/certs';
import { describe, expect, test } from 'vitest';
import { AcronisClient, acronisClass, keyFetcher } from '../src/index.ts';
import { QuickClock } from './support/upstream.ts';

/** A key service over TLS that answers as it is told. */
async function service(answer: { status?: number; body?: string; headers?: Record<string, string> }) {
  const authority = await testAuthority();
  const server = createServer({ cert: authority.cert, key: authority.key }, (_request, response) => {
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '{"keys":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    ca: authority.ca,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await authority[Symbol.asyncDispose]();
    },
  };
}

const never = new AbortController().signal;

describe('keys', () => {
  test('come over verified TLS', async () => {
    await using s = await service({ body: '{"keys":[{"kid":"k1"}]}' });
    const url = `${s.origin}/api/idp/v1/keys`;
    expect(await keyFetcher({ log: silentLog(), ca: s.ca, allowPrivate: true })(url, never)).toEqual({ keys: [{ kid: 'k1' }] });
    await expect(keyFetcher({ log: silentLog(), allowPrivate: true })(url, never)).rejects.toMatchObject({
      code: 'FAIRLEAD_UPSTREAM_UNREACHABLE',
    });
  });

  test.each([
    [{ status: 302, headers: { location: 'https://localhost/keys' } }],
    [{ status: 500 }],
    [{ body: '<html>' }],
    [{ body: JSON.stringify('x'.repeat(300_000)) }],
  ])('cannot be %j', async (answer) => {
    await using s = await service(answer);
    const fetchKeys = keyFetcher({ log: silentLog(), ca: s.ca, allowPrivate: true });
    await expect(fetchKeys(`${s.origin}/keys`, never)).rejects.toMatchObject({ code: 'FAIRLEAD_UPSTREAM_ANSWER' });
  });

  test('are not fetched from a private address', async () => {
    const fetchKeys = keyFetcher({ log: silentLog(), resolve: async () => ['10.0.0.1'] });
    await expect(fetchKeys('https://acronis.cloud/api/idp/v1/keys', never)).rejects.toThrow('private address');
  });
});

test('cyberapp 9.172: a data center whose certificate is not trusted gets no secret and is unreachable', async () => {
  await using s = await service({ body: '{"access_token":"t"}' });
  const credentials = async () => ({ clientId: 'a', clientSecret: 'b' });
  const options = { datacenter: 'eu8', url: s.origin, credentials, clock: new QuickClock(), log: silentLog(), allowPrivate: true };
  await using stranger = new AcronisClient(options);
  const error = await stranger.authenticate().catch((caught: unknown) => caught);
  expect(acronisClass(error)).toBe('unreachable');
  await using trusted = new AcronisClient({ ...options, ca: s.ca });
  await trusted.authenticate();
});
