import { describe, expect, test } from 'vitest';
import { connectorWorld, HOUR, item, items, MINUTE, noAlerts } from './connector-world.ts';
import type { NewPlace } from './places.ts';

/** Workloads of one tenant, from the first run to the last (cyberapp 4.5 to 4.10). */
export function testPush(dialect: string, newPlace: NewPlace): void {
  describe(`workloads (${dialect})`, () => {
    test('cyberapp 9.135: three items are one request, a listing and three ids; the second run sends nothing', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(3));
      const asked: string[] = [];
      expect(await world.run({}, { alerts: noAlerts(asked) })).toMatchObject({ outcome: 'ok', counts: { created: 3, adopted: 3 } });
      world.fake.requests.expectOrder('workloads.list', 'workloads.create', 'workloads.list');
      world.fake.requests.expectCount('workloads.create', 1);
      expect(asked).toEqual(['reconcile', 'raise', 'close']);
      const rows = await world.rows();
      expect(rows.map(({ state, inflight_op, attempts }) => [state, inflight_op, attempts])).toEqual(
        Array.from({ length: 3 }, () => ['live', null, 0]),
      );
      expect(new Set(rows.map((row) => row.workload_id))).toEqual(new Set(world.fake.workloads.map((row) => row.id)));
      expect(rows.every((row) => row.sent_hash === row.content_hash)).toBe(true);
      expect(world.fake.workloads.map((row) => row.externalId).toSorted()).toEqual(['vm-1', 'vm-2', 'vm-3']);
      const before = world.fake.requests.count();
      world.clock.advance(30 * MINUTE);
      expect((await world.run()).counts).toEqual({ tenants: 1 });
      expect(world.fake.requests.count()).toBe(before);
    });

    test('cyberapp 9.136: only what changed is sent; what changes all the time waits for six hours', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, [item('vm-1', { attributes: { last_backup: '2026-01-01T00:00:00Z' } }), item('vm-2')]);
      await world.run();
      world.show(world.c1, [item('vm-1', { name: 'renamed', attributes: { last_backup: '2026-01-01T00:00:00Z' } }), item('vm-2')]);
      expect((await world.run()).counts).toMatchObject({ updated: 1 });
      expect(world.fake.requests.of('workloads.update').map(({ body }) => body)).toEqual([{ name: 'renamed' }]);
      const later = { last_backup: '2026-01-01T03:00:00Z' };
      world.show(world.c1, [item('vm-1', { name: 'renamed', attributes: later }), item('vm-2')]);
      world.clock.advance(6 * HOUR - 1);
      expect((await world.run()).counts.updated).toBeUndefined();
      world.clock.advance(1);
      expect((await world.run()).counts.updated).toBe(1);
      const [, second] = world.fake.requests.of('workloads.update');
      expect(second?.body).toEqual({ attributes: { fairlead_key: 'vm-1', status: 'ONLINE', ...later } });
    });

    test('cyberapp 9.137: what is gone leaves after two complete runs and an hour', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(3));
      await world.run();
      world.show(world.c1, items(2));
      await world.run();
      world.clock.advance(HOUR - 1);
      await world.run();
      expect(world.keysAt()).toHaveLength(3);
      world.clock.advance(1);
      expect((await world.run()).counts.removed).toBe(1);
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2']);
      expect(await world.rows()).toHaveLength(2);
    });

    test('cyberapp 9.137: one complete run is not enough, however long ago; what a person removed is forgotten all the same', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(3));
      await world.run();
      world.show(world.c1, items(2));
      await world.run();
      world.show(world.c1, items(2), []);
      world.clock.advance(2 * HOUR);
      await world.run();
      expect(world.keysAt()).toHaveLength(3);
      const gone = world.fake.workloads.find((row) => row.externalId === 'vm-3');
      world.fake.removeWorkload(gone?.id ?? '');
      world.show(world.c1, items(2));
      expect((await world.run()).counts.removed).toBe(1);
      expect(await world.rows()).toHaveLength(2);
    });

    test('cyberapp 9.138: of a source that is incomplete nothing leaves, and what is readable is updated', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(3));
      await world.run();
      world.show(world.c1, [item('vm-1', { name: 'renamed' })], ['ovh']);
      for (let round = 0; round < 3; round += 1) {
        world.clock.advance(HOUR);
        await world.run();
      }
      expect(world.keysAt()).toHaveLength(3);
      expect(world.fake.workloads.map((row) => row.name).toSorted()).toEqual(['renamed', 'vm-2', 'vm-3']);
    });

    test('cyberapp 9.139: too much gone at once is guarded until the operator allows it', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(10));
      await world.run();
      world.show(world.c1, items(4));
      for (let round = 0; round < 4; round += 1) {
        await world.run();
        world.clock.advance(HOUR);
      }
      expect((await world.run()).counts.guarded).toBe(1);
      expect(world.fake.requests.count('workloads.delete')).toBe(0);
      expect((await world.target())?.paused_reason).toBe('delete_guard');
      expect((await world.run({ allowDeletes: new Set([world.c1.id]) })).counts.removed).toBe(6);
      expect(world.keysAt()).toHaveLength(4);
      await world.run();
      expect((await world.target())?.paused_reason).toBeNull();
    });

    test('cyberapp 9.139: a few of many may leave, a whole source may not, and what returns ends the guard', async () => {
      await using world = await connectorWorld(newPlace);
      const site = item('site-1', { source: 'blueonyx', type: 'web_site' });
      world.show(world.c1, [...items(10), site]);
      await world.run();
      world.show(world.c1, items(10));
      for (let round = 0; round < 3; round += 1) {
        await world.run();
        world.clock.advance(HOUR);
      }
      expect((await world.target())?.paused_reason).toBe('delete_guard');
      world.show(world.c1, [...items(7), site]);
      for (let round = 0; round < 3; round += 1) {
        await world.run();
        world.clock.advance(HOUR);
      }
      expect(world.keysAt()).toHaveLength(8);
      expect((await world.target())?.paused_reason).toBeNull();
    });

    test('cyberapp 9.140: 101 removals are two requests, each with its ids', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(103));
      await world.run();
      world.show(world.c1, items(2));
      await world.run();
      world.clock.advance(HOUR);
      expect((await world.run({ allowDeletes: new Set([world.c1.id]) })).counts.removed).toBe(101);
      const named = world.fake.requests
        .of('workloads.delete')
        .map(({ target }) => decodeURIComponent(target).match(/[0-9a-f-]{36}/g)?.length);
      expect(named).toEqual([100, 1]);
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2']);
    });

    test('cyberapp 9.141: the bad item of a batch is blocked with what Acronis said, until it changes', async () => {
      await using world = await connectorWorld(newPlace, { fake: { batch: 'partial' } });
      const poison = item('vm-17', { attributes: { cpu_count: 'many' } });
      const good = items(50).filter(({ itemKey }) => itemKey !== 'vm-17');
      world.show(world.c1, [...good, poison]);
      expect((await world.run()).counts).toMatchObject({ blocked: 1, adopted: 49 });
      expect(world.keysAt()).toHaveLength(49);
      const blocked = (await world.rows()).find((row) => row.item_key === 'vm-17');
      expect(blocked).toMatchObject({ state: 'blocked', workload_id: null, last_error: expect.stringContaining('ACRONIS_REFUSED') });
      const before = world.writes();
      world.clock.advance(30 * MINUTE);
      await world.run();
      expect(world.writes()).toBe(before);
      world.show(world.c1, [...good, item('vm-17', { attributes: { cpu_count: 4 } })]);
      expect((await world.run()).counts).toMatchObject({ created: 1 });
      expect(new Set(world.keysAt()).size).toBe(50);
      expect(world.keysAt()).toHaveLength(50);
    });

    test('cyberapp 9.141: where a refused batch is not taken in part, halves find the bad item too', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, [...items(9), item('bad', { attributes: { cpu_count: 'many' } })]);
      expect((await world.run()).counts).toMatchObject({ blocked: 1, created: 9, adopted: 9 });
      expect(world.keysAt()).toHaveLength(9);
    });

    test('what is too large halves the batches of the data center', async () => {
      await using world = await connectorWorld(newPlace);
      world.fake.faults.next('workloads.create', { kind: 'status', status: 413 });
      world.show(world.c1, items(100));
      await world.run();
      const sizes = world.fake.requests.of('workloads.create').map(({ body }) => (body as { items: unknown[] }).items.length);
      expect(sizes).toEqual([50, 25, 25, 25, 25]);
      expect(world.keysAt()).toHaveLength(100);
    });

    test('cyberapp 9.155: a machine that moves to another customer leaves the one as it joins the other', async () => {
      await using world = await connectorWorld(newPlace);
      await world.link(world.as.p1, [world.c2, world.tenants.c2]);
      world.show(world.c1, [item('vm-1'), item('moved')]);
      world.show(world.c2, [item('vm-2')]);
      await world.run();
      world.show(world.c1, [item('vm-1')]);
      world.show(world.c2, [item('vm-2'), item('moved')]);
      await world.run();
      expect([world.keysAt(), world.keysAt(world.tenants.c2)]).toEqual([['vm-1'], ['moved', 'vm-2']]);
    });

    test('cyberapp 9.148: what an unmapped customer had is removed; with `keep` it is forgotten without a call', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(3));
      await world.run();
      await world.link(world.as.p1, [world.c1, undefined]);
      const asked: string[] = [];
      expect((await world.run({}, { alerts: noAlerts(asked) })).counts.removed).toBe(3);
      expect([world.keysAt(), await world.rows(), await world.target(), asked]).toEqual([[], [], undefined, ['leave']]);
      await world.link(world.as.p1, [world.c1, world.tenants.c1]);
      await world.run();
      await world.link(world.as.p1, [world.c1, undefined]);
      const before = world.fake.requests.count();
      const settings = { ...world.parts().settings, onUnmap: 'keep' as const };
      await world.run({}, { settings, alerts: noAlerts(asked) });
      expect([world.fake.requests.count(), await world.rows(), await world.target()]).toEqual([before, [], undefined]);
      expect(asked).toContain('drop');
    });

    test('cyberapp 9.149: a customer who is mapped anew is shown in the new tenant, with the same keys, and no more in the old', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(3));
      await world.run();
      await world.link(world.as.p1, [world.c1, world.tenants.next]);
      await world.run();
      expect([world.keysAt(), world.keysAt(world.tenants.next)]).toEqual([[], ['vm-1', 'vm-2', 'vm-3']]);
    });

    test('what comes back before it was removed stays', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(3));
      await world.run();
      world.show(world.c1, items(2));
      await world.run();
      world.clock.advance(HOUR);
      world.fake.faults.next('workloads.delete', { kind: 'status', status: 500 }, { times: 3 });
      await world.run();
      expect((await world.rows()).map((row) => row.state)).toEqual(['live', 'live', 'leaving']);
      world.show(world.c1, items(3));
      await world.run();
      expect((await world.rows()).map((row) => row.state)).toEqual(['live', 'live', 'live']);
      expect(world.keysAt()).toHaveLength(3);
    });
  });
}
