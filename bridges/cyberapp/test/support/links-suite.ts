import { newUuid } from '@fairlead/kernel/ids';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../../src/service/caller.ts';
import { changeLinks, customersOf, type LinkChange, linksOf } from '../../src/service/mappings.ts';
import { Organizations } from '../../src/service/organizations.ts';
import { directoryWorld, enableAs } from './directory-world.ts';
import type { NewPlace } from './places.ts';
import { callerOf, US5 } from './tree.ts';

/** Links of customers to tenants, the same on both databases. */
export function testCustomerLinks(name: string, newPlace: NewPlace): void {
  describe(`links of customers on ${name}`, () => testLinks(newPlace));
}

function testLinks(newPlace: NewPlace): void {
  const taken = { code: 'CYBERAPP_TENANT_TAKEN' };

  test('cyberapp 9.75, 9.76: a partner sees the customers below it at any depth, and those of nobody else', async () => {
    await using w = await directoryWorld(newPlace);
    const names = async (caller: Caller) => (await customersOf(w.db, caller)).map(({ name }) => name);
    expect(await names(w.as.p1)).toEqual(['C1', 'c2', 'C3', 'C9']);
    expect(await names(w.as.s)).toEqual(['C9']);
    expect(await names(w.as.p2)).toEqual(['D1']);
    await new Organizations(w.place.store).suspend(w.c2.id);
    expect(await names(w.as.p1)).toEqual(['C1', 'C3', 'C9']);
  });

  test('cyberapp 9.79, 9.80, 9.81, 9.82: links are listed in their data center, and undone', async () => {
    await using w = await directoryWorld(newPlace);
    const [t1, t2] = [newUuid(), newUuid()];
    await w.link(w.as.p1, [w.c1, t1], [w.c2, t2]);
    const listed = await linksOf(w.db, w.as.p1);
    expect(listed).toEqual([
      { vendorTenantId: w.c1.id, acronisTenantId: t1 },
      { vendorTenantId: w.c2.id, acronisTenantId: t2 },
      { vendorTenantId: w.c3.id },
      { vendorTenantId: w.c9.id },
    ]);
    const elsewhere = callerOf(w.p1, w.users.p1, { datacenter: US5 });
    expect((await linksOf(w.db, elsewhere)).every((link) => link.acronisTenantId === undefined)).toBe(true);
    await w.link(elsewhere, [w.c1, undefined]);
    expect(await w.tenantOf(w.c1)).toBe(t1);
    await w.link(w.as.p1, [w.c1, undefined], [w.c3, undefined]);
    expect(await w.tenantOf(w.c1)).toBeUndefined();
    await expect(w.link(elsewhere, [w.c2, newUuid()])).rejects.toMatchObject(taken);
  });

  test('cyberapp 9.83, 9.84: one foreign, unknown, partner or own id among good ones, and nothing is stored', async () => {
    await using w = await directoryWorld(newPlace);
    const unknown = { ...w.c1, id: newUuid() };
    for (const foreign of [w.d1, unknown, w.s, w.p1]) {
      await expect(w.link(w.as.p1, [w.c1, newUuid()], [foreign, newUuid()])).rejects.toMatchObject({
        code: 'CYBERAPP_NOT_YOUR_ORGANIZATION',
      });
    }
    expect(await w.tenantOf(w.c1)).toBeUndefined();
  });

  test('cyberapp 9.85, 9.86, 9.87: a link is replaced, moved and swapped', async () => {
    await using w = await directoryWorld(newPlace);
    const [t1, t2, t3] = [newUuid(), newUuid(), newUuid()];
    await w.link(w.as.p1, [w.c1, t1]);
    await w.link(w.as.p1, [w.c1, t2]);
    expect(await w.tenantOf(w.c1)).toBe(t2);
    const report = await w.link(w.as.p1, [w.c2, t2]);
    expect([await w.tenantOf(w.c1), await w.tenantOf(w.c2)]).toEqual([undefined, t2]);
    expect(report).toMatchObject({ linked: [{ organization_id: w.c2.id }], unlinked: [{ organization_id: w.c1.id }] });
    await w.link(w.as.p1, [w.c1, t3]);
    await w.link(w.as.p1, [w.c1, t2], [w.c2, t3]);
    expect([await w.tenantOf(w.c1), await w.tenantOf(w.c2)]).toEqual([t2, t3]);
    await w.link(w.as.p1, [w.c1, undefined], [w.c3, t2]);
    expect([await w.tenantOf(w.c1), await w.tenantOf(w.c3)]).toEqual([undefined, t2]);
  });

  test('the same link again changes nothing', async () => {
    await using w = await directoryWorld(newPlace);
    const tenant = newUuid();
    await w.link(w.as.p1, [w.c1, tenant]);
    const before = await w.db.selectFrom('cyberapp_mappings').selectAll().execute();
    w.place.clock.advance(1000);
    expect(await w.link(w.as.p1, [w.c1, tenant])).toEqual({ linked: [], unlinked: [] });
    expect(await w.db.selectFrom('cyberapp_mappings').selectAll().execute()).toEqual(before);
  });

  test('cyberapp 9.88, 9.89, 9.90, 9.94: nobody takes what another partner holds, be it a customer’s tenant or an enablement', async () => {
    await using w = await directoryWorld(newPlace);
    const [own, others, theirs] = [newUuid(), newUuid(), newUuid()];
    await enableAs(w.place, w.as.p1, own);
    await enableAs(w.place, w.as.p2, others);
    await w.link(w.as.p2, [w.d1, theirs]);
    for (const tenant of [own, others, theirs]) await expect(w.link(w.as.p1, [w.c1, tenant])).rejects.toMatchObject(taken);
    await w.link(w.as.s, [w.c9, newUuid()]);
    await expect(w.link(w.as.p1, [w.c9, newUuid()])).rejects.toMatchObject(taken);
    await expect(w.link(w.as.p1, [w.c9, undefined])).rejects.toMatchObject(taken);
    await w.link(w.as.s, [w.c9, undefined]);
    await w.link(w.as.p1, [w.c9, newUuid()]);
    expect([await w.tenantOf(w.p1), await w.tenantOf(w.p2), await w.tenantOf(w.d1)]).toEqual([own, others, theirs]);
  });

  test('cyberapp 9.91: what contradicts itself is refused whole', async () => {
    await using w = await directoryWorld(newPlace);
    const tenant = newUuid();
    const invalid = { code: 'CYBERAPP_PAYLOAD_INVALID', status: 400 };
    await expect(w.link(w.as.p1, [w.c1, tenant], [w.c1, undefined])).rejects.toMatchObject(invalid);
    await expect(w.link(w.as.p1, [w.c1, tenant], [w.c2, tenant])).rejects.toMatchObject(invalid);
    expect(await w.tenantOf(w.c1)).toBeUndefined();
  });

  test('cyberapp 9.95: of two partners who ask for one tenant at once exactly one gets it', async () => {
    await using w = await directoryWorld(newPlace);
    const tenant = newUuid();
    const wish = (id: string): LinkChange[] => [{ vendorTenantId: id, acronisTenantId: tenant }];
    const outcomes = await Promise.allSettled([
      w.within((trx) => changeLinks(w.place.store, trx, w.as.p1, wish(w.c1.id))),
      w.within((trx) => changeLinks(w.place.other, trx, w.as.p2, wish(w.d1.id)), w.place.other),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(taken);
    expect(await w.db.selectFrom('cyberapp_mappings').selectAll().execute()).toHaveLength(1);
  });
}
