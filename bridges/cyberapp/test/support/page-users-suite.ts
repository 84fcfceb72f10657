import { newUuid } from '@fairlead/kernel/ids';
import { Secrets } from '@fairlead/kernel/secrets';
import { describe, expect, test } from 'vitest';
import { createPageUser, deletePageUser, findPageUser, pageUsers, updatePageUser } from '../../src/service/tenant-users.ts';
import { addUser, Users } from '../../src/service/users.ts';
import { directoryWorld, enableAs } from './directory-world.ts';
import type { NewPlace } from './places.ts';
import { callerOf, EU8, US5 } from './tree.ts';

const CHEAP = { memory: 64, passes: 1, parallelism: 1 };

/** Users of the page of a tenant, the same on both databases. */
export function testPageUsers(name: string, newPlace: NewPlace): void {
  describe(`users of a page on ${name}`, () => testUsers(newPlace));
}

function testUsers(newPlace: NewPlace): void {
  test('cyberapp 9.97, 9.98, 9.99, 9.100: are those of the page’s organization and of linked ones below it, of nobody else', async () => {
    await using w = await directoryWorld(newPlace);
    const [t1, tp1, tp2] = [newUuid(), newUuid(), newUuid()];
    await enableAs(w.place, w.as.p1, tp1);
    await enableAs(w.place, w.as.p2, tp2);
    await w.link(w.as.p1, [w.c1, t1]);
    const shown = async (tenantId: string, datacenter = EU8) =>
      (await pageUsers(w.db, callerOf(w.p1, w.users.p1, { tenantId, datacenter }))).map(({ name }) => name);
    expect(await shown(tp1)).toEqual(['C1', 'P1', 'P1B']);
    expect(await shown(t1)).toEqual(['C1']);
    expect(await shown(newUuid())).toEqual([]);
    expect(await shown(tp2)).toEqual([]);
    expect(await shown(tp1, US5)).toEqual([]);
  });

  test('cyberapp 9.102, 9.103, 9.104, 9.105, 9.106: are made and changed on their own page only', async () => {
    await using w = await directoryWorld(newPlace);
    const [t1, td] = [newUuid(), newUuid()];
    await w.link(w.as.p1, [w.c1, t1]);
    await w.link(w.as.p2, [w.d1, td]);
    const on = (tenantId: string) => callerOf(w.p1, w.users.p1, { tenantId });
    const { store } = w.place;
    const create = (tenantId: string, login: string) =>
      w.within((trx) => createPageUser(store, trx, on(tenantId), { login, name: 'N', email: 'n@example.com' }));
    const made = await create(t1, 'Ada');
    expect(made).toMatchObject({ organization_id: w.c1.id, login_key: 'ada', password_hash: null });
    await expect(create(t1, 'aDA')).rejects.toMatchObject({ code: 'CYBERAPP_USER_CONFLICT', detail: { declared: 'login_taken' } });
    await expect(create(t1, 'D1')).rejects.toMatchObject({ code: 'CYBERAPP_USER_CONFLICT' });
    for (const tenant of [td, newUuid()]) await expect(create(tenant, 'x')).rejects.toMatchObject({ code: 'CYBERAPP_TENANT_NOT_MAPPED' });
    const update = (id: string) => w.within((trx) => updatePageUser(store, trx, on(t1), { id, name: 'M', email: 'm@example.com' }));
    await update(made.id.toUpperCase());
    for (const id of [w.users.d1.id, newUuid(), 'no uuid at all']) {
      await expect(update(id)).rejects.toMatchObject({ code: 'CYBERAPP_USER_NOT_FOUND' });
    }
    const names = Object.fromEntries((await w.db.selectFrom('cyberapp_users').selectAll().execute()).map((row) => [row.login, row.name]));
    expect(names).toMatchObject({ Ada: 'M', d1: 'D1' });
  });

  test('cyberapp 9.104: fields that cannot be are refused by their name', async () => {
    await using w = await directoryWorld(newPlace);
    const good = { login: 'l', name: 'n', email: 'n@example.com', organizationId: w.c1.id };
    const bad = {
      login: ['', 'a:b', ' a', 'x'.repeat(256), 'a\u0000', 'a：b'],
      name: ['', 'x'.repeat(256)],
      email: ['a', 'a@', 'a@b@c', `${'x'.repeat(250)}@b.de`],
    };
    for (const [field, values] of Object.entries(bad)) {
      for (const value of values) {
        await expect(addUser(w.place.store, w.db, { ...good, [field]: value })).rejects.toMatchObject({
          code: 'CYBERAPP_USER_INVALID',
          status: 422,
          detail: { field },
        });
      }
    }
  });

  test('cyberapp 9.107: a delete may be repeated, and spares others, oneself, and the last who can log in', async () => {
    await using w = await directoryWorld(newPlace);
    const [tp1, t1] = [newUuid(), newUuid()];
    await enableAs(w.place, w.as.p1, tp1);
    await w.link(w.as.p1, [w.c1, t1]);
    const { store } = w.place;
    const remove = (tenantId: string, id: string, by = w.users.p1) =>
      w.within((trx) => deletePageUser(store, trx, callerOf(w.p1, by, { tenantId }), id));
    expect(await remove(t1, w.users.c1.id)).toMatchObject({ login: 'c1' });
    expect(await remove(t1, w.users.c1.id)).toBeUndefined();
    expect(await remove(t1, w.users.d1.id)).toBeUndefined();
    await expect(remove(tp1, w.users.p1.id)).rejects.toMatchObject({ detail: { declared: 'own_account' } });
    await remove(tp1, w.users.p1b.id);
    await expect(remove(tp1, w.users.p1.id, w.users.p2)).rejects.toMatchObject({ detail: { declared: 'last_account' } });
    const left = (await w.db.selectFrom('cyberapp_users').select('login').orderBy('login').execute()).map(({ login }) => login);
    expect(left).toEqual(['c2', 'd1', 'p1', 'p2', 's']);
  });

  test('cyberapp 9.108, 9.109: a reset is good once and for a day', async () => {
    await using w = await directoryWorld(newPlace);
    const t1 = newUuid();
    await w.link(w.as.p1, [w.c1, t1]);
    const users = new Users({ store: w.place.store, secrets: new Secrets('a secret of the tests that is long enough'), cost: CHEAP });
    const found = await w.within((trx) => findPageUser(w.place.store, trx, callerOf(w.p1, w.users.p1, { tenantId: t1 }), w.users.c1.id));
    const token = await users.newReset(found?.id ?? '');
    await users.reset(token, 'first');
    expect(await users.byLogin('C1')).toMatchObject({ credential_version: 2, password_changed_ms: w.place.clock.now() });
    await expect(users.reset(token, 'second')).rejects.toMatchObject({ code: 'CYBERAPP_USER_NOT_FOUND' });
    const late = await users.newReset(found?.id ?? '');
    w.place.clock.advance(24 * 3_600_000);
    await expect(users.reset(late, 'third')).rejects.toMatchObject({ code: 'CYBERAPP_USER_NOT_FOUND' });
  });
}
