import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { testAuthority } from '@fairlead/testkit/certs';
import { expect, test } from 'vitest';
import { isObject } from '../src/codec/read.ts';
import { CallbackDriver, type DriverOptions, retryWaits } from '../src/fake/index.ts';
import { APP, BareClient, CUSTOMER, PARTNER, startFake } from './support/fake-world.ts';
import { smallWorld } from './support/small-stage.ts';
import { QuickClock } from './support/upstream.ts';

interface Heard {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly lines: readonly string[];
  readonly body: string;
}

/** A server that writes down what it hears and answers as it is told. */
async function listening(
  answer: (heard: Heard, count: number) => { status: number; headers?: Record<string, string>; text?: string } | 'hang',
) {
  const heard: Heard[] = [];
  const listener: RequestListener = async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const one = { headers: message.headers, lines: message.rawHeaders, body: Buffer.concat(chunks).toString('utf8') };
    heard.push(one);
    const said = answer(one, heard.length);
    if (said !== 'hang') response.writeHead(said.status, said.headers).end(said.text ?? '');
  };
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const options: DriverOptions = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    appCode: APP,
    tenantId: PARTNER,
    datacenterUrl: 'https://eu8.acronis.cloud',
    identity: 'root',
    password: 'p:"w',
  };
  const dispose = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { heard, driver: new CallbackDriver(options), [Symbol.asyncDispose]: dispose };
}

test('a call is what the gateway sends', async () => {
  await using fake = await startFake();
  await using place = await listening(() => ({ status: 200 }));
  await place.driver.with({ signer: fake.signer }).enablementWrite('org', CUSTOMER);
  const [heard] = place.heard;
  expect(heard?.headers['content-type']).toBe('application/json');
  expect(Buffer.from(String(heard?.headers['x-cyberapp-auth']), 'base64').toString()).toBe('root:{"password":"p:\\"w"}');
  expect(heard?.headers['x-cyberapp-extra']).toBe('e30=');
  expect(heard?.headers.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  expect(JSON.parse(heard?.body ?? '')).toEqual({
    type: 'cti.a.p.acgw.request.v1.0~a.p.enablement.write.v1.0',
    request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    context: {
      callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.enablement.write.v1.0',
      endpoint_id: `cti.a.p.acgw.endpoint.v1.0~${APP}.endpoint.v1.0`,
      tenant_id: PARTNER,
      datacenter_url: 'https://eu8.acronis.cloud',
    },
    payload: { vendor_tenant_id: 'org', acronis_tenant_id: CUSTOMER },
  });
});

test('headers can be left out or repeated, and bodies be anything', async () => {
  await using place = await listening(() => ({ status: 418, text: 'x' }));
  const answer = await place.driver.raw({
    method: 'PUT',
    body: Buffer.from([0xff]),
    headers: { 'X-CyberApp-Auth': ['a', 'b'], 'content-type': undefined },
  });
  expect([answer.status, answer.text, answer.body, answer.problems]).toEqual([418, 'x', undefined, []]);
  const lines = place.heard[0]?.lines ?? [];
  expect(lines.filter((line) => line.toLowerCase() === 'x-cyberapp-auth')).toHaveLength(2);
  expect(place.heard[0]?.headers['content-type']).toBeUndefined();
});

test('an unknown name is a mistake of the caller', async () => {
  await using place = await listening(() => ({ status: 200 }));
  await expect(place.driver.partnerState()).rejects.toThrow('partner.mirroring.get_state is not registered');
  await expect(place.driver.retry()).rejects.toThrow('nothing was sent yet');
});

test('retry sends the same once more', async () => {
  await using place = await listening(() => ({ status: 200 }));
  await place.driver.topologyRead();
  await place.driver.retry();
  expect(place.heard[1]?.body).toBe(place.heard[0]?.body);
});

test('a policy repeats after 429 and after silence, with one id, and ends with the first answer', async () => {
  const clock = new QuickClock();
  const replies = [{ status: 429 }, 'hang', { status: 403 }] as const;
  await using place = await listening((_heard, count) => replies[count - 1] ?? { status: 500 });
  const driver = place.driver.with({ clock, timeoutMs: 100 });
  const answers = await driver.persist({ kind: 'fixed', interval: 5000, retries: 3 }, 'users_read', {});
  expect(answers.map(({ status, failure }) => failure ?? status)).toEqual([429, 'timeout', 403]);
  expect(clock.waits).toEqual([5000, 5000]);
  expect(new Set(place.heard.map(({ body }) => JSON.parse(body).request_id)).size).toBe(1);
});

test('waits of policies', () => {
  expect(retryWaits({ kind: 'fixed', interval: 5, retries: 3 }, Math.random)).toEqual([5, 5, 5]);
  expect(retryWaits({ kind: 'fixed', interval: 5, retries: 3, immediateFirst: true }, Math.random)).toEqual([0, 5, 5]);
  expect(retryWaits({ kind: 'linear', interval: 10, delta: 4, retries: 4, maxInterval: 20 }, Math.random)).toEqual([10, 14, 18, 20]);
  const exponential = { kind: 'exponential', interval: 100, delta: 10, retries: 4 } as const;
  expect(retryWaits(exponential, () => 0.5)).toEqual([110, 130, 170, 250]);
  expect(retryWaits(exponential, () => 0)).toEqual([108, 124, 156, 220]);
  expect(retryWaits({ ...exponential, maxInterval: 150 }, () => 0)).toEqual([108, 124, 148, 148]);
});

test('a 429 that says when to come back is waited out when that is wished', async () => {
  const waits: number[] = [];
  await using place = await listening((_heard, count) => (count < 3 ? { status: 429, headers: { 'retry-after': '2' } } : { status: 403 }));
  const onThrottled = async (ms: number) => waits.push(ms) > 0;
  expect((await place.driver.enablementRead()).status).toBe(429);
  expect((await place.driver.with({ onThrottled }).enablementRead()).status).toBe(403);
  expect(waits).toEqual([2000]);
});

test('over TLS it trusts the given root and no other', async () => {
  await using authority = await testAuthority();
  const server = createTlsServer({ cert: authority.cert, key: authority.key }, (_message, response) => response.writeHead(200).end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await using place = await listening(() => ({ status: 200 }));
  const driver = place.driver.with({ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/callback` });
  expect((await driver.enablementRead()).failure).toBe('unreachable');
  expect((await driver.with({ ca: authority.ca }).enablementRead()).status).toBe(200);
  server.close();
  server.closeAllConnections();
});

test('a fake that follows lets its client act where the handler has accepted the enablement', async () => {
  await using world = await smallWorld();
  const { fake, stage } = world;
  const [account] = stage.partner.accounts;
  const tenant = PARTNER;
  fake.app(APP).disable(PARTNER);
  const client = await BareClient.of(fake);
  const post = async () => (await client.create('a')).status;
  const driver = new CallbackDriver({ ...stage, ...account, tenantId: tenant, onAccepted: fake.follow(APP) });
  expect(await post()).toBe(403);
  expect((await driver.enablementWrite('somebody', tenant)).status).toBe(403);
  expect(await post()).toBe(403);
  expect((await driver.enablementWrite(stage.partner.organizationId, tenant)).accepted).toBe(true);
  expect(await post()).toBe(204);
  const { payload } = await driver.enablementRead();
  expect(isObject(payload) && payload.acronis_tenant_id).toBe(tenant);
  expect((await driver.enablementReset()).accepted).toBe(true);
  expect(await post()).toBe(403);
});
