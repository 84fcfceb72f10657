import { describe, expect, test } from 'vitest';
import { type ConnectorWorld, connectorWorld, HOUR, item, items, MINUTE, withWorkloads } from './connector-world.ts';
import type { NewPlace } from './places.ts';

/** What is known of creations whose answer says nothing, or never came (cyberapp 4.5). */
export function testAdoption(dialect: string, newPlace: NewPlace): void {
  describe(`adoption (${dialect})`, () => {
    test('cyberapp 9.127: a creation whose answer is lost is looked up and adopted, not sent again', async () => {
      await using world = await connectorWorld(newPlace);
      world.fake.faults.next('workloads.create', { kind: 'resetAfterWrite' });
      world.show(world.c1, items(3));
      expect((await world.run()).counts).toMatchObject({ adopted: 3 });
      world.fake.requests.expectCount('workloads.create', 1);
      expect(world.keysAt()).toHaveLength(3);
      expect((await world.rows()).every((row) => row.state === 'live')).toBe(true);
    });

    test('cyberapp 9.142: hidden for five minutes after a lost answer, it is still created once', async () => {
      await using world = await connectorWorld(newPlace, { fake: { duplicates: 'duplicate', visibilityDelayMs: 5 * MINUTE } });
      world.fake.faults.next('workloads.create', { kind: 'resetAfterWrite' });
      world.show(world.c1, items(2));
      await runFor(world, 40 * MINUTE);
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2']);
      expect((await world.rows()).every((row) => row.state === 'live')).toBe(true);
      world.fake.requests.expectCount('workloads.create', 1);
    });

    test('what never arrived is sent again after three listings and the grace, and counted', async () => {
      await using world = await connectorWorld(newPlace);
      world.fake.faults.next('workloads.create', { kind: 'status', status: 502 });
      world.show(world.c1, items(2));
      const began = world.clock.now();
      await world.run();
      let second = 0;
      let listings = 0;
      while (second === 0 && world.clock.now() - began < HOUR) {
        world.clock.advance(MINUTE);
        const before = world.fake.requests.count('workloads.list');
        second = (await world.run()).counts.second_posts ?? 0;
        if (world.fake.requests.count('workloads.list') > before) listings += 1;
      }
      expect(second).toBe(2);
      expect(listings).toBeGreaterThanOrEqual(3);
      expect(world.clock.now() - began).toBeGreaterThanOrEqual(15 * MINUTE);
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2']);
      expect((await world.rows()).every((row) => row.state === 'live')).toBe(true);
    });

    test('cyberapp 9.143: of two with one key the newer is removed, and the older is ours', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(2));
      await world.run();
      const [first] = world.fake.workloads;
      world.clock.advance(HOUR);
      await world.client.workloads.create([
        { type: first?.type ?? '', name: 'again', attributes: { ...first?.attributes }, tenantId: world.tenants.c1, enabled: true },
      ]);
      expect((await world.run()).counts).toMatchObject({ duplicates: 1 });
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2']);
      expect(world.fake.workloads.map((row) => row.id)).toContain(first?.id);
    });

    test('when ours is the newer of two, the older is taken over and brought up to date', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, []);
      const type = 'cti.a.p.wm.workload.v1.0~a.p.wm.aspect.v1.0~acme.fairlead.virtual_machine.v1.0';
      const draft = (name: string) => ({
        ...{ type, name, tenantId: world.tenants.c1, enabled: true, externalId: 'vm-1' },
        attributes: { fairlead_key: 'vm-1', status: 'OFFLINE' },
      });
      await world.client.workloads.create([draft('old')]);
      world.clock.advance(MINUTE);
      await world.client.workloads.create([draft('new')]);
      world.show(world.c1, items(1));
      expect((await world.run()).counts).toMatchObject({ adopted: 1, duplicates: 1, updated: 1 });
      world.fake.requests.expectCount('workloads.create', 2);
      expect(world.fake.workloads).toMatchObject([{ name: 'vm-1', attributes: { status: 'ONLINE' } }]);
    });

    test('cyberapp 9.144: what a person removed is created once more, whether it changed or not', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(2));
      await world.run();
      const idOf = (key: string) => world.fake.workloads.find((row) => row.externalId === key)?.id ?? '';
      world.fake.removeWorkload(idOf('vm-1'));
      world.show(world.c1, [item('vm-1', { name: 'renamed' }), item('vm-2')]);
      expect((await world.run()).counts).toMatchObject({ vanished: 1, created: 1 });
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2']);
      world.fake.removeWorkload(idOf('vm-2'));
      world.clock.advance(HOUR);
      expect((await world.run()).counts.vanished).toBeUndefined();
      world.clock.advance(HOUR);
      expect((await world.run()).counts).toMatchObject({ vanished: 1, created: 1, adopted: 1 });
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2']);
      expect((await world.rows()).map((row) => row.state)).toEqual(['live', 'live']);
    });

    test('a listing that lacks a workload once says nothing', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(2));
      await world.run();
      const short = withWorkloads(world.client, {
        list: async function* (query, signal) {
          for await (const workload of world.client.workloads.list(query, signal)) if (workload.externalId !== 'vm-1') yield workload;
        },
      });
      world.clock.advance(HOUR);
      await world.run({}, { client: short });
      world.clock.advance(HOUR);
      await world.run();
      world.clock.advance(HOUR);
      expect((await world.run({}, { client: short })).counts.vanished).toBeUndefined();
      expect(world.fake.requests.count('workloads.create')).toBe(1);
    });

    test('cyberapp 9.145: where `external_id` is refused, workloads are known by their attribute', async () => {
      await using world = await connectorWorld(newPlace, { fake: { strict: 'reject-unknown' } });
      world.show(world.c1, items(3));
      expect((await world.run()).counts).toMatchObject({ created: 3, adopted: 3 });
      world.show(world.c1, items(5));
      await world.run();
      expect(world.client.workloads.sendsExternalId).toBe(false);
      expect(world.keysAt()).toHaveLength(5);
      const bodies = world.fake.requests.of('workloads.create').map(({ body }) => JSON.stringify(body).includes('external_id'));
      expect(bodies).toEqual([true, false, false]);
    });

    test('cyberapp 9.146: a listing that names tenants by their old numbers is good enough', async () => {
      await using world = await connectorWorld(newPlace, { fake: { tenantIdForm: 'legacy' } });
      world.show(world.c1, items(3));
      expect((await world.run()).counts).toMatchObject({ adopted: 3 });
    });

    test('cyberapp 9.147: 250 rows on pages that lose and repeat rows are a complete set', async () => {
      await using world = await connectorWorld(newPlace, { settings: { batchSize: 250 } });
      await world.client.workloads.create([
        {
          type: 'cti.a.p.wm.workload.v1.0~a.p.wm.aspect.v1.0~acme.fairlead.virtual_machine.v1.0',
          ...{ name: 'of somebody else', tenantId: world.tenants.c1, enabled: true },
          attributes: { fairlead_key: 'not ours', status: 'ONLINE' },
        },
      ]);
      world.show(world.c1, items(250));
      world.fake.faults.next('workloads.list', { kind: 'status', status: 503 });
      world.fake.faults.next('workloads.list', { kind: 'losePages', rows: 10 });
      await world.run();
      await runFor(world, 30 * MINUTE);
      const rows = await world.rows();
      expect(rows).toHaveLength(250);
      expect(rows.every((row) => row.state === 'live')).toBe(true);
      const ours = world.keysAt().filter((key) => key !== 'not ours');
      expect([ours.length, new Set(ours).size]).toEqual([250, 250]);
    });

    test('what nobody knows is reported and stays', async () => {
      await using world = await connectorWorld(newPlace);
      await world.client.workloads.create([
        {
          type: 'cti.a.p.wm.workload.v1.0~a.p.wm.aspect.v1.0~acme.fairlead.vps.v1.0',
          ...{ name: 'of a person', tenantId: world.tenants.c1, enabled: true },
          attributes: { fairlead_key: 'unknown', status: 'ONLINE' },
        },
      ]);
      world.show(world.c1, items(1));
      expect((await world.run()).counts.foreign).toBeGreaterThan(0);
      expect(world.keysAt()).toEqual(['unknown', 'vm-1']);
    });

    test('what vanished before it was found is sought, and then forgotten', async () => {
      await using world = await connectorWorld(newPlace);
      world.fake.faults.next('workloads.create', { kind: 'status', status: 502 });
      world.show(world.c1, items(1));
      await world.run();
      await world.link(world.as.p1, [world.c1, undefined]);
      await runFor(world, HOUR);
      expect([await world.rows(), await world.target(), world.keysAt()]).toEqual([[], undefined, []]);
    });

    test('what vanished before it was found is removed when it shows up', async () => {
      await using world = await connectorWorld(newPlace, { fake: { visibilityDelayMs: 8 * MINUTE } });
      world.fake.faults.next('workloads.create', { kind: 'resetAfterWrite' });
      world.show(world.c1, items(1));
      await world.run();
      await world.link(world.as.p1, [world.c1, undefined]);
      await runFor(world, HOUR);
      expect([await world.rows(), await world.target(), world.keysAt()]).toEqual([[], undefined, []]);
    });
  });
}

/** Runs every minute. */
async function runFor(world: ConnectorWorld, ms: number): Promise<void> {
  for (const ends = world.clock.now() + ms; world.clock.now() < ends; world.clock.advance(MINUTE)) await world.run();
}
