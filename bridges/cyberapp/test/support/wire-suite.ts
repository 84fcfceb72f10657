import { newUuid } from '@fairlead/kernel/ids';
import type { Store } from '@fairlead/kernel/store';
import { describe, expect, test } from 'vitest';
import { countMappings } from '../../src/store/counts.ts';
import type { CyberappTables, MappingRow } from '../../src/store/tables.ts';
import { type Answered, type HandlerRig, type RigOptions, startHandler, type Wish } from './handler-rig.ts';

/** Where the stores of a test are; the same for all of its gateways. */
export interface WirePlace extends AsyncDisposable {
  readonly options: Pick<RigOptions, 'storeUrl'>;
}

type NewPlace = () => Promise<WirePlace>;

const DAY = 86_400_000;

function enable(rig: HandlerRig, tenant: string, wish: Wish = {}): Promise<Answered> {
  const organization = wish.identity === 'p2' ? rig.tree.p2 : rig.tree.p1;
  return rig.call('enablement.write', { vendor_tenant_id: organization.id, acronis_tenant_id: tenant }, { tenantId: tenant, ...wish });
}

type Pair = readonly [id: string, tenant: string];

function link(rig: HandlerRig, pairs: readonly Pair[], wish: Wish = {}): Promise<Answered> {
  return rig.call(
    'tenant_mapping.write',
    { modified: pairs.map(([vendor_tenant_id, acronis_tenant_id]) => ({ vendor_tenant_id, acronis_tenant_id })) },
    wish,
  );
}

function rows({ store }: HandlerRig): Promise<MappingRow[]> {
  return store.tables<CyberappTables>().selectFrom('cyberapp_mappings').selectAll().execute();
}

/** Mirrored callbacks have other versions than the rest. */
function mirrored(rig: HandlerRig, name: string, payload: unknown, tenantId: string, wish: Wish = {}): Promise<Answered> {
  const context = { callback_id: `cti.a.p.acgw.callback.v2.0~a.p.${name}.v1.0`, ...wish.context };
  const members = { type: `cti.a.p.acgw.request.v1.1~a.p.${name}.v1.0` };
  return rig.call(name, payload, { ...wish, tenantId, context, members, headers: { 'x-cyberapp-auth': undefined, ...wish.headers } });
}

const statuses = (answers: readonly Answered[]) => answers.map(({ status }) => status).toSorted();

/** Two gateways of a cluster, called over the wire, the same on both databases. */
export function testWire(name: string, newPlace: NewPlace): void {
  describe(`two gateways on ${name}`, () => {
    testRaces(newPlace);
    testRepeats(newPlace);
    testResets(newPlace);
    testSize(newPlace);
  });
}

async function twoGateways(newPlace: NewPlace) {
  const place = await newPlace();
  const one = await startHandler(place.options);
  const other = await startHandler({ ...place.options, beside: one });
  return {
    one,
    other,
    [Symbol.asyncDispose]: async () => {
      await other[Symbol.asyncDispose]();
      await one[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

function testRaces(newPlace: NewPlace): void {
  test('cyberapp 9.67, 9.68: of two first enablements at once one counts, be it one partner or one tenant that they share', async () => {
    await using w = await twoGateways(newPlace);
    expect(statuses(await Promise.all([enable(w.one, newUuid()), enable(w.other, newUuid())]))).toEqual([200, 403]);
    expect(await rows(w.one)).toHaveLength(1);
    await w.one.call('enablement.reset', undefined);
    const tenant = newUuid();
    expect(statuses(await Promise.all([enable(w.one, tenant), enable(w.other, tenant, { identity: 'p2' })]))).toEqual([200, 403]);
    expect(await rows(w.one)).toHaveLength(1);
  });

  test('cyberapp 9.95: lists that ask for the same tenants in another order end with one winner, and nobody’s fault', async () => {
    await using w = await twoGateways(newPlace);
    const { p1, p2 } = w.one.tree;
    const [mine, theirs] = [await customers(w.one, p1.id, 20), await customers(w.one, p2.id, 20)];
    for (let round = 0; round < 5; round += 1) {
      const tenants = mine.map(() => newUuid());
      const pairs = (ids: readonly string[], of: readonly string[]) => ids.map((id, at): Pair => [id, of[at] ?? '']);
      const both = [link(w.one, pairs(mine, tenants)), link(w.other, pairs(theirs, tenants.toReversed()), { identity: 'p2' })];
      expect(statuses(await Promise.all(both))).toEqual([200, 403]);
      expect(await rows(w.one)).toHaveLength(20);
      for (const identity of ['p1', 'p2']) await w.one.call('enablement.reset', undefined, { identity });
    }
  });

  test('a partner who is mirrored twice at once is one organization, and customers are linked once', async () => {
    await using place = await newPlace();
    const keys = 'enablement = mirrored';
    await using one = await startHandler({ ...place.options, keys });
    await using other = await startHandler({ ...place.options, keys, beside: one });
    const tenantId = newUuid();
    const enabled = { acronis_tenant_id: tenantId, acronis_tenant_name: 'Nordhost' };
    const both = await Promise.all([one, other].map((rig) => mirrored(rig, 'partner.mirroring.enable', enabled, tenantId)));
    expect(statuses(both)).toEqual([200, 200]);
    expect(new Set(both.map(({ json }) => JSON.stringify(json.payload))).size).toBe(1);
    const customer = { acronis_tenant_id: newUuid(), acronis_tenant_name: 'Bakery' };
    const wish = { partner_tenant_id: tenantId, partner_tenant_name: 'Nordhost', enabled: [customer] };
    const sets = await Promise.all([one, other].map((rig) => mirrored(rig, 'customer.mirroring.set_state', wish, tenantId)));
    expect(statuses(sets)).toEqual([200, 200]);
    expect(await rows(one)).toHaveLength(2);
    const bad = await mirrored(one, 'partner.mirroring.get_state', undefined, tenantId, { headers: { 'x-cyberapp-extra': '%%%' } });
    expect(bad.status).toBe(400);
  });

  test('cyberapp 9.107: two who remove each other at once are never both gone', async () => {
    await using w = await twoGateways(newPlace);
    const { p1, p1b } = w.one.tree.users;
    const tenantId = newUuid();
    await enable(w.one, tenantId);
    const both = [
      w.one.call('user_delete', { id: p1b.id }, { tenantId }),
      w.other.call('user_delete', { id: p1.id }, { tenantId, identity: 'p1b' }),
    ];
    const [done, refused] = statuses(await Promise.all(both));
    // Who is removed before he is known is refused as nobody.
    expect([done, refused === 401 || refused === 409]).toEqual([200, true]);
    const left = w.one.store.tables<CyberappTables>().selectFrom('cyberapp_users').select('id').where('id', 'in', [p1.id, p1b.id]);
    expect(await left.execute()).toHaveLength(1);
  });
}

/** New customers of a partner. */
async function customers({ store }: HandlerRig, parentId: string, count: number): Promise<readonly string[]> {
  const db = store.tables<CyberappTables>();
  const parent = await db.selectFrom('cyberapp_organizations').selectAll().where('id', '=', parentId).executeTakeFirstOrThrow();
  const made = Array.from({ length: count }, () => {
    const id = newUuid();
    return { ...parent, id, parent_id: parentId, path: `${parent.path}${id}/`, depth: 1, kind: 'customer' as const, name: id };
  });
  for (let at = 0; at < made.length; at += 500) {
    await db
      .insertInto('cyberapp_organizations')
      .values(made.slice(at, at + 500))
      .execute();
  }
  return made.map(({ id }) => id);
}

function testRepeats(newPlace: NewPlace): void {
  test('cyberapp 9.112, 9.114, 9.117: one effect for an id, whichever gateway is asked, of one organization, for a day', async () => {
    await using w = await twoGateways(newPlace);
    const [tenantId, requestId] = [newUuid(), newUuid()];
    await enable(w.one, tenantId);
    const user = { login: 'ada', name: 'Ada', email: 'ada@example.com' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? w.one : w.other).call('user_write', user, { tenantId, requestId })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    const theirs = newUuid();
    await enable(w.other, theirs, { identity: 'p2' });
    const bob = { ...user, login: 'bob' };
    expect((await w.other.call('user_write', bob, { tenantId: theirs, requestId, identity: 'p2' })).status).toBe(200);
    for (const one of [w.one, w.one.fake, w.other.fake]) one.clock.advance(DAY + 1000);
    // Anew: the login is taken now.
    expect((await w.one.call('user_write', user, { tenantId, requestId })).status).toBe(409);
  });

  test('cyberapp 9.96: a gateway that loses its store in the middle of a write leaves all of it or nothing, and the repeated one gets the truth', async () => {
    await using place = await newPlace();
    await using first = await startHandler(place.options);
    for (const [dies, isReplayed] of [
      ['before it is kept', false],
      ['after it is kept', true],
    ] as const) {
      const breaking = breakable();
      await using dying = await startHandler({ ...place.options, beside: first, around: breaking.around });
      await using next = await startHandler({ ...place.options, beside: first });
      const [tenant, requestId] = [newUuid(), newUuid()];
      breaking.dies = dies;
      expect(await enable(dying, tenant, { requestId })).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
      expect(await rows(next)).toHaveLength(isReplayed ? 1 : 0);
      expect(await enable(next, tenant, { requestId })).toMatchObject({ status: 200, json: { request_id: requestId } });
      expect((await rows(next)).map((row) => row.acronis_tenant_id)).toEqual([tenant]);
      const kept = await next.audit.find({ limit: 10, correlationId: requestId });
      expect(kept.some(({ detail }) => detail?.replayed === true)).toBe(isReplayed);
      await next.call('enablement.reset', undefined);
    }
  });
}

type Death = 'before it is kept' | 'after it is kept';

/** A store whose next transaction ends as if the connection had broken. */
function breakable() {
  const broken = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const state: { dies: Death | undefined; around: (store: Store) => Store } = {
    dies: undefined,
    around: (store) => ({
      dialect: store.dialect,
      clock: store.clock,
      tables: () => store.tables(),
      isUniqueViolation: (error) => store.isUniqueViolation(error),
      transaction: async (work) => {
        const { dies } = state;
        const done = await store.transaction(async (trx) => {
          const made = await work(trx as never);
          if (dies === 'before it is kept') throw broken();
          return made;
        });
        if (dies !== undefined) throw broken();
        return done;
      },
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    }),
  };
  return state;
}

function testResets(newPlace: NewPlace): void {
  test('cyberapp 9.69, 9.70, 9.71, 9.93: links wait for their partner, and go with the credentials that made them', async () => {
    await using w = await twoGateways(newPlace);
    const { one, other } = w;
    const { p1, p2, c1, c9, d1 } = one.tree;
    const [t1, t9] = [newUuid(), newUuid()];
    const deep = (await customers(one, c1.parent_id ?? '', 1))[0] ?? '';
    expect(
      (
        await link(one, [
          [c1.id, t1],
          [deep, newUuid()],
        ])
      ).status,
    ).toBe(200);
    expect((await link(other, [[c9.id, t9]], { identity: 's' })).status).toBe(200);
    expect(await countMappings(one.store)).toEqual({ active: 0, dormant: 3, partner: 0 });
    await enable(one, newUuid());
    expect(await countMappings(other.store)).toEqual({ active: 2, dormant: 1, partner: 1 });
    await enable(other, newUuid(), { identity: 'p2' });
    await link(other, [[d1.id, newUuid()]], { identity: 'p2' });
    const people = async () => (await one.store.tables<CyberappTables>().selectFrom('cyberapp_users').select('id').execute()).length;
    const before = await people();
    expect((await other.call('enablement.reset', undefined)).status).toBe(200);
    expect((await rows(one)).map((row) => row.organization_id).toSorted()).toEqual([c9.id, d1.id, p2.id].toSorted());
    expect(await people()).toBe(before);
    expect((await one.call('enablement.reset', undefined)).status).toBe(200);
    const read = await one.call('enablement.read', undefined);
    expect(read.json.payload).toEqual({ vendor_tenant_id: p1.id });
    expect((await enable(one, newUuid())).status).toBe(200);
  });
}

function testSize(newPlace: NewPlace): void {
  test('cyberapp 9.78, 9.92: 20 000 customers are listed, linked and unlinked in one request each', async () => {
    await using place = await newPlace();
    await using rig = await startHandler(place.options);
    const ids = await customers(rig, rig.tree.p2.id, 19_999);
    const all = [rig.tree.d1.id, ...ids];
    const as = { identity: 'p2' };
    const topology = await rig.call('topology.read', {}, as);
    expect(topology.json.payload).toMatchObject({ items: { length: 20_000 } });
    expect(topology.json.payload).not.toHaveProperty('paging');
    const pairs = all.map((id): Pair => [id, newUuid()]);
    expect((await link(rig, pairs, as)).status).toBe(200);
    const read = await rig.call('tenant_mapping.read', undefined, as);
    const items = (read.json.payload as { items: { acronis_tenant_id?: string }[] }).items;
    expect(new Set(items.map(({ acronis_tenant_id }) => acronis_tenant_id)).size).toBe(20_000);
    // A list of the same length in which one is somebody else's leaves all as it was.
    expect((await link(rig, [...pairs.slice(1).map(([id]): Pair => [id, '']), [rig.tree.c1.id, newUuid()]], as)).status).toBe(403);
    expect(await rows(rig)).toHaveLength(20_000);
    expect(
      (
        await link(
          rig,
          pairs.map(([id]): Pair => [id, '']),
          as,
        )
      ).status,
    ).toBe(200);
    expect(await rows(rig)).toEqual([]);
  }, 120_000);
}
