import { newUuid } from '@fairlead/kernel/ids';
import { describe, expect, test } from 'vitest';
import { disable, enable, enablementOf } from '../../src/service/enablement.ts';
import { customersOf } from '../../src/service/mappings.ts';
import { Organizations } from '../../src/service/organizations.ts';
import { directoryWorld, enableAs } from './directory-world.ts';
import type { NewPlace } from './places.ts';
import { callerOf } from './tree.ts';

/** Organizations and their enablement, the same on both databases. */
export function testOrganizations(name: string, newPlace: NewPlace): void {
  describe(`organizations on ${name}`, () => testTree(newPlace));
  describe(`enablement on ${name}`, () => testEnablement(newPlace));
}

function testTree(newPlace: NewPlace): void {
  test('are listed as a tree, siblings by name without regard to case', async () => {
    await using w = await directoryWorld(newPlace);
    const names = (await new Organizations(w.place.store).all()).map((row) => `${row.depth}${row.name}`);
    expect(names).toEqual(['0P1', '1C1', '1c2', '1C3', '1S', '2C9', '0P2', '1D1']);
  });

  test('a customer holds nothing, a root is a partner, and sixteen levels are enough', async () => {
    await using w = await directoryWorld(newPlace);
    const organizations = new Organizations(w.place.store);
    const refused = { code: 'CYBERAPP_ORGANIZATION' };
    await expect(organizations.add({ name: 'x', kind: 'customer', parentId: w.c1.id })).rejects.toMatchObject(refused);
    await expect(organizations.add({ name: 'x', kind: 'customer' })).rejects.toMatchObject(refused);
    await expect(organizations.add({ name: 'x', kind: 'partner', parentId: newUuid() })).rejects.toMatchObject(refused);
    await expect(organizations.add({ name: 'x', kind: 'partner', id: w.p1.id })).rejects.toMatchObject(refused);
    await expect(organizations.add({ name: 'a\u0007b', kind: 'partner' })).rejects.toMatchObject(refused);
    let parentId = w.p1.id;
    for (let depth = 1; depth <= 15; depth += 1) parentId = (await organizations.add({ name: `d${depth}`, kind: 'partner', parentId })).id;
    await expect(organizations.add({ name: 'too deep', kind: 'customer', parentId })).rejects.toMatchObject(refused);
  });

  test('move with all below them, never below themselves', async () => {
    await using w = await directoryWorld(newPlace);
    const organizations = new Organizations(w.place.store);
    await organizations.move(w.s.id, w.p2.id);
    expect((await organizations.get(w.c9.id)).path).toBe(`/${w.p2.id}/${w.s.id}/${w.c9.id}/`);
    expect((await customersOf(w.db, w.as.p1)).map(({ name }) => name)).toEqual(['C1', 'c2', 'C3']);
    expect((await customersOf(w.db, w.as.p2)).map(({ name }) => name)).toEqual(['C9', 'D1']);
    await expect(organizations.move(w.p2.id, w.s.id)).rejects.toMatchObject({ code: 'CYBERAPP_ORGANIZATION' });
    await expect(organizations.move(w.c1.id, w.c2.id)).rejects.toMatchObject({ code: 'CYBERAPP_ORGANIZATION' });
  });

  test('are removed only when nothing hangs on them, or by force, and never with what is below', async () => {
    await using w = await directoryWorld(newPlace);
    const organizations = new Organizations(w.place.store);
    const refused = { code: 'CYBERAPP_ORGANIZATION' };
    await expect(organizations.remove(w.s.id, { force: true })).rejects.toMatchObject(refused);
    await expect(organizations.remove(w.c1.id, { force: false })).rejects.toMatchObject(refused);
    await w.link(w.as.p1, [w.c1, newUuid()]);
    await organizations.remove(w.c1.id, { force: true });
    await organizations.remove(w.c3.id, { force: false });
    expect((await customersOf(w.db, w.as.p1)).map(({ name }) => name)).toEqual(['c2', 'C9']);
  });
}

function testEnablement(newPlace: NewPlace): void {
  test('cyberapp 9.59, 9.60, 9.64: is written once, again by another user of the organization, and its age stays', async () => {
    await using w = await directoryWorld(newPlace);
    const tenant = newUuid();
    await enableAs(w.place, w.as.p1, tenant.toUpperCase());
    const first = await enablementOf(w.db, w.as.p1);
    expect(first).toMatchObject({ acronis_tenant_id: tenant, mapped_by_user_id: w.users.p1.id, datacenter_id: 'eu8' });
    w.place.clock.advance(1000);
    await enableAs(w.place, callerOf(w.p1, w.users.p1b), tenant);
    expect(await enablementOf(w.db, w.as.p1)).toEqual(first);
    const otherForm = callerOf(w.p1, w.users.p1, { datacenter: { id: 'eu8', url: 'https://eu8-cloud.acronis.com' } });
    await enableAs(w.place, otherForm, tenant);
    expect(await enablementOf(w.db, w.as.p1)).toMatchObject({
      datacenter_url: 'https://eu8-cloud.acronis.com',
      updated_ms: w.place.clock.now(),
      created_ms: first?.created_ms,
    });
  });

  test('cyberapp 9.61, 9.62, 9.63: another tenant, another partner’s tenant and another organization are refused with one text', async () => {
    await using w = await directoryWorld(newPlace);
    const tenant = newUuid();
    await enableAs(w.place, w.as.p1, tenant);
    const texts = new Set<string>();
    const refused = async (work: Promise<void>) => {
      const error: unknown = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ code: 'CYBERAPP_ALREADY_ENABLED', status: 403 });
      texts.add(String(error));
    };
    await refused(enableAs(w.place, w.as.p1, newUuid()));
    await refused(enableAs(w.place, w.as.p2, tenant));
    const foreign = { vendorTenantId: w.p2.id, acronisTenantId: newUuid() };
    await refused(w.within((trx) => enable(w.place.store, trx, w.as.p1, foreign)));
    expect(texts.size).toBe(1);
    expect(await w.tenantOf(w.p1)).toBe(tenant);
    expect(await w.tenantOf(w.p2)).toBeUndefined();
  });

  test('cyberapp 9.67, 9.68: of two at once one wins, for one organization and for one tenant', async () => {
    await using w = await directoryWorld(newPlace);
    const first = await Promise.allSettled([enableAs(w.place, w.as.p1, newUuid()), enableAs(w.place, w.as.p1, newUuid(), w.place.other)]);
    expect(first.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const tenant = newUuid();
    const second = await Promise.allSettled([enableAs(w.place, w.as.p2, tenant), enableAs(w.place, w.as.s, tenant, w.place.other)]);
    expect(second.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const outcome of [...first, ...second]) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CYBERAPP_ALREADY_ENABLED' });
    }
  });

  test('cyberapp 9.69, 9.70, 9.71, 9.72: is taken back with the links that were made by it, no others, and can be made anew', async () => {
    await using w = await directoryWorld(newPlace);
    await enableAs(w.place, w.as.p1, newUuid());
    await enableAs(w.place, w.as.p2, newUuid());
    await w.link(w.as.p1, [w.c1, newUuid()]);
    await w.link(w.as.s, [w.c9, newUuid()]);
    expect(await w.within((trx) => disable(w.place.store, trx, w.as.p1))).toHaveLength(2);
    expect([await w.tenantOf(w.p1), await w.tenantOf(w.c1)]).toEqual([undefined, undefined]);
    expect(await w.tenantOf(w.c9)).toBeDefined();
    expect(await w.tenantOf(w.p2)).toBeDefined();
    expect(await w.within((trx) => disable(w.place.store, trx, w.as.p1))).toEqual([]);
    await enableAs(w.place, w.as.p1, newUuid());
    expect(await w.tenantOf(w.p1)).toBeDefined();
  });
}
