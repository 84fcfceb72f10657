import { TurnableClock } from '@fairlead/testkit/clock';
import { expect, test } from 'vitest';
import { startGateway } from './support/gateway.ts';

test('sites are told with whose they are, their sizes in bytes, and what is so', async () => {
  const clock = new TurnableClock();
  await using gateway = await startGateway({ clock, keys: 'host_id = web1\ndisk_units = used=KiB, quota=MiB' });
  const source = gateway.services.get('inventory.blueonyx');
  const { signal } = new AbortController();
  const admin = { user: 'admin', password: 'blueonyx' };
  for (const cmd of [
    'SET 34 . Disk quota="10"',
    'SET 34 . Disk used="5120"',
    'SET 34 . SSL enabled="1" expires="Jan 12 10:00:00 2027 GMT"',
  ]) {
    expect(await gateway.post({ cmd, ...admin })).toMatchObject({ http: 200 });
  }

  const listed = await source.list(signal);
  expect(listed).toMatchObject({ complete: true });
  expect(listed.items.find((item) => item.key === 'bx:web1:vsite:site1')).toEqual({
    key: 'bx:web1:vsite:site1',
    kind: 'web_site',
    name: 't1.smd.net',
    owner: [
      { kind: 'site', selector: 'web1/site1' },
      { kind: 'domain', selector: 'smd.net' },
      { kind: 'reseller', selector: 'web1/admin' },
    ],
    attributes: {
      object_id: '34',
      status: 'ONLINE',
      hostname: 't1.smd.net',
      server: 'www.example.test',
      ip_address: '208.77.151.218',
      domain: 'smd.net',
      created_by: 'admin',
      certificate_expires: '2027-01-12T10:00:00.000Z',
      php_version: 'PHP83',
      tls: true,
      users_max: 25,
      disk_used_bytes: 5_242_880,
      disk_quota_bytes: 10_485_760,
      over_quota: false,
    },
  });

  await gateway.post({ cmd: 'SET 34 suspend="1"', ...admin });
  const before = clock.now();
  const first = await source.conditions(signal);
  clock.advance(60_000);
  const second = await source.conditions(signal);
  const of = (facts: typeof first.facts, code: string) => facts.find((fact) => fact.code === code && fact.key === 'bx:web1:vsite:site1');
  expect(of(second.facts, 'quota_used_share')?.value).toBe(0.5);
  expect(of(second.facts, 'certificate_ends')?.value).toBe('2027-01-12T10:00:00.000Z');
  expect(of(second.facts, 'suspended')?.since).toBe(of(first.facts, 'suspended')?.since);
  expect(of(second.facts, 'suspended')?.since).toBeGreaterThanOrEqual(before);
});

test('while the backend is away the last that is known is told, and since when it is silent', async () => {
  await using gateway = await startGateway({ keys: 'backend = socket\nunix_socket_path = /nonexistent/cced.socket' });
  const source = gateway.services.get('inventory.blueonyx');

  expect(await source.conditions(new AbortController().signal)).toMatchObject({
    complete: false,
    facts: [{ key: 'bx:main', code: 'host_silent', value: true, since: expect.any(Number) }],
  });
  expect(await gateway.running.health(AbortSignal.timeout(5000))).toMatchObject({
    ok: false,
    facts: { login: expect.stringContaining('api-admin cannot be prepared') },
  });
});
