import { newUuid } from '@fairlead/kernel/ids';
import { ServiceRegistry } from '@fairlead/kernel/lifecycle';
import type { InventoryFact, InventoryItem, InventorySource } from '@fairlead/kernel/services';
import { describe, expect, test } from 'vitest';
import { collectDesires, type DesireParts } from '../../src/service/desire/collect.ts';
import { heldAlerts } from '../../src/service/desire/customers.ts';
import { type Inventories, inventoriesOf } from '../../src/service/desire/inventories.ts';
import { previewOrganization } from '../../src/service/desire/preview.ts';
import { Sources } from '../../src/service/desire/sources.ts';
import { Organizations } from '../../src/service/organizations.ts';
import type { AlertRow, OrganizationRow, SourceName, WorkloadRow } from '../../src/store/tables.ts';
import { fact, host, SITE_KEY, server, site, THRESHOLDS, VM_ID, VM_KEY, vm } from './desire-items.ts';
import { directoryWorld, enableAs } from './directory-world.ts';
import type { NewPlace } from './places.ts';
import { callerOf, US5 } from './tree.ts';

const MINUTE = 60_000;
const SETTINGS = { ...THRESHOLDS, push: ['workloads', 'alerts'], console_links: false };

interface Telling {
  readonly items?: readonly InventoryItem[];
  readonly facts?: readonly InventoryFact[];
  readonly complete?: boolean;
  readonly reason?: string;
}

/** A source that tells the same each time. */
function telling({ items = [], facts = [], complete = true, reason }: Telling): InventorySource {
  const how = { complete, ...(reason !== undefined && { reason }) };
  return { list: async () => ({ ...how, items }), conditions: async () => ({ ...how, facts }) };
}

/** Customers C1 and c2 of P1, mapped and awake. */
async function desireWorld(newPlace: NewPlace) {
  const w = await directoryWorld(newPlace);
  const { store, clock } = w.place;
  const tenants = { p1: newUuid(), c1: newUuid(), c2: newUuid() };
  await w.link(w.as.p1, [w.c1, tenants.c1], [w.c2, tenants.c2]);
  await enableAs(w.place, w.as.p1, tenants.p1);
  const sourcesOver = (inventories: Inventories) => new Sources({ store, clock, inventories: () => inventories });
  const sources = sourcesOver({});
  const own = (organization: OrganizationRow, source: SourceName, kind: string, selector: string) =>
    sources.add({ organizationId: organization.id, source, kind, selector });
  const signal = new AbortController().signal;
  const collect = (inventories: Inventories, change: Partial<DesireParts> = {}, ends = signal) =>
    collectDesires({ store, clock, inventories, settings: SETTINGS, ...change }, ends);
  const of = async (organization: OrganizationRow, ...asked: Parameters<typeof collect>) =>
    (await collect(...asked)).desires.find(({ organizationId }) => organizationId === organization.id);
  return { ...w, store, clock, tenants, sources, sourcesOver, own, signal, collect, of, organizations: new Organizations(store) };
}

/** What every customer is to show, the same on both databases. */
export function testDesires(name: string, newPlace: NewPlace): void {
  describe(`rules of ownership on ${name}`, () => testSources(newPlace));
  describe(`desires on ${name}`, () => {
    testCustomers(newPlace);
    testCompleteness(newPlace);
    testConditions(newPlace);
    testPreview(newPlace);
  });
}

function testSources(newPlace: NewPlace): void {
  const refused = { code: 'CYBERAPP_SOURCE' };

  test("cyberapp 5.1: rules are added, listed and removed; a selector is one customer's alone", async () => {
    await using w = await desireWorld(newPlace);
    const first = await w.own(w.c1, 'cloudstack', 'domain', 'ROOT/bakery');
    w.clock.advance(1);
    const second = await w.own(w.c2, 'cloudstack', 'vm', VM_ID);
    const third = await w.own(w.c1, 'blueonyx', 'domain', 'bakery.example');
    expect(first).toMatchObject({ organization_id: w.c1.id, selector_kind: 'domain', selector: 'ROOT/bakery', priority: 0 });
    expect(await w.sources.list()).toEqual([third, first, second]);
    expect(await w.sources.list(w.c2.id)).toEqual([second]);
    await expect(w.own(w.c2, 'cloudstack', 'domain', 'ROOT/bakery')).rejects.toMatchObject(refused);
    expect(await w.sources.remove(first.id)).toEqual(first);
    expect(await w.sources.remove(first.id)).toBeUndefined();
    expect((await w.own(w.c2, 'cloudstack', 'domain', 'ROOT/bakery')).organization_id).toBe(w.c2.id);
  });

  test('cyberapp 5.1: what cannot be a rule is refused, and nothing is stored', async () => {
    await using w = await desireWorld(newPlace);
    const good = { organizationId: w.c1.id, source: 'cloudstack', kind: 'domain', selector: 'ROOT/a' };
    const wrong = [
      { ...good, organizationId: w.p1.id },
      { ...good, organizationId: newUuid() },
      ...[
        { ...good, source: 'vmware' },
        { ...good, source: '__proto__' },
        { ...good, kind: 'site' },
        { ...good, selector: '/ROOT' },
      ],
      ...[-1, 1.5, 1_000_001, Number.NaN].map((priority) => ({ ...good, priority })),
    ];
    for (const given of wrong) await expect(w.sources.add(given)).rejects.toMatchObject(refused);
    expect(await w.sources.list()).toEqual([]);
    expect((await w.sources.add({ ...good, organizationId: w.c1.id.toUpperCase(), priority: 7 })).priority).toBe(7);
  });

  test('cyberapp 5.1: of two gateways that add one rule at once, one is told that it is there', async () => {
    await using w = await desireWorld(newPlace);
    const { other, clock } = w.place;
    const second = new Sources({ store: other, clock, inventories: () => ({}) });
    const rule = { source: 'cloudstack', kind: 'vm', selector: VM_ID };
    const [one, two] = await Promise.allSettled([
      w.sources.add({ ...rule, organizationId: w.c1.id }),
      second.add({ ...rule, organizationId: w.c2.id }),
    ]);
    expect([one.status, two.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await w.sources.list()).toHaveLength(1);
  });

  test('cyberapp 5.1: an item is explained by all rules that fit, the one that holds first', async () => {
    await using w = await desireWorld(newPlace);
    const domain = await w.own(w.c1, 'cloudstack', 'domain', 'ROOT');
    const machine = await w.own(w.c2, 'cloudstack', 'vm', VM_ID);
    const sources = w.sourcesOver({ cloudstack: telling({ items: [vm(), host()] }) });
    expect(await sources.explain(VM_KEY, w.signal)).toEqual({
      ...{ source: 'cloudstack', name: 'shop-db-1', isWorkload: true, selectors: vm().owner },
      rules: [machine, domain],
    });
    expect(await sources.explain(host().key, w.signal)).toMatchObject({ isWorkload: false, rules: [] });
    expect(await sources.explain('cs:main:vm:none', w.signal)).toBeUndefined();
  });

  test('cyberapp 5.1: what nobody owns is listed: no host, nothing destroyed, no domain', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'blueonyx', 'domain', 'bakery.example');
    const items = [vm(), vm({ key: 'cs:main:vm:gone', attributes: { state: 'Expunging' } }), host()];
    const sources = w.sourcesOver({
      cloudstack: telling({ items }),
      blueonyx: telling({ items: [site()] }),
      ovh: telling({ items: [{ ...server(), kind: 'domain' }], complete: false, reason: 'shop: not read yet' }),
    });
    const { items: unassigned, problems } = await sources.unassigned(w.signal);
    expect(unassigned.map(({ source, item }) => [source, item.key])).toEqual([['cloudstack', VM_KEY]]);
    expect(problems).toEqual([{ source: 'ovh', text: 'shop: not read yet' }]);
  });
}

function testCustomers(newPlace: NewPlace): void {
  test('cyberapp 9.155: a machine that moves between two customers is shown by one of them at any time', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'cloudstack', 'account', 'ROOT/a/one');
    await w.own(w.c2, 'cloudstack', 'account', 'ROOT/b/two');
    const holders = async (account: string) => {
      const moved = vm({ owner: [{ kind: 'account', selector: account }] });
      const { desires } = await w.collect({ cloudstack: telling({ items: [moved] }) });
      return desires.filter(({ workloads }) => workloads.length > 0).map(({ organizationId }) => organizationId);
    };
    expect(await holders('ROOT/a/one')).toEqual([w.c1.id]);
    expect(await holders('ROOT/b/two')).toEqual([w.c2.id]);
    expect(await holders('ROOT/c/three')).toEqual([]);
  });

  test('cyberapp 2.8.6: only customers whose partner is enabled in their data center are pushed to', async () => {
    await using w = await directoryWorld(newPlace);
    const { store, clock } = w.place;
    const organizations = async () => {
      const { desires } = await collectDesires({ store, clock, inventories: {}, settings: SETTINGS }, new AbortController().signal);
      return desires.map(({ organizationId }) => organizationId);
    };
    await w.link(w.as.p1, [w.c1, newUuid()]);
    await w.link(w.as.p2, [w.d1, newUuid()]);
    const elsewhere = callerOf(w.p1, w.users.p1, { datacenter: US5 });
    await w.link(elsewhere, [w.c2, newUuid()]);
    expect(await organizations()).toEqual([]);
    await enableAs(w.place, w.as.p1, newUuid());
    expect(await organizations()).toEqual([w.c1.id]);
    await enableAs(w.place, w.as.p2, newUuid());
    expect((await organizations()).toSorted()).toEqual([w.c1.id, w.d1.id].toSorted());
  });

  test('cyberapp 3.2: a suspended customer is left as it is; resumed, it is back', async () => {
    await using w = await desireWorld(newPlace);
    await w.organizations.suspend(w.c1.id);
    expect(await w.of(w.c1, {})).toBeUndefined();
    expect(await w.of(w.c2, {})).toMatchObject({ tenantId: w.tenants.c2, datacenterId: 'eu8' });
    await w.organizations.resume(w.c1.id);
    expect(await w.of(w.c1, {})).toMatchObject({ tenantId: w.tenants.c1 });
  });

  test('cyberapp 4.9: one data center or one organization can be asked for alone', async () => {
    await using w = await desireWorld(newPlace);
    const asked = async (only: NonNullable<DesireParts['only']>) =>
      (await w.collect({}, { only })).desires.map(({ organizationId }) => organizationId);
    expect(await asked({ datacenterId: 'us5' })).toEqual([]);
    expect((await asked({ datacenterId: 'eu8' })).toSorted()).toEqual([w.c1.id, w.c2.id].toSorted());
    expect(await asked({ organizationId: w.c2.id })).toEqual([w.c2.id]);
  });

  test('cyberapp 10.2: what is pushed is what the settings and the organization both want', async () => {
    await using w = await desireWorld(newPlace);
    const push = async (setting: string[], wish: OrganizationRow['push']) => {
      await w.organizations.set(w.c1.id, { push: wish });
      return (await w.of(w.c1, {}, { settings: { ...SETTINGS, push: setting } }))?.push;
    };
    expect(await push(['workloads', 'alerts'], 'all')).toEqual({ workloads: true, alerts: true });
    expect(await push(['workloads'], 'all')).toEqual({ workloads: true, alerts: false });
    expect(await push(['workloads', 'alerts'], 'alerts')).toEqual({ workloads: false, alerts: true });
    expect(await push(['workloads'], 'alerts')).toEqual({ workloads: false, alerts: false });
    expect(await push(['workloads', 'alerts'], 'none')).toEqual({ workloads: false, alerts: false });
  });

  test('cyberapp 9.156: ties and what nobody owns are told beside the desires', async () => {
    await using w = await desireWorld(newPlace);
    const older = await w.own(w.c1, 'cloudstack', 'tag', 'team=b');
    w.clock.advance(1);
    const newer = await w.own(w.c2, 'cloudstack', 'tag', 'team=a');
    const tags = ['team=a', 'team=b'].map((selector) => ({ kind: 'tag', selector }));
    const { desires, ties, unassigned } = await w.collect({
      cloudstack: telling({ items: [vm({ owner: tags }), vm({ key: 'cs:main:vm:2' })] }),
    });
    expect(ties).toEqual([{ itemKey: VM_KEY, winner: older, loser: newer }]);
    expect(unassigned.map(({ item }) => item.key)).toEqual(['cs:main:vm:2']);
    expect(desires.filter(({ workloads }) => workloads.length > 0).map(({ organizationId }) => organizationId)).toEqual([w.c1.id]);
  });
}

function testCompleteness(newPlace: NewPlace): void {
  test('cyberapp 9.138: a source that is not complete says so; what it has told is shown, and others are as they were', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'cloudstack', 'domain', 'ROOT/bakery');
    await w.own(w.c1, 'blueonyx', 'domain', 'bakery.example');
    await w.own(w.c1, 'ovh', 'account', 'shop');
    const partly = telling({ items: [vm()], complete: false, reason: 'page 3 of 4\nfailed' });
    const failing: InventorySource = {
      list: () => Promise.reject(new Error('the store is away')),
      conditions: async () => ({ complete: true, facts: [] }),
    };
    const { desires, problems } = await w.collect({ cloudstack: partly, blueonyx: telling({ items: [site()] }), ovh: failing });
    const desire = desires.find(({ organizationId }) => organizationId === w.c1.id);
    expect(desire?.workloads.map(({ itemKey }) => itemKey)).toEqual([VM_KEY, SITE_KEY]);
    expect([...(desire?.complete ?? [])]).toEqual(['blueonyx']);
    expect(problems).toEqual([
      { source: 'cloudstack', text: 'page 3 of 4 failed' },
      { source: 'ovh', text: 'the store is away' },
    ]);
  });

  test('cyberapp 4.9: a source that throws where it should reject is one that fails', async () => {
    await using w = await desireWorld(newPlace);
    const throwing: InventorySource = {
      ...telling({}),
      list: () => {
        throw new Error('not ready');
      },
    };
    const { desires, problems } = await w.collect({ ovh: throwing });
    expect(problems).toEqual([{ source: 'ovh', text: 'not ready' }]);
    expect(desires).toHaveLength(2);
  });

  test('cyberapp 4.9: a source whose facts fail is not complete either, though its items are shown', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'cloudstack', 'domain', 'ROOT/bakery');
    const half: InventorySource = { ...telling({ items: [vm()] }), conditions: () => Promise.reject(new Error('no facts')) };
    const desire = await w.of(w.c1, { cloudstack: half });
    expect(desire?.workloads).toMatchObject([{ itemKey: VM_KEY, attributes: { backup_status: 'UNKNOWN' } }]);
    expect(desire?.complete.size).toBe(0);
  });

  test('cyberapp 4.9: a source that never answers is given up after its deadline, and told to stop', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'blueonyx', 'domain', 'bakery.example');
    const asked = Promise.withResolvers<AbortSignal>();
    const silent: InventorySource = {
      list: (signal) => {
        asked.resolve(signal);
        return new Promise(() => undefined);
      },
      conditions: async () => ({ complete: true, facts: [] }),
    };
    const collecting = w.collect({ cloudstack: silent, blueonyx: telling({ items: [site()] }) });
    const signal = await asked.promise;
    expect(signal.aborted).toBe(false);
    w.clock.advance(60_000);
    const { desires, problems } = await collecting;
    expect(problems).toEqual([{ source: 'cloudstack', text: 'no answer within 60 s' }]);
    expect(desires.flatMap(({ workloads }) => workloads.map(({ itemKey }) => itemKey))).toEqual([SITE_KEY]);
    expect(signal.aborted).toBe(true);
  });

  test('cyberapp 4.12: who stops in the middle gets no desires', async () => {
    await using w = await desireWorld(newPlace);
    const stop = new AbortController();
    const stopping: InventorySource = {
      ...telling({ items: [vm()] }),
      list: async () => {
        stop.abort(new Error('the gateway stops'));
        return { complete: true, items: [] };
      },
    };
    await expect(w.collect({ cloudstack: stopping }, {}, stop.signal)).rejects.toThrow('the gateway stops');
  });

  test('cyberapp 4.12: an organization that cannot be mapped is told, and the others are collected', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'cloudstack', 'vm', 'poison');
    await w.own(w.c2, 'cloudstack', 'vm', VM_ID);
    const poison: InventoryItem = {
      ...{ key: 'cs:main:vm:poison', kind: 'virtual_machine', name: 'p', owner: [{ kind: 'vm', selector: 'poison' }] },
      get attributes(): InventoryItem['attributes'] {
        throw new Error('cannot be read');
      },
    };
    const { desires, problems } = await w.collect({ cloudstack: telling({ items: [poison, vm()] }) });
    expect(desires.map(({ organizationId, workloads }) => [organizationId, workloads.length])).toEqual([[w.c2.id, 1]]);
    expect(problems).toEqual([{ organizationId: w.c1.id, text: 'cannot be read' }]);
  });

  test('cyberapp 5.1: the sources are those that other bridges provide', () => {
    const services = new ServiceRegistry();
    expect(inventoriesOf(services)).toEqual({});
    const [cloudstack, ovh] = [telling({}), telling({})];
    services.provide('inventory.cloudstack', cloudstack);
    services.provide('inventory.ovh', ovh);
    expect(inventoriesOf(services)).toEqual({ cloudstack, ovh });
  });
}

function testConditions(newPlace: NewPlace): void {
  test('cyberapp 9.164: an alert that is open closes at the lower threshold, in its own tenant alone', async () => {
    await using w = await desireWorld(newPlace);
    const other = 'bx:web1:vsite:site2';
    await w.own(w.c1, 'blueonyx', 'site', 'web1/site1');
    await w.own(w.c2, 'blueonyx', 'site', 'web1/site2');
    const items = [site(), site({ key: other, owner: [{ kind: 'site', selector: 'web1/site2' }] })];
    const blueonyx = telling({ items, facts: [fact(SITE_KEY, 'quota_used_share', 0.87), fact(other, 'quota_used_share', 0.87)] });
    const keys = async (organization: OrganizationRow) =>
      (await w.of(organization, { blueonyx }))?.conditions.map(({ dedupKey }) => dedupKey);
    expect(await keys(w.c1)).toEqual([]);
    const row = alertRow({ acronis_tenant_id: w.tenants.c1, organization_id: w.c1.id, dedup_key: `disk_quota:near:${SITE_KEY}` });
    await w.db.insertInto('cyberapp_alerts').values(row).execute();
    expect(await keys(w.c1)).toEqual([`disk_quota:near:${SITE_KEY}`]);
    expect(await keys(w.c2)).toEqual([]);
    await w.db.updateTable('cyberapp_alerts').set({ state: 'dismissed' }).execute();
    expect(await keys(w.c1)).toEqual([`disk_quota:near:${SITE_KEY}`]);
    expect([...(await heldAlerts(w.store, { organizationId: w.c2.id }))]).toEqual([]);
    await w.db.updateTable('cyberapp_alerts').set({ state: 'closing' }).execute();
    expect(await keys(w.c1)).toEqual([]);
  });

  test('cyberapp 9.166: a host that is down is told to both customers, each with its own machines', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'cloudstack', 'vm', 'one');
    await w.own(w.c2, 'cloudstack', 'vm', 'two');
    const items = ['one', 'two'].map((id) => vm({ key: `cs:main:vm:${id}`, name: id, owner: [{ kind: 'vm', selector: id }] }));
    const cloudstack = telling({ items: [...items, host()], facts: [fact(host().key, 'host_state', 'Down')] });
    for (const [organization, name] of [
      [w.c1, 'one'],
      [w.c2, 'two'],
    ] as const) {
      const desire = await w.of(organization, { cloudstack });
      expect(desire?.conditions).toMatchObject([{ code: 'host_down', fields: { Machines: name, 'Machines affected': '1' } }]);
    }
  });

  test('cyberapp 5.3: sites of a server that has been silent for 15 minutes are in error, with the last that is known', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'blueonyx', 'domain', 'bakery.example');
    const since = w.clock.now();
    const facts = [fact('bx:web1', 'host_silent', true, { since })];
    const blueonyx = telling({ items: [site()], facts, complete: false, reason: 'no answer' });
    w.clock.advance(15 * MINUTE - 1);
    const early = await w.of(w.c1, { blueonyx });
    expect([early?.workloads[0]?.attributes.status, early?.conditions]).toEqual(['ONLINE', []]);
    w.clock.advance(1);
    const late = await w.of(w.c1, { blueonyx });
    expect(late?.workloads).toMatchObject([{ attributes: { status: 'ERROR', disk_used_bytes: 900 } }]);
    expect(late?.conditions).toMatchObject([{ code: 'web_server_unreachable', since }]);
    expect((await w.of(w.c2, { blueonyx }))?.conditions).toEqual([]);
  });

  test('cyberapp 5.5: a full pool is told to those who see the infrastructure', async () => {
    await using w = await desireWorld(newPlace);
    await w.organizations.set(w.c2.id, { seesInfrastructure: true });
    const pool = { key: 'cs:main:pool:p1', kind: 'storage_pool', name: 'ceph', owner: [], attributes: {} };
    const cloudstack = telling({ items: [pool], facts: [fact(pool.key, 'used_share', 0.96)] });
    expect((await w.of(w.c1, { cloudstack }))?.conditions).toEqual([]);
    expect((await w.of(w.c2, { cloudstack }))?.conditions).toMatchObject([{ dedupKey: `storage:p1:full:${w.c2.id}` }]);
  });

  test('cyberapp 10.2: links to the console are shown where that is wanted', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'cloudstack', 'vm', VM_ID);
    const cloudstack = telling({ items: [vm({ attributes: { console_url: 'https://console.example/vm/1' } })] });
    const shown = async (console_links: boolean) =>
      (await w.of(w.c1, { cloudstack }, { settings: { ...SETTINGS, console_links } }))?.workloads[0]?.attributes.console_url;
    expect(await shown(false)).toBeUndefined();
    expect(await shown(true)).toBe('https://console.example/vm/1');
  });
}

function testPreview(newPlace: NewPlace): void {
  test('cyberapp 10.1: a preview has what would be sent, and writes nothing', async () => {
    await using w = await desireWorld(newPlace);
    await w.own(w.c1, 'cloudstack', 'vm', VM_ID);
    const now = w.clock.now();
    const facts = [fact(VM_KEY, 'state', 'Error', { since: now - 4 * MINUTE })];
    const parts = {
      ...{ store: w.store, clock: w.clock, settings: SETTINGS, app: 'acme.fairlead', alertSource: 'fairlead:9c1e' },
      inventories: { cloudstack: telling({ items: [vm()], facts }) },
    };
    const workloadId = newUuid();
    await w.db
      .insertInto('cyberapp_workloads')
      .values(workloadRow({ acronis_tenant_id: w.tenants.c1, organization_id: w.c1.id, workload_id: workloadId }))
      .execute();
    const { preview, problems } = await previewOrganization(parts, w.c1.id, w.signal);
    expect(problems).toEqual([]);
    expect(preview).toMatchObject({
      ...{ tenantId: w.tenants.c1, datacenterId: 'eu8', push: { workloads: true, alerts: true } },
      workloads: [{ draft: { externalId: VM_KEY, tenantId: w.tenants.c1 }, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      alerts: [{ draft: { source: 'fairlead:9c1e', resource: { id: workloadId, name: 'shop-db-1' } }, waitMs: 6 * MINUTE }],
    });
    expect(await w.db.selectFrom('cyberapp_alerts').selectAll().execute()).toEqual([]);
    await w.organizations.suspend(w.c1.id);
    expect((await previewOrganization(parts, w.c1.id, w.signal)).preview).toBeUndefined();
  });
}

function alertRow(change: Partial<AlertRow>): AlertRow {
  return {
    ...{ acronis_tenant_id: '', dedup_key: '', episode: 1, organization_id: '', datacenter_id: 'eu8', alert_type: 'disk_quota_near' },
    ...{ severity: 'warning', item_key: null, state: 'open', alert_id: null, source_stamp: 1, content_hash: '', body: '{}' },
    ...{ opened_ms: 0, last_true_ms: 0, false_since_ms: null, closed_ms: null, dismissed_ms: null },
    ...{ inflight_op: null, inflight_since_ms: null, attempts: 0, next_attempt_ms: 0, last_error: null, updated_ms: 0 },
    ...change,
  };
}

function workloadRow(change: Partial<WorkloadRow>): WorkloadRow {
  return {
    ...{
      acronis_tenant_id: '',
      item_key: VM_KEY,
      organization_id: '',
      datacenter_id: 'eu8',
      source: 'cloudstack',
      type: 'virtual_machine',
    },
    ...{ name: 'shop-db-1', workload_id: null, state: 'live', content_hash: null, sent_hash: null, body: '{}' },
    ...{ first_seen_ms: 0, last_seen_ms: 0, missing_since_ms: null, missing_runs: 0, inflight_op: null, inflight_since_ms: null },
    ...{ attempts: 0, next_attempt_ms: 0, last_error: null, updated_ms: 0 },
    ...change,
  };
}
