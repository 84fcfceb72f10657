import { describe, expect, test } from 'vitest';
import type { Condition } from '../src/map/types.ts';
import { retryAlerts } from '../src/service/push/alert-retry.ts';
import { AlertPusher } from '../src/service/push/alerts.ts';
import { nextDue } from '../src/service/push/due.ts';
import {
  alertRig,
  badBackup,
  codeOf,
  DAY,
  desireOf,
  HOUR,
  liveWorkload,
  MINUTE,
  OTHER,
  partsOf,
  runAlerts,
  SOURCE,
  TENANT,
  VM,
} from './support/alert-rig.ts';
import { conditions, fact, host, SITE_KEY, site, vm } from './support/desire-items.ts';

const vmError = (since: number): Condition =>
  badBackup(since, { dedupKey: `vm_error:${VM}`, code: 'vm_error', title: 'shop-db-1 is in error', since });

describe('an alert is raised once and closed once', () => {
  test('cyberapp 9.158: a condition is sent when it has held, with tenant, category, type and workload', async () => {
    await using rig = await alertRig();
    await liveWorkload(rig.place.store);
    const condition = vmError(rig.clock.now());
    rig.clock.advance(9 * MINUTE);
    expect(await rig.run([condition])).toEqual({});
    expect([await rig.states(), rig.fake.requests.count()]).toEqual([['pending'], 0]);
    rig.clock.advance(MINUTE);
    expect(await rig.run([condition])).toEqual({ raised: 1 });
    const [row] = await rig.rows();
    expect(rig.fake.alerts).toHaveLength(1);
    expect(rig.fake.alerts[0]).toMatchObject({
      tenantId: TENANT,
      category: 'cti.a.p.am.category.v1.0~acme.fairlead.availability.v1.0',
      type: 'cti.a.p.am.alert.v1.0~a.p.basic.v1.0~acme.fairlead.vm_error.v1.0',
      severity: 'error',
      source: SOURCE,
      createdAt: rig.clock.now(),
      resourceId: '5f1b6f7e-8f0a-4e6a-9a57-0d1c2b3a4f5e',
      resourceName: 'shop-db-1',
      details: { title: 'shop-db-1 is in error', category: 'Availability', fields: { Machine: 'shop-db-1' } },
    });
    expect(rig.fake.requests.of('alerts.create')[0]?.body).not.toHaveProperty('severity');
    expect(String(rig.fake.alerts[0]?.sourceTimeStamp)).toBe(String(row?.source_stamp));
    expect(row).toMatchObject({ state: 'open', alert_id: rig.fake.alerts[0]?.id.toLowerCase(), inflight_op: null, severity: 'error' });
  });

  test('cyberapp 9.158: a condition that ends within its hold time is dropped unsent', async () => {
    await using rig = await alertRig();
    await rig.run([vmError(rig.clock.now())]);
    await rig.run([]);
    expect([await rig.rows(), rig.fake.requests.count()]).toEqual([[], 0]);
  });

  test('cyberapp 9.159: what is still true in the next runs sends nothing, whatever its text', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    const sent = rig.fake.requests.count();
    for (let hours = 1; hours < 5; hours += 1) {
      rig.clock.advance(HOUR);
      expect(await rig.run([badBackup(rig.clock.now(), { description: `It failed ${hours} times.` })])).toEqual({});
    }
    expect(rig.fake.requests.count()).toBe(sent);
    const [row] = await rig.rows();
    expect(row).toMatchObject({ state: 'open', last_true_ms: rig.clock.now() });
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      draft: { details: { description: 'The last backup of this machine failed.' } },
      latest: { description: 'It failed 4 times.' },
    });
  });

  test('cyberapp 9.160: what is over is dismissed by its id; that it was gone is as good', async () => {
    await using rig = await alertRig();
    const [one, other] = [badBackup(rig.clock.now()), badBackup(rig.clock.now(), { dedupKey: 'backup_failed:other' })];
    await rig.run([one, other]);
    rig.fake.purgeAlert(rig.fake.alerts[1]?.id ?? '');
    expect(await rig.run([])).toEqual({ closed: 2 });
    expect([await rig.states(), rig.shown()]).toEqual([['closed', 'closed'], []]);
    expect(rig.fake.requests.count('alerts.dismiss')).toBe(2);
    expect(await rig.run([])).toEqual({});
  });

  test('cyberapp 9.160: it is over only when it has been so for its time, of a source that was read whole', async () => {
    await using rig = await alertRig();
    const condition = vmError(rig.clock.now() - HOUR);
    await rig.run([condition]);
    rig.clock.advance(HOUR);
    await rig.run([], { complete: new Set(['blueonyx', 'ovh']) });
    await rig.run([]);
    rig.clock.advance(4 * MINUTE);
    await rig.run([]);
    expect(await rig.states()).toEqual(['open']);
    await rig.run([condition]);
    rig.clock.advance(HOUR);
    await rig.run([]);
    expect(await rig.states()).toEqual(['open']);
    rig.clock.advance(5 * MINUTE);
    expect(await rig.run([])).toEqual({ closed: 1 });
  });

  test('cyberapp 9.161: true again is another episode with another stamp', async () => {
    await using rig = await alertRig();
    for (const open of [true, false, true]) await rig.run(open ? [badBackup(rig.clock.now())] : []);
    const rows = await rig.rows();
    expect(rows.map(({ episode, state }) => [episode, state])).toEqual([
      [1, 'closed'],
      [2, 'open'],
    ]);
    expect(new Set(rows.map(({ source_stamp: stamp }) => stamp)).size).toBe(2);
    expect(rig.fake.alerts.map(({ sourceTimeStamp }) => String(sourceTimeStamp))).toEqual(rows.map((row) => String(row.source_stamp)));
  });

  test('cyberapp 9.162: a workload that is not there yet is not named, and not told of later', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    await liveWorkload(rig.place.store);
    await rig.run([badBackup(rig.clock.now())]);
    expect(rig.fake.alerts).toHaveLength(1);
    expect(rig.fake.requests.of('alerts.create')[0]?.body).not.toHaveProperty('ResourceID');
  });
});

describe('what a person dismisses stays so', () => {
  test('cyberapp 9.163: it is not raised while it is true; when it is over the next episode is', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.dismiss(rig.fake.alerts[0]?.id ?? '');
    rig.clock.advance(HOUR);
    expect(await rig.reconcile()).toEqual({ dismissed: 1 });
    expect((await rig.rows())[0]).toMatchObject({ state: 'dismissed', dismissed_ms: rig.clock.now() - HOUR });
    rig.clock.advance(30 * DAY);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({});
    expect((await rig.isOpen())(`backup_failed:${VM}`)).toBe(true);
    await rig.run([]);
    expect(await rig.states()).toEqual(['closed']);
    expect(rig.fake.requests.count('alerts.dismiss')).toBe(0);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
  });

  test('cyberapp 9.163: with `re_raise_after` it is raised again after that time', async () => {
    await using rig = await alertRig({ parts: { reRaiseAfterMs: DAY } });
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.dismiss(rig.fake.alerts[0]?.id ?? '');
    await rig.reconcile();
    rig.clock.advance(DAY - 1);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({});
    rig.clock.advance(1);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
    expect(await rig.states()).toEqual(['closed', 'open']);
  });
});

describe('levels and lists', () => {
  test('cyberapp 9.164: a quota that fills and empties is one alert at a time', async () => {
    await using rig = await alertRig();
    const shown: (readonly string[])[] = [];
    for (const used of [0.92, 1.01, 0.95, 0.84]) {
      const isOpen = await rig.isOpen();
      const open = ['near', 'exceeded'].map((level) => `disk_quota:${level}:${SITE_KEY}`).filter(isOpen);
      const facts = [fact(SITE_KEY, 'quota_used_share', used)];
      await rig.run(conditions({ source: 'blueonyx', items: [site()], facts, open }));
      shown.push(rig.shown());
    }
    expect(shown).toEqual([['disk_quota_near'], ['disk_quota_exceeded'], ['disk_quota_near'], []]);
    expect(rig.fake.alerts).toHaveLength(3);
  });

  test('cyberapp 9.165: a certificate is told 21 days before its end, then as expired, then no more', async () => {
    await using rig = await alertRig();
    const ends = rig.clock.now() + 22 * DAY;
    const facts = [fact(SITE_KEY, 'certificate_ends', new Date(ends).toISOString())];
    const at = async (now: number, told = facts) => {
      rig.clock.advance(now - rig.clock.now());
      await rig.run(conditions({ source: 'blueonyx', items: [site()], facts: told, now: rig.clock.now() }));
      return rig.shown();
    };
    expect(await at(rig.clock.now())).toEqual([]);
    expect(await at(ends - 21 * DAY)).toEqual(['certificate_expiring']);
    expect(await at(ends)).toEqual(['certificate_expired']);
    expect(await at(ends + 1, [fact(SITE_KEY, 'certificate_ends', new Date(ends + 90 * DAY).toISOString())])).toEqual([]);
    rig.fake.requests.expectOrder('alerts.create', 'alerts.create', 'alerts.dismiss', 'alerts.dismiss');
  });

  const down = (now: number, names: readonly string[], organization = { id: 'o1', seesInfrastructure: false }) => {
    const items = names.map((name, at) => vm({ key: `cs:main:vm:0b9a6f2e-7a7c-4d6e-9a52-1f0f6f0f2b3${at}`, name }));
    const facts = [fact(host().key, 'host_state', 'Down', { since: now - HOUR })];
    return conditions({ source: 'cloudstack', items, facts, others: [host()], organization, now });
  };

  test('cyberapp 9.166: a host that is down is one alert for each customer, of its own machines', async () => {
    await using rig = await alertRig();
    const now = rig.clock.now();
    await rig.run(down(now, ['a1', 'a2']));
    await rig.run(down(now, ['b1'], { id: 'o2', seesInfrastructure: false }), { tenantId: OTHER, organizationId: 'o2' });
    const told = rig.fake.alerts.map(({ tenantId, details }) => [tenantId, (details.fields as Record<string, string>).Machines]);
    expect(told).toEqual([
      [TENANT, 'a1, a2'],
      [OTHER, 'b1'],
    ]);
  });

  test('cyberapp 9.166: a list that grows by half is a new alert, and the old one goes when that is there', async () => {
    await using rig = await alertRig();
    const now = rig.clock.now();
    await rig.run(down(now, ['a1', 'a2', 'a3']));
    expect(await rig.run(down(now, ['a1', 'a2', 'a3', 'a4']))).toEqual({});
    const grown = down(now, ['a1', 'a2', 'a3', 'a4', 'a5']);
    rig.fake.faults.always('alerts.create', { kind: 'status', status: 400, body: { code: 'no' } });
    await rig.run(grown);
    expect([await rig.states(), rig.shown()]).toEqual([['open', 'blocked'], ['host_down']]);
    rig.fake.faults.clear();
    expect(await rig.run(down(now, ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']))).toEqual({ raised: 1, closed: 1 });
    expect(await rig.states()).toEqual(['closed', 'open']);
    expect(rig.fake.openAlerts.map(({ details }) => (details.fields as Record<string, string>)['Machines affected'])).toEqual(['6']);
    rig.fake.requests.expectOrder('alerts.create', 'alerts.create', 'alerts.dismiss');
    expect(await rig.run([])).toEqual({});
    rig.clock.advance(5 * MINUTE);
    expect(await rig.run([])).toEqual({ closed: 1 });
  });

  test('cyberapp 9.167: what comes and goes a fifth time within 6 hours stays for an hour, and its text says so', async () => {
    await using rig = await alertRig();
    const description = 'long '.repeat(200);
    const flap = async () => {
      await rig.run([badBackup(rig.clock.now(), { description })]);
      rig.clock.advance(10 * MINUTE);
      const counts = await rig.run([]);
      rig.clock.advance(10 * MINUTE);
      return counts;
    };
    for (let time = 1; time <= 4; time += 1) expect(await flap()).toEqual({ closed: 1 });
    expect(await flap()).toEqual({});
    const texts = rig.fake.alerts.map(({ details }) => String(details.description));
    expect(texts.map((text) => text.includes('come and gone'))).toEqual([false, false, false, false, true]);
    expect(Math.max(...texts.map((text) => text.length))).toBe(1000);
    expect(rig.shown()).toEqual(['backup_failed']);
    await rig.run([badBackup(rig.clock.now(), { description: 'It failed.' })]);
    rig.clock.advance(10 * MINUTE);
    await rig.run([]);
    rig.clock.advance(59 * MINUTE);
    expect(await rig.run([])).toEqual({});
    rig.clock.advance(MINUTE);
    expect(await rig.run([])).toEqual({ closed: 1 });
    rig.clock.advance(6 * HOUR);
    expect(await flap()).toEqual({ closed: 1 });
    expect(String(rig.fake.alerts.at(-1)?.details.description)).not.toContain('come and gone');
  });
});

describe('what Acronis refuses', () => {
  test('cyberapp 9.168: one refused alert is blocked until it or the manifest changes; others go on', async () => {
    await using rig = await alertRig();
    const app = rig.fake.app('acme.fairlead');
    const type = [...app.alertTypes].find(([cti]) => codeOf({ type: cti }) === 'vm_error');
    (app.alertTypes as Map<string, string>).delete(type?.[0] ?? '');
    const both = [vmError(rig.clock.now() - HOUR), badBackup(rig.clock.now())];
    expect(await rig.run(both)).toEqual({ blocked: 1, raised: 1 });
    const blocked = (await rig.rows()).find(({ alert_type: code }) => code === 'vm_error');
    expect(blocked).toMatchObject({ state: 'blocked', alert_id: null, inflight_op: null });
    expect(blocked?.last_error).toContain('type: is not registered');
    expect(await rig.run(both)).toEqual({});
    expect(await rig.run([{ ...vmError(rig.clock.now() - HOUR), title: 'another text' }, badBackup(rig.clock.now())])).toEqual({
      blocked: 1,
    });
    (app.alertTypes as Map<string, string>).set(...(type as [string, string]));
    expect(await rig.run(both)).toEqual({ raised: 1 });
    expect(await rig.run([])).toEqual({ closed: 1 });
    expect(rig.shown()).toEqual(['vm_error']);
  });

  test('cyberapp 9.168: what is refused as it is now is tried again under another manifest, or forgotten when it is over', async () => {
    await using rig = await alertRig({ parts: { manifest: '1.0' } });
    rig.fake.faults.next('alerts.create', { kind: 'status', status: 400, body: { code: 'no' } }, { times: 2 });
    const both = [badBackup(rig.clock.now()), badBackup(rig.clock.now(), { dedupKey: 'backup_failed:other' })];
    expect(await rig.run(both)).toEqual({ blocked: 2 });
    expect(await rig.run(both.slice(1))).toEqual({});
    expect(await rig.states()).toEqual(['closed', 'blocked']);
    const renewed = new AlertPusher(partsOf(rig.place.store, rig.clock, { manifest: '1.1' }));
    expect(await runAlerts(renewed, rig.client, desireOf(both))).toEqual({ raised: 2 });
  });

  test('cyberapp 9.168: a dismissal that is refused is blocked, and open again when its condition is', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 400, body: { code: 'no' } });
    expect(await rig.run([])).toEqual({ blocked: 1 });
    expect(await rig.run([])).toEqual({});
    await rig.run([badBackup(rig.clock.now())]);
    expect(await rig.states()).toEqual(['open']);
    expect(await rig.run([])).toEqual({ closed: 1 });
  });

  test('cyberapp 9.168: an operator has what is blocked tried again, of one customer or one machine', async () => {
    await using rig = await alertRig();
    const { store } = rig.place;
    rig.fake.faults.next('alerts.create', { kind: 'status', status: 400, body: { code: 'no' } });
    await rig.run([badBackup(rig.clock.now())]);
    expect(await retryAlerts(store, { organizationId: 'o2' })).toBe(0);
    expect(await retryAlerts(store, { itemKey: VM })).toBe(1);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 400, body: { code: 'no' } });
    await rig.run([]);
    expect(await retryAlerts(store, { organizationId: 'o1' })).toBe(1);
    expect(await rig.run([])).toEqual({ closed: 1 });
    expect(await retryAlerts(store, {})).toBe(0);
  });
});

test('what waits for its hold time says when it is due', async () => {
  await using rig = await alertRig();
  const { store } = rig.place;
  const began = rig.clock.now();
  rig.clock.advance(MINUTE);
  await rig.run([vmError(began)]);
  expect(await nextDue(store, 'eu8')).toBe(began + 10 * MINUTE);
  rig.clock.advance(9 * MINUTE);
  expect(await rig.run([vmError(began)])).toEqual({ raised: 1 });
  expect(await nextDue(store, 'eu8')).toBeUndefined();
  await rig.run([]);
  expect(await nextDue(store, 'eu8')).toBe(began + 15 * MINUTE);
  await rig.run([vmError(began)]);
  expect(await nextDue(store, 'eu8')).toBeUndefined();
  await rig.run([]);
  rig.clock.advance(5 * MINUTE);
  expect(await rig.run([])).toEqual({ closed: 1 });
  expect(await nextDue(store, 'eu8')).toBeUndefined();
});

test('a tenant whose alerts are not wanted gets none', async () => {
  await using rig = await alertRig();
  const more = { push: { workloads: true, alerts: false } };
  expect(await rig.run([badBackup(rig.clock.now())], more)).toEqual({});
  expect(await rig.pusher.reconcile(desireOf([], more), rig.client, new AbortController().signal)).toEqual({});
  expect(await rig.pusher.plan(desireOf([badBackup(0)], more))).toEqual([]);
  expect([await rig.rows(), rig.fake.requests.count()]).toEqual([[], 0]);
});
