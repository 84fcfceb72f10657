import { acronisClass } from '@fairlead/acronis';
import type { Fault } from '@fairlead/acronis/fake';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import type { PushClient } from '../src/service/push/push-client.ts';
import { type AlertRig, alertRig, badBackup, desireOf, HOUR, MINUTE, runAlerts, VM } from './support/alert-rig.ts';

const failing = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
};

const calls = ({ fake }: AlertRig): readonly number[] => [fake.requests.count('alerts.create'), fake.requests.count('alerts.list')];

describe('cyberapp 9.128: an answer that was lost', () => {
  test.each<Fault>([{ kind: 'resetAfterWrite' }, { kind: 'half' }, { kind: 'garbage' }, { kind: 'wrongType' }, { kind: 'emptyOk' }])(
    '$kind: what was carried out is found by its stamp and not sent again',
    async (fault) => {
      await using rig = await alertRig();
      rig.fake.faults.next('alerts.create', fault);
      expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ adopted: 1 });
      expect(calls(rig)).toEqual([1, 1]);
      const [row] = await rig.rows();
      expect(row).toMatchObject({ state: 'open', alert_id: rig.fake.alerts[0]?.id.toLowerCase(), inflight_op: null });
      const target = new URL(rig.fake.requests.of('alerts.list')[0]?.target ?? '', 'http://x').searchParams;
      expect(Object.fromEntries(target)).toEqual({
        source: 'fairlead:9c1e',
        source_time_stamp: String(row?.source_stamp),
        show_deleted: 'true',
      });
      expect(await rig.run([])).toEqual({ closed: 1 });
    },
  );

  test('what was not carried out is sent again, after a look', async () => {
    await using rig = await alertRig();
    rig.fake.faults.next('alerts.create', { kind: 'reset' });
    rig.fake.faults.next('alerts.create', { kind: 'status', status: 502 });
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
    expect([calls(rig), rig.fake.alerts.length]).toEqual([[3, 2], 1]);
  });

  test('cyberapp 9.126: three failures are enough for a run: the row waits, and is looked up first when it is due', async () => {
    await using rig = await alertRig();
    rig.fake.faults.next('alerts.create', { kind: 'status', status: 500 }, { times: 3 });
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ failed: 1 });
    const at = rig.clock.now();
    const [row] = await rig.rows();
    expect(row).toMatchObject({ state: 'raising', inflight_op: 'raise', attempts: 1, next_attempt_ms: at + MINUTE });
    expect(row?.last_error).toContain('ACRONIS_SERVER');
    expect(await rig.run([badBackup(at)])).toEqual({});
    rig.clock.advance(MINUTE);
    expect(await rig.run([badBackup(at)])).toEqual({ raised: 1 });
    expect([calls(rig), rig.fake.alerts.length]).toEqual([[4, 4], 1]);
  });

  test('what lists show late may be there twice: the second one goes with the next comparison', async () => {
    await using rig = await alertRig({ fake: { visibilityDelayMs: MINUTE } });
    rig.fake.faults.next('alerts.create', { kind: 'resetAfterWrite' });
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
    expect(rig.fake.openAlerts).toHaveLength(2);
    rig.clock.advance(HOUR + MINUTE);
    expect(await rig.reconcile()).toEqual({ orphans: 1 });
    const [row] = await rig.rows();
    expect(rig.fake.openAlerts.map(({ id }) => id.toLowerCase())).toEqual([row?.alert_id]);
  });

  test('a person who dismissed it meanwhile has dismissed it', async () => {
    await using rig = await alertRig();
    rig.fake.faults.next('alerts.create', { kind: 'resetAfterWrite' });
    rig.fake.faults.next('alerts.list', { kind: 'status', status: 500 }, { times: 3 });
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ failed: 1 });
    rig.fake.dismiss(rig.fake.alerts[0]?.id ?? '');
    rig.clock.advance(MINUTE);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ adopted: 1 });
    expect(await rig.states()).toEqual(['dismissed']);
  });

  test('what is over by then is looked up, dismissed if it is there, and never sent again', async () => {
    await using rig = await alertRig();
    rig.fake.faults.next('alerts.create', { kind: 'resetAfterWrite' });
    rig.fake.faults.next('alerts.create', { kind: 'reset' }, { times: 3 });
    rig.fake.faults.next('alerts.list', { kind: 'status', status: 500 }, { times: 3 });
    await rig.run([badBackup(rig.clock.now())]);
    rig.clock.advance(HOUR);
    await rig.run([]);
    expect(await rig.run([])).toEqual({ closed: 1 });
    const other = badBackup(rig.clock.now(), { dedupKey: 'backup_failed:other' });
    await rig.run([other]);
    rig.clock.advance(HOUR);
    expect(await rig.run([])).toEqual({});
    expect([await rig.states(), rig.fake.alerts.length, rig.shown()]).toEqual([['closed', 'closed'], 1, []]);
  });

  test('a dismissal without an answer is repeated', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.faults.next('alerts.dismiss', { kind: 'resetAfterWrite' });
    expect(await rig.run([])).toEqual({ closed: 1 });
    expect(rig.fake.requests.count('alerts.dismiss')).toBe(2);
  });
});

describe('what concerns more than one alert', () => {
  test.each<[string, Fault]>([
    ['throttled', { kind: 'throttle', retryAfter: 60 }],
    ['forbidden', { kind: 'status', status: 403, body: { code: 'AccessDenied' } }],
  ])('%s is written to the row and told to the run; the others are not tried', async (kind, fault) => {
    await using rig = await alertRig();
    rig.fake.faults.next('alerts.create', fault);
    const both = [badBackup(rig.clock.now()), badBackup(rig.clock.now(), { dedupKey: 'backup_failed:other' })];
    expect(acronisClass(await failing(rig.run(both)))).toBe(kind);
    expect(rig.fake.requests.count('alerts.create')).toBe(1);
    expect(await rig.rows()).toMatchObject([
      { state: 'raising', inflight_op: null, attempts: 1, next_attempt_ms: rig.clock.now() + MINUTE },
      { state: 'raising', inflight_op: null, attempts: 0 },
    ]);
    rig.clock.advance(MINUTE);
    expect(await rig.run(both)).toEqual({ raised: 2 });
    expect(rig.fake.requests.count('alerts.list')).toBe(0);
  });

  test('a dismissal that was not heard of leaves the alert open when its condition is true again', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 403 });
    expect(acronisClass(await failing(rig.run([])))).toBe('forbidden');
    expect(await rig.states()).toEqual(['closing']);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({});
    expect([await rig.states(), rig.shown()]).toEqual([['open'], ['backup_failed']]);
  });

  test('one that may have been carried out does not: another episode tells of it', async () => {
    await using rig = await alertRig();
    await rig.run([badBackup(rig.clock.now())]);
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 500 }, { times: 3 });
    expect(await rig.run([])).toEqual({ failed: 1 });
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
    rig.clock.advance(MINUTE);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ closed: 1 });
    expect([await rig.states(), rig.shown()]).toEqual([['closed', 'open'], ['backup_failed']]);
  });
});

describe('an alert that never gets through', () => {
  const several = (now: number, howMany: number) =>
    Array.from({ length: howMany }, (_, at) => badBackup(now, { dedupKey: `backup_failed:${at}` }));

  test('does not keep the others, and comes after them in the next run', async () => {
    await using rig = await alertRig();
    const told = several(rig.clock.now(), 3);
    rig.fake.faults.next('alerts.create', { kind: 'status', status: 500 }, { times: 3 });
    expect(await rig.run(told)).toEqual({ raised: 2, failed: 1 });
    rig.clock.advance(MINUTE);
    const more = [...told, badBackup(rig.clock.now(), { dedupKey: 'backup_failed:new' })];
    rig.fake.faults.always('alerts.list', { kind: 'status', status: 500 });
    expect(await rig.run(more)).toEqual({ raised: 1, failed: 1 });
    rig.fake.faults.clear();
    expect(await rig.run([])).toEqual({ closed: 3 });
  });

  test('five of them in a row are the trouble of the tenant', async () => {
    await using rig = await alertRig();
    rig.fake.faults.always('alerts.create', { kind: 'status', status: 500 });
    const error = await failing(rig.run(several(rig.clock.now(), 6)));
    expect(acronisClass(error)).toBe('server');
    expect(rig.fake.requests.count('alerts.create')).toBe(15);
    expect((await rig.rows()).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1, 0]);
  });

  test('a list that cannot be had does not keep alerts from coming and going', async () => {
    await using rig = await alertRig();
    rig.fake.faults.always('alerts.list', { kind: 'status', status: 500 });
    expect(await rig.reconcile()).toEqual({ failed: 1 });
    rig.fake.faults.clear();
    rig.fake.faults.next('alerts.list', { kind: 'status', status: 403 });
    expect(acronisClass(await failing(rig.reconcile()))).toBe('forbidden');
  });
});

describe('a run that is stopped', () => {
  test('cyberapp 9.154: sends nothing more, and goes on later', async () => {
    await using rig = await alertRig();
    const stop = new AbortController();
    const { alerts } = rig.client;
    const stopping: PushClient = {
      ...{ datacenter: 'eu8', pausedUntil: undefined, workloads: rig.client.workloads },
      alerts: {
        list: (...args) => alerts.list(...args),
        findBySource: (...args) => alerts.findBySource(...args),
        get: (...args) => alerts.get(...args),
        dismiss: (...args) => alerts.dismiss(...args),
        // Lets what is under way end, as a run that is stopped does.
        create: async (draft) => {
          const id = await alerts.create(draft);
          stop.abort(new Error('stopped'));
          return id;
        },
      },
    };
    const both = [badBackup(rig.clock.now()), badBackup(rig.clock.now(), { dedupKey: 'backup_failed:other' })];
    await expect(runAlerts(rig.pusher, stopping, desireOf(both), stop.signal)).rejects.toThrow('stopped');
    expect(await rig.rows()).toMatchObject([
      { state: 'open', inflight_op: null },
      { state: 'raising', inflight_op: null },
    ]);
    expect(rig.fake.requests.count('alerts.create')).toBe(1);
    await expect(rig.pusher.reconcile(desireOf([]), rig.client, stop.signal)).rejects.toThrow('stopped');
    expect(await rig.run(both)).toEqual({ raised: 1 });
    await expect(rig.pusher.leave(desireOf([]), rig.client, stop.signal)).rejects.toThrow('stopped');
    expect(rig.fake.requests.count('alerts.dismiss')).toBe(0);
  });

  test('in the middle of a call leaves it in flight: it is looked up, and sent again after ten seconds at the earliest', async () => {
    await using rig = await alertRig();
    const stop = new AbortController();
    rig.fake.faults.next('alerts.create', { kind: 'hang' });
    const running = failing(runAlerts(rig.pusher, rig.client, desireOf([badBackup(rig.clock.now())]), stop.signal));
    await until(() => rig.fake.requests.count('alerts.create') === 1);
    stop.abort(new Error('stopped'));
    expect(await running).toMatchObject({ message: 'stopped' });
    expect((await rig.rows())[0]).toMatchObject({ state: 'raising', inflight_op: 'raise', attempts: 0 });
    expect((await rig.pusher.plan(desireOf([badBackup(0)]))).map(({ op }) => op)).toEqual(['look_up']);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({});
    expect(calls(rig)).toEqual([1, 1]);
    rig.clock.advance(10_000);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
    expect(calls(rig)).toEqual([2, 2]);
  });
});

test('cyberapp 9.153: a dry run tells what would be sent, and writes nothing', async () => {
  await using rig = await alertRig();
  const key = `backup_failed:${VM}`;
  const planned = await rig.pusher.plan(desireOf([badBackup(rig.clock.now())]));
  const operation = { org: 'o1', tenant: desireOf([]).tenantId, dc: 'eu8', kind: 'alert', key, changes: [] };
  expect(planned).toEqual([{ ...operation, op: 'raise', reason: 'Backup of shop-db-1 failed' }]);
  expect(await rig.rows()).toEqual([]);
  await rig.run([badBackup(rig.clock.now())]);
  expect(await rig.pusher.plan(desireOf([badBackup(rig.clock.now())]))).toEqual([]);
  expect(await rig.pusher.plan(desireOf([]))).toEqual([{ ...operation, op: 'close', reason: 'it is over' }]);
  expect(await rig.states()).toEqual(['open']);
});
