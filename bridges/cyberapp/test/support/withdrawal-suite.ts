import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import type { OrganizationRow } from '../../src/store/tables.ts';
import { connectorRig } from './connector-rig.ts';
import { HOUR, MINUTE } from './connector-world.ts';
import { fact, VM_KEY, vm } from './desire-items.ts';
import type { NewPlace } from './places.ts';

const OPERATOR = { trigger: 'operator' } as const;

/** A customer whose machine and whose broken backup are shown, and whose `push` is then changed. */
async function shownCustomer(newPlace: NewPlace, keys = '') {
  const rig = await connectorRig(newPlace);
  const { world, told } = rig;
  await rig.sources.add({ organizationId: world.c1.id, source: 'cloudstack', kind: 'domain', selector: 'ROOT/bakery' });
  told.items = [vm()];
  told.facts = [fact(VM_KEY, 'backup_last_failed', new Date(world.clock.now() - HOUR).toISOString())];
  const { connector } = await rig.gateway({ keys });
  const run = async () => {
    world.clock.advance(30 * MINUTE);
    let isOver = false;
    const result = connector.run('eu8', OPERATOR, new AbortController().signal).finally(() => {
      isOver = true;
    });
    // What the client waits for before it tries again.
    await until(() => isOver || void world.clock.advance(1000), { what: 'the end of a run', timeoutMs: 20_000 });
    return await result;
  };
  await run();
  return {
    rig,
    run,
    push: async (push: OrganizationRow['push'], { id } = world.c1) => {
      await world.db.updateTable('cyberapp_organizations').set({ push }).where('id', '=', id).execute();
    },
    plan: async () => {
      const lines: string[] = [];
      for await (const { op, kind } of connector.plan({}, new AbortController().signal)) lines.push(`${op} ${kind}`);
      return lines;
    },
    there: () => [world.fake.workloads.length, world.fake.openAlerts.length],
    [Symbol.asyncDispose]: async () => {
      await connector[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/** What is no longer to be sent does not stay at Acronis (cyberapp 7.8). */
export function testWithdrawal(dialect: string, newPlace: NewPlace): void {
  describe(`push that is switched off (${dialect})`, () => {
    test.each([
      ['workloads', ['close alert'], { closed: 1 }, [1, 0]],
      ['alerts', ['remove workload'], { removed: 1 }, [0, 1]],
      ['none', ['remove workload', 'close alert'], { closed: 1, removed: 1 }, [0, 0]],
    ] as const)('`push = %s` takes back the rest at once, and all is there again when it is `all`', async (push, plan, counts, left) => {
      await using customer = await shownCustomer(newPlace);
      const { world } = customer.rig;
      expect(customer.there()).toEqual([1, 1]);
      await customer.push(push);
      expect(await customer.plan()).toEqual(plan);
      expect(await customer.run()).toMatchObject({ outcome: 'ok', counts });
      expect(customer.there()).toEqual(left);
      const writes = world.writes();
      expect(await customer.run()).toMatchObject({ outcome: 'ok' });
      expect([world.writes(), await customer.plan()]).toEqual([writes, []]);
      await customer.push('all');
      expect(await customer.run()).toMatchObject({ outcome: 'ok' });
      expect(customer.there()).toEqual([1, 1]);
    });

    test('what Acronis does not take back at once is tried again', async () => {
      await using customer = await shownCustomer(newPlace);
      const { world } = customer.rig;
      await customer.push('none');
      world.fake.faults.always('alerts.dismiss', { kind: 'status', status: 500 });
      world.fake.faults.always('workloads.delete', { kind: 'status', status: 500 });
      expect(await customer.run()).toMatchObject({ outcome: 'partial' });
      expect(customer.there()).toEqual([1, 1]);
      world.fake.faults.clear();
      await customer.run();
      expect(customer.there()).toEqual([0, 0]);
      expect(await world.rows()).toEqual([]);
    });

    test('a creation without an answer is sought, and taken back as well', async () => {
      await using customer = await shownCustomer(newPlace);
      const { told, world } = customer.rig;
      told.items = [vm(), vm({ key: `${VM_KEY}-2`, name: 'second' })];
      world.fake.faults.next('workloads.create', { kind: 'resetAfterWrite' });
      world.fake.unsettled.visibilityDelayMs = 20 * MINUTE;
      await customer.run();
      expect(customer.there()).toEqual([2, 1]);
      expect((await world.rows()).map(({ state }) => state)).toEqual(['live', 'creating']);
      await customer.push('alerts');
      await customer.run();
      expect(customer.there()).toEqual([0, 1]);
    });

    test('with `on_unmap = keep` what another customer had in the tenant is left there', async () => {
      await using customer = await shownCustomer(newPlace, 'on_unmap = keep');
      const { world } = customer.rig;
      await world.link(world.as.p1, [world.c1, undefined], [world.c2, world.tenants.c1]);
      await customer.push('none', world.c2);
      expect(await customer.run()).toMatchObject({ outcome: 'ok' });
      expect([world.fake.workloads.length, await world.rows()]).toEqual([1, []]);
    });
  });
}
