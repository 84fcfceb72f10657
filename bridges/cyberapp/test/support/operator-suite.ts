import { describe, expect, test } from 'vitest';
import { closeAlert, isClosable } from '../../src/service/push/alert-close.ts';
import { listAlerts } from '../../src/service/push/alert-list.ts';
import { pausePush, resumePush, retryPush } from '../../src/service/push/operator.ts';
import { connectorStatus } from '../../src/service/push/status.ts';
import { alertRig, badBackup, HOUR } from './alert-rig.ts';
import { connectorWorld, item, items } from './connector-world.ts';
import type { NewPlace } from './places.ts';

/** What an operator does, on every store. */
export function testOperator(name: string, newPlace: NewPlace): void {
  describe(`an operator on ${name}`, () => {
    testPauses(newPlace);
    testRetries(newPlace);
    testAlerts(newPlace);
  });
}

function testPauses(newPlace: NewPlace): void {
  test('a pause holds until it is ended, for a customer or a data center, and status tells of it', async () => {
    await using world = await connectorWorld(newPlace);
    const { store, c1, tenants } = world;
    const customer = { organizationId: c1.id };
    const center = { datacenterId: 'eu8' };
    world.show(c1, items(1));
    expect([await pausePush(store, customer), await pausePush(store, { organizationId: world.c2.id })]).toEqual([1, 0]);
    world.clock.advance(365 * 24 * HOUR);
    expect((await world.run()).counts).toEqual({ skipped: 1 });
    expect((await connectorStatus(store, [])).tenants).toMatchObject([{ acronis_tenant_id: tenants.c1, paused_reason: 'operator' }]);
    expect([await resumePush(store, customer), await resumePush(store, customer)]).toEqual([1, 0]);
    expect((await world.run()).counts).toMatchObject({ created: 1 });

    expect([await pausePush(store, center), await pausePush(store, center)]).toEqual([1, 1]);
    expect(await world.run()).toMatchObject({ outcome: 'paused' });
    expect(await connectorStatus(store, ['eu8', 'us5'])).toMatchObject({
      datacenters: [
        {
          id: 'eu8',
          paused: { paused_reason: 'operator' },
          running: undefined,
          last: { outcome: 'ok' },
          workloads: { live: 1 },
          alerts: {},
        },
        { id: 'us5', paused: undefined, last: undefined, workloads: {} },
      ],
      tenants: [],
    });
    expect([await resumePush(store, center), await resumePush(store, center)]).toEqual([1, 0]);
    expect(await world.run()).toMatchObject({ outcome: 'ok' });
  });
}

function testRetries(newPlace: NewPlace): void {
  test('what was refused is tried again when it is asked for, of an item or a customer, and a pause of an operator stays', async () => {
    await using world = await connectorWorld(newPlace);
    const { store, c1 } = world;
    world.show(c1, [item('vm-1'), item('vm-2', { attributes: { cpu_count: 'many' } })]);
    await world.run();
    expect((await world.rows()).map((row) => row.state)).toEqual(['live', 'blocked']);
    const before = world.writes();
    await world.run();
    expect(world.writes()).toBe(before);
    expect(await retryPush(store, { itemKey: 'vm-2' })).toEqual({ tenants: 0, workloads: 1, alerts: 0 });
    await world.run();
    expect(world.writes()).toBeGreaterThan(before);
    await pausePush(store, { organizationId: c1.id });
    expect(await retryPush(store, { organizationId: c1.id })).toEqual({ tenants: 0, workloads: 1, alerts: 0 });
    expect(await retryPush(store, { organizationId: world.c2.id })).toEqual({ tenants: 0, workloads: 0, alerts: 0 });
    expect(await world.target()).toMatchObject({ paused_reason: 'operator' });
  });

  test('a change that was refused is told anew as a whole, and a tenant that shut us out is tried before its time', async () => {
    await using world = await connectorWorld(newPlace);
    const { store, c1, fake } = world;
    world.show(c1, items(1));
    await world.run();
    world.show(c1, [item('vm-1', { attributes: { cpu_count: 4 } })]);
    fake.faults.next('workloads.update', { kind: 'status', status: 400 });
    await world.run();
    expect(await world.rows()).toMatchObject([{ state: 'blocked', workload_id: expect.any(String) }]);
    await retryPush(store, { organizationId: c1.id });
    expect((await world.run()).counts).toMatchObject({ updated: 1 });
    expect(fake.workloads).toMatchObject([{ attributes: { cpu_count: 4 } }]);

    world.show(c1, [item('vm-1', { attributes: { cpu_count: 8 } })]);
    fake.faults.next('workloads.update', { kind: 'status', status: 403 });
    await world.run();
    expect(await world.target()).toMatchObject({ paused_reason: 'forbidden' });
    expect((await world.run()).counts).toEqual({ skipped: 1 });
    expect(await retryPush(store, { organizationId: c1.id })).toMatchObject({ tenants: 1 });
    expect((await world.run()).counts).toMatchObject({ updated: 1 });
  });
}

function testAlerts(newPlace: NewPlace): void {
  test('an alert that an operator closes is dismissed: no other one while it is true, and a new one when it comes again', async () => {
    await using rig = await alertRig({ newPlace });
    const { store } = rig.place;
    const signal = new AbortController().signal;
    const told = [badBackup(rig.clock.now())];
    expect(await rig.run(told)).toEqual({ raised: 1 });
    const [shown] = await listAlerts(store, { isOpen: true });
    if (shown === undefined) throw new Error('there is no alert');
    expect(shown.title).toBe(told[0]?.title);
    rig.fake.faults.next('alerts.dismiss', { kind: 'status', status: 400 });
    await expect(closeAlert({ store, clock: rig.clock }, shown.row, rig.client, signal)).rejects.toMatchObject({ code: 'ACRONIS_REFUSED' });
    const [again] = await listAlerts(store, { key: shown.row.dedup_key });
    expect(again?.row).toMatchObject({ state: 'open', inflight_op: null, last_error: expect.any(String) });
    expect(await closeAlert({ store, clock: rig.clock }, again?.row ?? shown.row, rig.client, signal)).toBe(true);
    // The row is not as it was read any more.
    expect(await closeAlert({ store, clock: rig.clock }, again?.row ?? shown.row, rig.client, signal)).toBe(false);
    expect(rig.fake.openAlerts).toEqual([]);
    expect(await rig.run(told)).toEqual({});
    const [closed] = await listAlerts(store);
    expect(closed?.row.state).toBe('dismissed');
    expect(closed === undefined || isClosable(closed.row)).toBe(false);
    await rig.run([]);
    expect(await listAlerts(store)).toEqual([]);
    expect(await rig.run([badBackup(rig.clock.now())])).toEqual({ raised: 1 });
  });
}
