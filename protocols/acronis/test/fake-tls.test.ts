import { request } from 'node:https';
import { silentLog } from '@fairlead/kernel/log';
import { testAuthority } from '@fairlead/testkit/certs';
import { expect, test } from 'vitest';
import type { CertificateKind, FakeAcronis } from '../src/fake/index.ts';
import { AcronisClient, acronisClass } from '../src/index.ts';
import { CLIENT_ID, SECRET, startFake } from './support/fake-world.ts';
import { QuickClock } from './support/upstream.ts';

/** The status, or the code of what was wrong. */
function asked(fake: FakeAcronis, ca: string): Promise<number | string> {
  return new Promise((resolve) => {
    const sent = request(fake.keysUrl, { ca, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end();
  });
}

const SHOWN: readonly (readonly [CertificateKind, number | string])[] = [
  ['expired', 'CERT_HAS_EXPIRED'],
  ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['good', 200],
];

test('its own certificates are good, and bad in the way that they shall be', async () => {
  await using fake = await startFake({ tls: 'own', datacenters: ['eu8', 'us5'] });
  expect(fake.url('us5')).toMatch(/^https:/);
  expect(await asked(fake, fake.ca)).toBe(200);
  for (const [kind, outcome] of SHOWN) {
    fake.showCertificate(kind);
    expect([kind, await asked(fake, fake.ca)]).toEqual([kind, outcome]);
  }
});

test('a given pair is shown, and again after bad ones', async () => {
  await using authority = await testAuthority();
  await using fake = await startFake({ tls: { cert: authority.cert, key: authority.key } });
  expect(await asked(fake, authority.ca)).toBe(200);
  fake.showCertificate('expired');
  expect(await asked(fake, fake.ca)).toBe('CERT_HAS_EXPIRED');
  fake.showCertificate('good');
  expect(await asked(fake, authority.ca)).toBe(200);
});

test('without TLS there is nothing to show', async () => {
  await using fake = await startFake();
  expect(() => fake.showCertificate('expired')).toThrow('without TLS');
});

test('cyberapp 9.172: with a bad certificate nothing is sent', async () => {
  await using fake = await startFake({ tls: 'own' });
  for (const kind of ['expired', 'selfSigned', 'wrongHost'] as const) {
    fake.showCertificate(kind);
    await using client = new AcronisClient({
      datacenter: 'eu8',
      url: fake.url(),
      credentials: async () => ({ clientId: CLIENT_ID, clientSecret: SECRET }),
      clock: new QuickClock(),
      log: silentLog(),
      allowPrivate: true,
      ca: fake.ca,
    });
    const outcome = await client.authenticate().catch((error: unknown) => acronisClass(error));
    expect([kind, outcome, fake.requests.count()]).toEqual([kind, 'unreachable', 0]);
  }
});
