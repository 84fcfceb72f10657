import { expect, test } from 'vitest';
import { type Logger, redactBody } from '../src/index.ts';
import { metadata } from '../src/types/eu-metadata.ts';
import { clientOf, failureOf, smallServer, world } from './support/world.ts';

function memory(): { logger: Logger; warnings: string[] } {
  const warnings: string[] = [];
  const nothing = () => undefined;
  return { warnings, logger: { debug: nothing, info: nothing, error: nothing, warn: (message) => warnings.push(message) } };
}

test('N11 X36: a deprecated route is warned of once, and the call is made', async () => {
  const { logger, warnings } = memory();
  await using at = await world({ metadata, logger });
  const [id = 0] = await at.client.get<number[]>('/service');
  await at.client.get('/service');
  await at.client.get('/service/{serviceId}', { path: { serviceId: id } });
  expect(warnings).toEqual([
    'GET /service is tagged DEPRECATED since 2026-01-01, to be removed on 2027-12-31; use /services',
    'GET /service/{serviceId} is tagged DEPRECATED since 2026-01-01, to be removed on 2027-12-31; use /services/{serviceId}',
  ]);
});

test('N12 N14 N15: unknown paths and methods, and calls without identity', async () => {
  const { logger, warnings } = memory();
  await using at = await world({ metadata, logger, retry: false });
  const spoken = () => warnings.filter((line) => !line.startsWith('OVHcloud API'));
  await failureOf(at.client.get('/meh'));
  await failureOf(at.client.post('/vps'));
  await failureOf(at.client.get('/me', { auth: false }));
  await at.client.get('/auth/time', { auth: false });
  await at.client.list('/vps');
  await at.client.batch('/vps', (await at.client.get<string[]>('/vps')).slice(0, 2));
  expect(spoken()).toEqual([
    'GET /meh is unknown: no schema has this path',
    '/vps has no method POST, but GET',
    'GET /me needs a consumer key or another identity, but is called without',
  ]);
  const other = at.another({ metadata, logger, applicationKey: '', applicationSecret: '', consumerKey: '', auth: 'none' });
  await failureOf(other.get('/me'));
  expect(spoken()).toHaveLength(4);
});

test('without metadata nothing is said', async () => {
  const { logger, warnings } = memory();
  await using at = await world({ logger });
  await at.client.get('/service');
  expect(warnings).toEqual([]);
});

test('X32: auto asks the API for objects where the schemas say that it can, and for each elsewhere', async () => {
  await using at = await world({ metadata });
  const modes = () => at.fake.log.map((entry) => entry.target).filter((target) => /^\/1\.0\/(?:vps|service)/.test(target));
  const byServer = await at.client.list('/vps', { expand: 'auto' });
  const askedOnce = modes();
  expect(askedOnce).toEqual(['/1.0/vps']);
  expect(byServer).toEqual(await at.client.list('/vps', { expand: 'parallel' }));
  const before = modes().length;
  const services = await at.client.list('/service', { expand: 'auto' });
  expect(modes().length - before).toBe(services.length + 1);
  const plain = at.another();
  const from = modes().length;
  await plain.list('/vps', { expand: 'auto' });
  expect(modes().length - from).toBe(byServer.length + 1);
});

test('spec 3.15: what the schemas call a secret is in no error', async () => {
  const body = '{"oops":1,"rescuePassword":"canary-41","nested":{"rescue_password":"canary-42"}}';
  await using server = await smallServer((response) => response.writeHead(500).end(body));
  using client = clientOf(server, { metadata, retry: false });
  const error = await failureOf(client.post('/me'));
  expect(String(error)).toContain('oops');
  expect(String(error)).not.toContain('canary');
  expect(redactBody(JSON.parse(body), metadata.secrets)).toEqual({
    oops: 1,
    rescuePassword: '[redacted]',
    nested: { rescue_password: '[redacted]' },
  });
});
