import { openMainListener } from '@fairlead/http';
import { Networks } from '@fairlead/kernel/access';
import { newUuid } from '@fairlead/kernel/ids';
import { testAuthority } from '@fairlead/testkit/certs';
import { until } from '@fairlead/testkit/until';
import { Agent, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { type HandlerRig, startHandler, TENANT } from './support/handler-rig.ts';

const MINUTE = 60_000;
const read = (rig: HandlerRig, ...[wish]: [Parameters<HandlerRig['call']>[2]?]) => rig.call('enablement.read', undefined, wish);
const keyFetches = (rig: HandlerRig) => rig.fake.requests.count('keys');

describe('keys', () => {
  test('cyberapp 9.32: a key that nobody knows is looked for once in a minute', async () => {
    await using rig = await startHandler();
    expect((await read(rig)).status).toBe(200);
    const before = keyFetches(rig);
    const stranger = async () => (await read(rig, { token: await rig.fake.signer.token(rig.endpoint, { bad: 'unknown-key' }) })).status;
    expect([await stranger(), await stranger()]).toEqual([401, 401]);
    expect(keyFetches(rig)).toBe(before + 1);
    for (const one of [rig, rig.fake]) one.clock.advance(61_000);
    expect(await stranger()).toBe(401);
    expect(keyFetches(rig)).toBe(before + 2);
  });

  test('cyberapp 9.38: keys that are too old count as none for whoever asks whether it is ready, and come back by themselves', async () => {
    await using rig = await startHandler();
    expect((await read(rig)).status).toBe(200);
    const isReady = async () => (await rig.running.health(AbortSignal.timeout(5000))).ok;
    expect(await isReady()).toBe(true);
    rig.fake.faults.always('keys', { kind: 'status', status: 500 });
    for (const one of [rig, rig.fake]) one.clock.advance(4 * 24 * 60 * MINUTE);
    expect(await isReady()).toBe(false);
    rig.fake.faults.clear();
    // Nobody calls who is not ready: the keys must come without a call.
    await until(
      async () => {
        rig.clock.advance(MINUTE);
        return await isReady();
      },
      { what: 'keys that were fetched again' },
    );
  });

  test('the address of keys may have a query', async () => {
    await using rig = await startHandler({ keysQuery: '?set=a=b' });
    expect((await read(rig)).status).toBe(200);
    expect(rig.fake.requests.of('keys').map(({ target }) => target)).toEqual(['/api/idp/v1/keys?set=a=b']);
  });
});

describe('the store', () => {
  test('that is away is told as such: nobody is blamed, and the caller comes again', async () => {
    await using rig = await startHandler();
    await rig.store[Symbol.asyncDispose]();
    const answer = await rig.call('enablement.write', { vendor_tenant_id: rig.tree.p1.id, acronis_tenant_id: TENANT });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(answer.text).not.toMatch(/driver|destroyed|sql/i);
    // The line in the log is found by the answer.
    expect(rig.captured.text()).toContain(String(answer.json.response_id));
  });
});

describe('what is told', () => {
  test('who was refused is named in the audit, and what is believed unsigned is counted', async () => {
    await using rig = await startHandler({ keys: 'request_token = if_present' });
    const requestId = newUuid();
    expect((await read(rig, { identity: 'Somebody', requestId })).status).toBe(401);
    expect(await rig.audit.find({ limit: 1, correlationId: requestId })).toMatchObject([{ actor: 'Somebody', outcome: 'refused' }]);
    await read(rig);
    await read(rig, { token: undefined });
    expect((await rig.metrics.page()).text).toMatch(/^fairlead_cyberapp_unsigned_total 1$/m);
  });

  test('cyberapp 9.23: another minor version is one line in the log', async () => {
    await using rig = await startHandler();
    const callback_id = 'cti.a.p.acgw.callback.v1.0~a.p.enablement.read.v1.7';
    for (let at = 0; at < 3; at += 1) expect((await read(rig, { context: { callback_id } })).status).toBe(200);
    expect(rig.captured.text().split('another minor version').length - 1).toBe(1);
  });

  test('the audit names who of Acronis has signed, and the step at which an id of another request is refused', async () => {
    await using rig = await startHandler();
    const requestId = newUuid();
    await rig.call('enablement.reset', undefined, { requestId });
    await rig.call('enablement.reset', {}, { requestId });
    await rig.call('enablement.reset', undefined, { requestId, tenantId: newUuid() });
    const rows = await rig.audit.find({ limit: 10, correlationId: requestId });
    expect(rows.map(({ detail }) => detail?.signed_by)).toEqual(['platform-acgw', 'platform-acgw', 'platform-acgw']);
    // No payload and an empty one mean the same.
    expect(rows.map(({ detail }) => `${detail?.status} ${detail?.step}`).toSorted()).toEqual([
      '200 undefined',
      '200 undefined',
      '400 replay',
    ]);
  });
});

describe('settings', () => {
  test('paths are paths', async () => {
    for (const paths of ['callback', '/callback/:id', '/*', '/a, /a', '/'])
      await expect(startHandler({ keys: `paths = ${paths}` })).rejects.toMatchObject({ code: 'FAIRLEAD_CONFIG' });
    await using rig = await startHandler({ keys: 'paths = /callback, /acronis/callback' });
    expect((await read(rig)).status).toBe(200);
    expect(await rig.send('GET', '/acronis/callback', {})).toMatchObject({ status: 405 });
  });

  test('addresses beside those that callbacks may come from are not listened to', async () => {
    await using rig = await startHandler({ keys: 'allow_from = 192.0.2.0/24' });
    expect(await read(rig)).toMatchObject({ status: 403, headers: { connection: 'close' } });
  });

  test('hosts of data centers may have any label', async () => {
    await using rig = await startHandler({ keys: 'datacenter_hosts = *.cloud.example, acronis.example' });
    for (const host of ['eu8.cloud.example', 'acronis.example'])
      expect((await read(rig, { datacenterUrl: `https://${host}` })).status).toBe(200);
    for (const host of ['eu8.acronis.cloud', 'a.b.cloud.example', '.cloud.example'])
      expect((await read(rig, { datacenterUrl: `https://${host}` })).status).toBe(403);
  });

  test('cyberapp 9.3: beside other faces only its own paths are its', async () => {
    await using authority = await testAuthority();
    await using rig = await startHandler({ shared: true });
    const faces = (rig.running.plugins ?? []).filter(({ listener }) => listener === 'main');
    expect(faces).toHaveLength(1);
    await using main = await openMainListener({
      ...{ host: '127.0.0.1', port: 0, certificate: authority, log: rig.log, metrics: rig.metrics, faces },
      operators: new Networks([]),
      health: async () => ({}),
    });
    const agent = new Agent({ connect: { ca: authority.ca } });
    const ask = async (method: 'GET' | 'POST', path: string) => {
      const { statusCode, headers, body } = await request(`https://127.0.0.1:${main.port}${path}`, { dispatcher: agent, method });
      return { status: statusCode, allow: headers.allow, text: await body.text() };
    };
    expect(await ask('GET', '/callback')).toMatchObject({ status: 405, allow: 'POST' });
    expect(await ask('POST', '/callback')).toMatchObject({ status: 400 });
    expect(await ask('GET', '/elsewhere')).toMatchObject({ status: 404, text: expect.stringContaining('No face of Fairlead') });
    await agent.destroy();
  });
});
