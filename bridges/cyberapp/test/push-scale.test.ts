import { setImmediate as turn } from 'node:timers/promises';
import { newUuid } from '@fairlead/kernel/ids';
import { expect, test } from 'vitest';
import { Organizations } from '../src/service/organizations.ts';
import type { OrganizationRow } from '../src/store/tables.ts';
import { connectorWorld, item, items, MINUTE, noAlerts } from './support/connector-world.ts';
import { sqlitePlace } from './support/places.ts';

const TENANTS = 100;
const ITEMS = 100;

test('cyberapp 9.157: 10 000 items in 100 tenants are 200 creations, then nothing, then what changed; a few tenants are held at once', {
  timeout: 120_000,
}, async () => {
  await using world = await connectorWorld(sqlitePlace, { fake: { keepRequests: 0 } });
  const organizations = new Organizations(world.store);
  const customers: OrganizationRow[] = [];
  for (let index = 0; index < TENANTS; index += 1) {
    const customer = await organizations.add({ name: `Customer ${index}`, kind: 'customer', parentId: world.p1.id });
    const { id } = world.fake.tenants.add({ name: customer.name, id: newUuid(), kind: 'customer' });
    await world.link(world.as.p1, [customer, id]);
    world.show(customer, items(ITEMS, `vm-${index}`));
    customers.push(customer);
  }
  expect((await world.run()).counts).toMatchObject({ created: TENANTS * ITEMS, adopted: TENANTS * ITEMS });
  expect(world.fake.requests.count('workloads.create')).toBe((TENANTS * ITEMS) / 50);
  expect(world.fake.workloads).toHaveLength(TENANTS * ITEMS);
  const before = world.fake.requests.count();
  world.clock.advance(30 * MINUTE);
  const held = heldAtOnce();
  expect((await world.run({}, { alerts: held.alerts })).counts).toEqual({ tenants: TENANTS });
  expect(world.fake.requests.count()).toBe(before);
  expect([held.most(), world.parts().settings.concurrency]).toEqual([4, 4]);
  for (const [index, customer] of customers.entries())
    world.show(customer, [...items(ITEMS - 1, `vm-${index}`), item(`vm-${index}-${ITEMS}`, { name: 'renamed' })]);
  expect((await world.run()).counts).toMatchObject({ updated: TENANTS });
});

/** Counts the tenants that are worked on at once: the rows of no others are in memory. */
function heldAtOnce() {
  let [now, most] = [0, 0];
  const alerts = {
    ...noAlerts(),
    raise: async () => {
      now += 1;
      most = Math.max(most, now);
      await turn();
      return {};
    },
    close: async () => {
      now -= 1;
      return {};
    },
  };
  return { alerts, most: () => most };
}
