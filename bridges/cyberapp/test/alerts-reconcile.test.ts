import { alertCategoryCti, alertTypeCti } from '@fairlead/acronis/codec';
import { describe, expect, test } from 'vitest';
import { type AlertRig, APP, alertRig, badBackup, DAY, desireOf, HOUR, MINUTE, OTHER, SOURCE, TENANT } from './support/alert-rig.ts';

/** An alert that no row knows. */
function stray({ client, clock }: AlertRig, more: { source?: string; type?: string; tenantId?: string } = {}): Promise<string> {
  return client.alerts.create({
    type: alertTypeCti(APP, 'backup_failed'),
    category: alertCategoryCti(APP, 'backup'),
    tenantId: TENANT,
    createdAt: new Date(clock.now()).toISOString(),
    source: SOURCE,
    sourceTimeStamp: 7n,
    details: { title: 't', description: 'd', fields: {} },
    ...more,
  });
}

describe('the comparison with Acronis', () => {
  test('cyberapp 9.169: ours that nobody knows is dismissed after an hour; that of another source or tenant is left alone', async () => {
    await using rig = await alertRig();
    const ours = await stray(rig);
    const others = [await stray(rig, { source: 'fairlead:other' }), await stray(rig, { tenantId: OTHER })];
    rig.clock.advance(HOUR);
    expect(await rig.reconcile()).toEqual({});
    rig.clock.advance(1);
    expect(await rig.reconcile()).toEqual({ orphans: 1 });
    expect(rig.fake.openAlerts.map(({ id }) => id.toLowerCase())).toEqual(others);
    expect(rig.fake.alerts.find(({ deletedAt }) => deletedAt !== undefined)?.id.toLowerCase()).toBe(ours);
    expect(rig.fake.requests.count('alerts.dismissMany')).toBe(0);
    expect(await rig.reconcile()).toEqual({});
  });

  test('cyberapp 9.169: an orphan that Acronis does not let go stops nothing', async () => {
    await using rig = await alertRig();
    await stray(rig);
    await stray(rig);
    rig.clock.advance(2 * HOUR);
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 400 });
    expect(await rig.reconcile()).toEqual({ orphans: 1, blocked: 1 });
  });

  test('what is open here and gone there is raised again while it is young', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.purgeAlert(rig.fake.alerts[0]?.id ?? '');
    rig.clock.advance(30 * DAY - 1);
    expect(await rig.reconcile()).toEqual({ vanished: 1 });
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
    expect(await rig.states()).toEqual(['closed', 'open']);
  });

  test('and counts as dismissed when it is old: Acronis may have purged it', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.purgeAlert(rig.fake.alerts[0]?.id ?? '');
    rig.clock.advance(30 * DAY);
    expect(await rig.reconcile()).toEqual({ dismissed: 1 });
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({});
    expect(await rig.states()).toEqual(['dismissed']);
  });

  test('what a list leaves out is asked for by its id before it counts as gone', async () => {
    await using rig = await alertRig({ fake: { visibilityDelayMs: HOUR } });
    await rig.run([badBackup(rig.clock.now())]);
    expect(await rig.reconcile()).toEqual({});
    expect([await rig.states(), rig.fake.requests.count('alerts.get')]).toEqual([['open'], 1]);
    rig.fake.dismiss(rig.fake.alerts[0]?.id ?? '');
    expect(await rig.reconcile()).toEqual({ dismissed: 1 });
  });

  test('what was sent without an answer is found by its stamp', async () => {
    await using rig = await alertRig();
    rig.fake.faults.next('alerts.create', { kind: 'resetAfterWrite' });
    rig.fake.faults.next('alerts.list', { kind: 'status', status: 500 }, { times: 3 });
    await rig.run([badBackup(rig.clock.now())]).catch(() => undefined);
    rig.clock.advance(2 * HOUR);
    expect(await rig.reconcile()).toEqual({ adopted: 1 });
    expect([await rig.states(), rig.fake.openAlerts.length]).toEqual([['open'], 1]);
  });

  test('a dismissal that was refused ends when a person has dismissed it', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 400 });
    await rig.run([]);
    rig.fake.dismiss(rig.fake.alerts[0]?.id ?? '');
    expect(await rig.reconcile()).toEqual({ dismissed: 1 });
    expect(await rig.states()).toEqual(['closed']);
  });

  test('all pages are read, and rows that ended long ago are forgotten', async () => {
    await using rig = await alertRig({ fake: { pageSize: 2 } });
    const five = Array.from({ length: 5 }, (_, at) => badBackup(rig.clock.now(), { dedupKey: `backup_failed:${at}` }));
    await rig.run(five);
    for (const { id } of rig.fake.alerts) rig.fake.dismiss(id);
    expect(await rig.reconcile()).toEqual({ dismissed: 5 });
    expect(rig.fake.requests.count('alerts.list')).toBe(3);
    await rig.run([]);
    rig.clock.advance(90 * DAY);
    await rig.reconcile();
    expect(await rig.states()).toHaveLength(5);
    rig.clock.advance(1);
    await rig.reconcile();
    expect(await rig.rows()).toEqual([]);
  });
});

describe('a tenant that is left', () => {
  const left = desireOf([]);

  test('cyberapp 9.148: everything of ours is dismissed at once, and forgotten', async () => {
    await using rig = await alertRig();
    const now = rig.clock.now();
    const held = badBackup(now, { dedupKey: 'vm_error:x', code: 'vm_error', since: now - HOUR });
    const pending = badBackup(now, { dedupKey: 'vm_error:y', code: 'vm_error' });
    await rig.run([badBackup(now), held, pending]);
    const person = rig.fake.alerts[0]?.id ?? '';
    rig.fake.dismiss(person);
    await rig.reconcile();
    expect(await rig.pusher.leave(left, rig.client, new AbortController().signal)).toEqual({ closed: 1 });
    expect([await rig.rows(), rig.shown()]).toEqual([[], []]);
    const sent = rig.fake.requests.count();
    expect(await rig.pusher.leave(left, rig.client, new AbortController().signal)).toEqual({});
    expect(rig.fake.requests.count()).toBe(sent);
  });

  test.each([0, 9000])('what was sent without an answer is looked for, also when lists show it after %d ms', async (visibilityDelayMs) => {
    await using rig = await alertRig({ fake: { visibilityDelayMs } });
    rig.fake.faults.next('alerts.create', { kind: 'resetAfterWrite' });
    rig.fake.faults.next('alerts.list', { kind: 'status', status: 500 }, { times: 3 });
    await rig.run([badBackup(rig.clock.now())]).catch(() => undefined);
    expect(await rig.pusher.leave(left, rig.client, new AbortController().signal)).toEqual({ closed: 1 });
    expect([await rig.rows(), rig.shown()]).toEqual([[], []]);
  });

  test('what Acronis does not let go is forgotten with the rest; what it forbids is tried again', async () => {
    await using rig = await alertRig();
    const both = [badBackup(rig.clock.now()), badBackup(rig.clock.now(), { dedupKey: 'backup_failed:other' })];
    await rig.run(both);
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 400 });
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 403 });
    const signal = new AbortController().signal;
    await expect(rig.pusher.leave(left, rig.client, signal)).rejects.toMatchObject({ code: 'ACRONIS_FORBIDDEN' });
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 400 });
    expect(await rig.pusher.leave(left, rig.client, signal)).toEqual({ blocked: 1, closed: 1 });
    expect(await rig.rows()).toEqual([]);
  });

  test('what fails is tried again: the tenant is not left before', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 500 }, { times: 3 });
    const signal = new AbortController().signal;
    await expect(rig.pusher.leave(left, rig.client, signal)).rejects.toMatchObject({ code: 'ACRONIS_SERVER' });
    expect(await rig.states()).toEqual(['closing']);
    expect(await rig.pusher.leave(left, rig.client, signal)).toEqual({ closed: 1 });
    expect(await rig.rows()).toEqual([]);
  });

  test('cyberapp 9.148: without a call, all is forgotten at once', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    await rig.run([badBackup(rig.clock.now())], { tenantId: OTHER, organizationId: 'o2' });
    rig.clock.advance(MINUTE);
    expect(await rig.pusher.drop(left)).toEqual({ dropped: 1 });
    expect((await rig.rows()).map(({ acronis_tenant_id: tenant }) => tenant)).toEqual([OTHER]);
    expect(rig.fake.openAlerts).toHaveLength(2);
  });
});
