import { newUuid } from '@fairlead/kernel/ids';
import { lacksPostgres } from '@fairlead/testkit/db';
import { describe, expect, test } from 'vitest';
import { AlertPusher } from '../../src/service/push/alerts.ts';
import { alertRig, alertRows, badBackup, desireOf, HOUR, MINUTE, partsOf, runAlerts } from '../support/alert-rig.ts';
import { postgresPlace } from '../support/places.ts';

describe.skipIf(lacksPostgres())('alerts of two gateways on PostgreSQL', () => {
  test('cyberapp 9.161: no stamp is given twice, whoever makes the rows', async () => {
    await using rig = await alertRig({ newPlace: postgresPlace });
    const stores = [rig.place.store, rig.place.other];
    const pushers = stores.map((store) => new AlertPusher(partsOf(store, rig.clock)));
    const desires = Array.from({ length: 20 }, () => {
      const told = [1, 2, 3].map((at) => badBackup(rig.clock.now(), { dedupKey: `vm_error:${at}`, code: 'vm_error' }));
      return desireOf(told, { tenantId: newUuid() });
    });
    const signal = new AbortController().signal;
    await Promise.all(desires.map((desire, at) => pushers[at % 2]?.raise(desire, rig.client, signal)));
    const rows = await alertRows(rig.place.store);
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map(({ source_stamp: stamp }) => stamp)).size).toBe(60);
  });

  test('two that work on one tenant at once raise each alert once', async () => {
    await using rig = await alertRig({ newPlace: postgresPlace });
    const told = Array.from({ length: 20 }, (_, at) => badBackup(rig.clock.now(), { dedupKey: `backup_failed:${at}` }));
    const pushers = [rig.place.store, rig.place.other].map((store) => new AlertPusher(partsOf(store, rig.clock)));
    const signal = new AbortController().signal;
    const work = async (pusher: AlertPusher) => runAlerts(pusher, rig.client, desireOf(told), signal);
    await Promise.all(pushers.map(work));
    rig.clock.advance(MINUTE);
    await Promise.all(pushers.map(work));
    expect(rig.fake.alerts).toHaveLength(20);
    expect(await rig.states()).toEqual(Array(20).fill('open'));
    await Promise.all(pushers.map((pusher) => runAlerts(pusher, rig.client, desireOf([]), signal)));
    expect(rig.fake.openAlerts).toEqual([]);
  });

  test('cyberapp 9.158, 9.160, 9.128, 9.167: the life of an alert is the same as on SQLite', async () => {
    await using rig = await alertRig({ newPlace: postgresPlace });
    rig.fake.faults.next('alerts.create', { kind: 'resetAfterWrite' });
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ adopted: 1 });
    expect(await rig.run([])).toEqual({ closed: 1 });
    for (let time = 2; time <= 5; time += 1) {
      rig.clock.advance(10 * MINUTE);
      expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
      expect(await rig.run([])).toEqual(time === 5 ? {} : { closed: 1 });
    }
    rig.fake.dismiss(rig.fake.openAlerts[0]?.id ?? '');
    rig.clock.advance(HOUR);
    expect(await rig.reconcile()).toEqual({ dismissed: 1 });
    await rig.run([]);
    expect(await rig.states()).toEqual(Array(5).fill('closed'));
    expect(await rig.pusher.drop(desireOf([]))).toEqual({ dropped: 5 });
  });
});
