import { FakeOvh } from '@fairlead/ovh/fake';
import { describe, expect, test } from 'vitest';
import { accountLines, startGateway } from './support/gateway.ts';

const SMALL = { servers: 2, vps: 1, projects: 1, instances: 1, domains: 1, ips: 1, vracks: 0 };
const HOUR_MS = 3_600_000;
const DAY_S = 86_400;
const ALWAYS = Number.POSITIVE_INFINITY;

describe('an account that cannot be read', () => {
  test('keeps no other one from being read, and keeps what is known of it', async () => {
    await using good = await FakeOvh.start({ ...SMALL, seed: 2 });
    await using bad = await FakeOvh.start({ ...SMALL, seed: 3 });
    await using gateway = await startGateway({
      config: accountLines('bad', bad, ['kinds = vps']) + accountLines('good', good, ['kinds = baremetal']),
    });
    await gateway.refresh();
    const before = await gateway.list();
    expect(before.complete).toBe(true);

    bad.faults.next('*', { kind: 'status', status: 400, message: 'no' }, ALWAYS);
    good.clearLog();
    gateway.clock.advance(HOUR_MS);
    const began = gateway.clock.now();
    await gateway.refresh();

    const after = await gateway.list();
    expect(after).toMatchObject({ complete: false, items: before.items });
    expect(after.reason).toMatch(/^bad: OVH_/);
    expect(good.log.length).toBeGreaterThan(0);
    const silent = (await gateway.conditions()).facts.find((fact) => fact.code === 'account_silent');
    expect(silent).toMatchObject({ key: 'ovh:bad', value: true, detail: { code: expect.stringMatching(/^OVH_/) } });
    expect(Number(silent?.since)).toBeGreaterThanOrEqual(began);
    const health = await gateway.health();
    expect(health['bad failure']).toMatch(/^OVH_/);
    expect(health['good failure']).toBeUndefined();
    expect(await gateway.page()).toMatch(/fairlead_ovh_inventory_incomplete\{account="bad"\} 1/);

    bad.faults.clear();
    gateway.clock.advance(HOUR_MS);
    await gateway.refresh();
    expect(await gateway.list()).toEqual(before);
    expect((await gateway.conditions()).facts.map((fact) => fact.code)).not.toContain('account_silent');
    expect(gateway.captured.lines().filter((line) => line.level === 'warn' && line.account === 'bad' && 'code' in line)).toHaveLength(1);
  });

  test('is tried again sooner when that may help, and not before its time otherwise', async () => {
    await using fake = await FakeOvh.start(SMALL);
    await using gateway = await startGateway({ config: accountLines('main', fake, ['kinds = vps']) });
    fake.faults.next('GET /vps', { kind: 'status', status: 501 }, ALWAYS);
    const looks = async (ms: number) => {
      gateway.clock.advance(ms);
      fake.clearLog();
      await gateway.refresh();
      return fake.log.length > 0;
    };
    expect(await looks(0)).toBe(true);
    expect(await looks(30_000)).toBe(false);
    expect(await looks(60_000)).toBe(true);
    fake.faults.clear();
    expect(await looks(3 * 60_000)).toBe(true);
    expect(await looks(20 * 60_000)).toBe(false);
    expect(await looks(12 * 60_000)).toBe(true);
  });

  test('that hangs is given up with the signal, and nothing is changed', async () => {
    await using fake = await FakeOvh.start(SMALL);
    await using gateway = await startGateway({ config: accountLines('main', fake) });
    await gateway.refresh();
    const before = await gateway.list();
    fake.faults.next('GET /vps', { kind: 'hang' }, ALWAYS);
    gateway.clock.advance(HOUR_MS);
    const stop = new AbortController();
    const running = gateway.refresh(stop.signal);
    stop.abort(new Error('the gateway is stopping'));
    await expect(running).rejects.toThrow('the gateway is stopping');
    expect(await gateway.list()).toEqual(before);
  });

  test('whose key lacks rules tells each of them once, in reason and health', async () => {
    await using fake = await FakeOvh.start({ ...SMALL, servers: 3 });
    const rules = [
      '/me',
      '/dedicated/server',
      '/dedicated/server/*',
      '/vps',
      '/cloud/project',
      '/cloud/project/*',
      '/domain',
      '/domain/*',
      '/v2/iam/resource',
      '/iam/resource',
    ];
    const key = fake.issue({ rules: rules.map((path) => ({ method: 'GET', path })) });
    const config = accountLines('main', fake).replace(fake.keys.consumerKey, key.consumerKey);
    await using gateway = await startGateway({ config });
    await gateway.refresh();
    const { complete, reason, items } = await gateway.list();
    expect(complete).toBe(false);
    expect(items.filter((item) => item.kind === 'bare_metal')).toHaveLength(3);
    for (const rule of ['GET /vps/*', 'GET /ip'])
      expect(
        reason
          ?.split(/[ ,;]+/)
          .join(' ')
          .split(rule).length ?? 0,
      ).toBeGreaterThan(1);
    const missing = String((await gateway.health())['main missing rules']).split(', ');
    expect(new Set(missing).size).toBe(missing.length);
    expect(missing).toEqual(expect.arrayContaining(['GET /ip', 'GET /vps/*']));
  });
});

describe('answers that mean harm', () => {
  const bodies: readonly (readonly [string, string])[] = [
    ['no JSON', '<html>'],
    ['an object for a list', '{"a":1}'],
    ['things that are no names', '[null, 1e400, {"x": []}, "", "..", "../../me"]'],
    ['a name with control characters', JSON.stringify(['vps-\u0000\u001b[31m.ovh.net', 'a\nb'])],
    ['one name many times', JSON.stringify(Array(50).fill('vps-1.vps.ovh.net'))],
    ['half a character', '["vps-\\ud800.ovh.net"]'],
    ['a name without end', JSON.stringify(['x'.repeat(5000)])],
  ];
  test.each(bodies)('%s as a list of services', async (_what, body) => {
    await using fake = await FakeOvh.start(SMALL);
    await using gateway = await startGateway({ config: accountLines('main', fake) });
    fake.faults.next('GET /vps', { kind: 'body', status: 200, contentType: 'application/json', body }, ALWAYS);
    await gateway.refresh();
    const { items } = await gateway.list();
    expect(items.filter((item) => item.kind === 'bare_metal')).toHaveLength(2);
    expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
    for (const { name, attributes } of items) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be there
      expect([name, ...Object.values(attributes)].join('|')).not.toMatch(/[\u0000-\u001f]/);
    }
    expect((await gateway.conditions()).facts.length).toBeGreaterThan(0);
    await gateway.health();
  });

  test.each(['null', '[]', '"x"', '{"state":{},"iam":7,"ip":[],"reverse":1,"tags":[]}', '{"__proto__":{"state":"ok"}}'])(
    '%s as a server',
    async (body) => {
      await using fake = await FakeOvh.start(SMALL);
      await using gateway = await startGateway({ config: accountLines('main', fake) });
      fake.faults.next('GET /dedicated/server/*', { kind: 'body', status: 200, contentType: 'application/json', body }, ALWAYS);
      await gateway.refresh();
      expect((await gateway.list()).items.filter((item) => item.kind === 'bare_metal')).toHaveLength(2);
      expect((await gateway.conditions()).facts.filter((fact) => fact.code === 'state').length).toBeGreaterThan(1);
    },
  );
});

describe('keys', () => {
  test('an end that is near is told once a day, in health and as a number; what was refused later is told by its code', async () => {
    await using fake = await FakeOvh.start(SMALL);
    const key = fake.issue({ rules: [{ method: 'GET', path: '/*' }], validFor: 40 * DAY_S });
    const config = `[ovh]\nexpiry_days = 60\n${accountLines('main', fake).replace(fake.keys.consumerKey, key.consumerKey)}`;
    await using gateway = await startGateway({ config });
    const warnings = () => gateway.captured.lines().filter((line) => String(line.msg).includes('ends soon'));
    await gateway.checkKeys();
    await gateway.checkKeys();
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toMatchObject({ level: 'warn', account: 'main', days: 39 });
    expect((await gateway.health())['main key']).toMatch(/^validated, ends .*, in 39 days, acts as /);
    const left = /fairlead_ovh_key_left_seconds\{account="main"\} (\S+)/.exec(await gateway.page())?.[1];
    expect(Number(left)).toBeGreaterThan(39 * DAY_S);
    expect((await gateway.conditions()).facts).toContainEqual(expect.objectContaining({ key: 'ovh:main', code: 'key_ends' }));

    gateway.clock.advance(7 * HOUR_MS);
    await gateway.checkKeys();
    gateway.clock.advance(24 * HOUR_MS);
    await gateway.checkKeys();
    expect(warnings().length).toBeGreaterThan(1);
    expect(warnings().length).toBeLessThanOrEqual(3);

    fake.vault.credentials.delete(key.consumerKey);
    gateway.clock.advance(7 * HOUR_MS);
    await gateway.checkKeys();
    expect((await gateway.health())['main key']).toMatch(/^OVH_/);
  });

  test('a key without end is told so, and a token that is refused by its code', async () => {
    await using fake = await FakeOvh.start(SMALL);
    const account = `[ovh robot]\nendpoint = ${fake.apiUrl}\naccess_token = not-a-token-4711\n`;
    await using gateway = await startGateway({ config: accountLines('main', fake) + account });
    await gateway.checkKeys();
    const health = await gateway.health();
    expect(health['main key']).toMatch(/^validated, acts as /);
    expect(health['robot key']).toMatch(/^OVH_/);
  });
});

test('a clock that is off is told once in the log, in health and as a number, and then that it is right again', async () => {
  await using fake = await FakeOvh.start({ ...SMALL, clockSkew: 120 });
  await using gateway = await startGateway({ config: accountLines('main', fake) });
  const lines = (word: string) => gateway.captured.lines().filter((line) => String(line.msg).includes(word));
  await expect.poll(() => lines('and that of OVHcloud differ').length, { timeout: 5000 }).toBe(1);
  expect((await gateway.health())['main clock']).toMatch(/^this machine differs by -1(19|20|21)/);
  expect(await gateway.page()).toMatch(/fairlead_ovh_clock_delta_seconds\{account="main"\} 1(19|20|21)/);

  await gateway.refresh();
  expect((await gateway.list()).complete).toBe(true);
  fake.clock.advance(-120);
  // The bridge asks again within 12 minutes of its clock, which takes its own with it.
  fake.clock.advance(15 * 60);
  gateway.clock.advance(15 * 60_000);
  await expect.poll(() => lines('is right again').length, { timeout: 5000 }).toBe(1);
  expect((await gateway.health())['main clock']).toBeUndefined();
});
