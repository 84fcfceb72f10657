import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Canaries } from './support/canaries.ts';
import type { Ended } from './support/cli.ts';
import { OvhWorld } from './support/ovh.ts';

const canaries = new Canaries();
const foreign = { applicationSecret: canaries.make('foreign-secret'), consumerKey: canaries.make('foreign-consumer') };
const token = canaries.make('token');
const client = canaries.make('client-secret');

let world: OvhWorld;
beforeAll(async () => {
  world = await OvhWorld.start({ echo: true, servers: 2 });
  const { applicationSecret, consumerKey } = world.fake.keys;
  canaries.plant('application-secret', applicationSecret);
  canaries.plant('consumer-key', consumerKey);
  await writeFile(
    join(world.place('home'), '.ovh.conf'),
    [
      '[ovh-eu]\napplication_key = ABCDEFGH12345678',
      `application_secret = ${foreign.applicationSecret}\nconsumer_key = ${foreign.consumerKey}`,
      `[profile:token]\nendpoint = ${world.fake.apiUrl}\naccess_token = ${token}`,
      `[profile:service]\nendpoint = ovh-eu\nclient_id = the-client-id\nclient_secret = ${client}`,
    ].join('\n'),
    { mode: 0o644 },
  );
});
afterAll(() => world[Symbol.asyncDispose]());

const CALLS: readonly (readonly string[])[] = [
  ['get', '/me'],
  ['get', '/me', '--raw'],
  ['get', '/dedicated/server', '--expand'],
  ['get', '/v2/iam/resource', '--all'],
  ['get', '/absent-{x}'],
  ['get', '/me/../me'],
  ['post', '/echo', 'a=1'],
  ['put', '/echo', 'a:={'],
  ['delete', '/echo'],
  ['get', '/me', '--dry-run'],
  ['post', '/echo', 'a=1', '--curl'],
  ['time'],
  ['whoami'],
  ['sign', 'GET', '/me'],
  ['config', 'show'],
  ['config', 'path'],
  ['config', 'get', 'application_secret'],
  ['config', 'get', 'consumer_key'],
  ['config', 'get', 'access_token'],
  ['config', 'profile', 'list'],
];

/** Forms in which a word may answer; not every word knows each, and then refuses it. */
const FORMS = [[], ['--json'], ['--verbose'], ['--json', '--verbose'], ['--table', '--retry', '0']] as const;

async function expectNone(what: string, running: Promise<Ended>): Promise<void> {
  const { stdout, stderr } = await running;
  expect(canaries.in(what, stdout + stderr)).toEqual([]);
}

test('X23: no secret of the variables is in what any word prints, whatever it prints', async () => {
  for (const call of CALLS) for (const form of FORMS) await expectNone([...call, ...form].join(' '), world.run(...call, ...form));
});

test('X23: no secret of a file is, with any way to authenticate', async () => {
  for (const profile of ['token', 'service']) {
    for (const call of CALLS) {
      // Those of the service account would ask the real API.
      const isSent = profile === 'service' && !['--dry-run', '--curl', 'config', 'sign'].some((word) => call.includes(word));
      if (!isSent) await expectNone(`${profile} ${call.join(' ')}`, world.runWith({}, ...call, '--profile', profile));
    }
  }
});

test('X23: no secret is in an error, whatever the API answers', async () => {
  const { consumerKey, applicationSecret } = world.fake.keys;
  const statuses = [400, 401, 403, 404, 409, 429, 500, 503];
  for (const form of FORMS) {
    for (const status of statuses) {
      const message = `no {"consumerKey":"${consumerKey}"} ?applicationSecret=${applicationSecret}`;
      world.fake.faults.next('GET /me', { kind: 'status', status, message, retryAfter: 0 });
      await expectNone(`${status} ${form.join(' ')}`, world.run('get', '/me', ...form));
      world.fake.faults.clear();
    }
    world.fake.faults.next('GET /me', { kind: 'redirect', location: `https://example.com/?token=${token}` });
    await expectNone(`redirect ${form.join(' ')}`, world.run('get', '/me', ...form));
  }
});

test('X23: wrong keys are not told with the refusal', async () => {
  for (const [name, value] of [
    ['OVH_APPLICATION_SECRET', foreign.applicationSecret],
    ['OVH_CONSUMER_KEY', foreign.consumerKey],
  ] as const)
    for (const form of FORMS) await expectNone(name, world.runWith({ ...world.keys, [name]: value }, 'get', '/me', ...form));
});

test('X23: a secret that was kept is not told, nor one that was refused', async () => {
  const file = await world.write('secret', foreign.consumerKey);
  await expectNone('set', world.runWith({}, 'config', 'set', 'consumer_key', `@${file}`));
  await expectNone('set as a word', world.runWith({}, 'config', 'set', 'consumer_key', foreign.consumerKey));
  await expectNone('set of an unknown key', world.runWith({}, 'config', 'set', 'consumer', `@${file}`));
  const broken = await world.write('broken.conf', `[ovh-eu]\n${foreign.consumerKey}\n`);
  await expectNone('a broken file', world.runWith({ OVH_CONFIG: broken }, 'config', 'show'));
});
