import { AcronisClient } from '@fairlead/acronis';
import { FakeAcronis, type FakeAcronisOptions } from '@fairlead/acronis/fake';
import type { Clock, ManualClock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import type { Store } from '@fairlead/kernel/store';
import { ALERT_CATEGORIES, ALERT_TYPES } from '../../src/map/alert-types.ts';
import type { Condition, DesiredWorkload, TenantDesire } from '../../src/map/types.ts';
import { WORKLOAD_TYPES } from '../../src/map/workload-types.ts';
import type { AlertSteps } from '../../src/service/push/alert-steps.ts';
import { DatacenterState } from '../../src/service/push/datacenter-state.ts';
import type { PushClient } from '../../src/service/push/push-client.ts';
import { type Collected, ConnectorRun, type ConnectorRunParts, type RunOptions } from '../../src/service/push/run.ts';
import type { PushSettings } from '../../src/service/push/settings.ts';
import type { CyberappTables, OrganizationRow, SourceName } from '../../src/store/tables.ts';
import { directoryWorld, enableAs } from './directory-world.ts';
import type { NewPlace } from './places.ts';

export const APP = 'acme.fairlead';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const SECRET = 'hush:hush"s3cret';
export const CLIENT_ID = '6f0c2a53-9d5b-4f43-8f7e-0d9b0a3f1c77';

const SETTINGS: PushSettings = {
  app: APP,
  batchSize: 50,
  concurrency: 4,
  deleteGraceMs: HOUR,
  maxDeleteShare: 30,
  onUnmap: 'remove',
  adoptGraceMs: 15 * MINUTE,
  volatileRefreshMs: 6 * HOUR,
  reconcileMs: HOUR,
};

type Item = Partial<DesiredWorkload>;

/** The app as the Vendor Portal has it, with all types. */
export const REGISTERED: FakeAcronisOptions['apps'][number] = {
  code: APP,
  clientId: CLIENT_ID,
  clientSecret: SECRET,
  alertTypes: Object.entries(ALERT_TYPES).map(([code, { severity }]) => ({ code, severity })),
  categories: Object.keys(ALERT_CATEGORIES),
  workloadTypes: Object.entries(WORKLOAD_TYPES).map(([code, { schema }]) => ({ code, schema })),
};

/** A machine to be shown. */
export function item(key: string, { attributes = {}, ...more }: Item = {}): DesiredWorkload {
  return {
    itemKey: key,
    source: 'cloudstack',
    type: 'virtual_machine',
    name: key,
    enabled: true,
    volatile: ['last_backup'],
    ...more,
    attributes: { fairlead_key: key, status: 'ONLINE', ...attributes },
  };
}

/** `prefix-1` to `prefix-n`. */
export function items(howMany: number, prefix = 'vm'): DesiredWorkload[] {
  return Array.from({ length: howMany }, (_, index) => item(`${prefix}-${index + 1}`));
}

/** The backup of a machine failed, since `since`. */
export function failedBackup(key: string, since: number): Condition {
  return {
    dedupKey: `backup_failed:${key}`,
    code: 'backup_failed',
    source: 'cloudstack',
    itemKey: key,
    since,
    title: `Backup of ${key} failed`,
    description: 'The last backup ended with an error.',
    fields: { Machine: key },
  };
}

/** A clock whose waits are over at once: what waits turns the hands. */
export function quickClock(clock: ManualClock): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      clock.advance(ms);
    },
  };
}

interface Shown {
  readonly items: readonly DesiredWorkload[];
  readonly complete: readonly SourceName[];
  readonly conditions: readonly Condition[];
}

export interface WorldOptions {
  readonly fake?: Partial<FakeAcronisOptions>;
  readonly settings?: Partial<PushSettings>;
}

/** Two customers of two partners, a fake of Acronis, and runs against it. */
export async function connectorWorld(newPlace: NewPlace, options: WorldOptions = {}) {
  await using scope = new AsyncScope();
  const directory = await directoryWorld(newPlace);
  scope.defer(async () => directory[Symbol.asyncDispose]());
  const { place, as, link, db } = directory;
  const tenants = { c1: newUuid(), c2: newUuid(), d1: newUuid(), next: newUuid() };
  const partners = { p1: newUuid(), p2: newUuid() };
  const fake = scope.use(await startFake(place.clock, { tenants: { ...tenants, ...partners }, options: options.fake }));
  await enableAs(place, as.p1, partners.p1);
  await enableAs(place, as.p2, partners.p2);
  await link(as.p1, [directory.c1, tenants.c1]);
  const client = scope.use(clientOf(fake, place.clock));
  const settings = { ...SETTINGS, ...options.settings };
  const shown = new Map<OrganizationRow, Shown>();
  const organizations = [directory.c1, directory.c2, directory.d1];
  const collect = async (): Promise<Collected> => ({ desires: await desiresOf(place.store, shown), problems: [] });
  const parts = (more: Partial<ConnectorRunParts> = {}): ConnectorRunParts => ({
    store: place.store,
    clock: place.clock,
    log: silentLog(),
    audit: { record: async () => undefined },
    client,
    collect,
    alerts: noAlerts(),
    settings,
    datacenter,
    node: 'here',
    ...more,
  });
  const datacenter = new DatacenterState(settings.batchSize);
  const held = scope.move();
  return {
    ...directory,
    client,
    clock: place.clock,
    collect,
    fake,
    organizations,
    parts,
    partners,
    store: place.store,
    tenants,
    /** What a customer's tenant is to show; sources that are not named were not read whole. */
    show(
      customer: OrganizationRow,
      these: readonly DesiredWorkload[],
      complete: readonly SourceName[] = ['cloudstack', 'blueonyx', 'ovh'],
    ) {
      shown.set(customer, { items: these, complete, conditions: [] });
    },
    /** And what is wrong there. */
    suffer(customer: OrganizationRow, conditions: readonly Condition[]) {
      const { items: these = [], complete = [] } = shown.get(customer) ?? {};
      shown.set(customer, { items: these, complete, conditions });
    },
    run(runOptions: Partial<RunOptions> = {}, more: Partial<ConnectorRunParts> = {}, signal = new AbortController().signal) {
      return new ConnectorRun(parts(more)).run(signal, { trigger: 'interval', ...runOptions });
    },
    rows: (tenantId: string = tenants.c1) =>
      db.selectFrom('cyberapp_workloads').selectAll().where('acronis_tenant_id', '=', tenantId).orderBy('item_key').execute(),
    target: (tenantId: string = tenants.c1) =>
      db.selectFrom('cyberapp_targets').selectAll().where('acronis_tenant_id', '=', tenantId).executeTakeFirst(),
    /** Keys of what the fake shows in a tenant, with repeats. */
    keysAt: (tenantId: string = tenants.c1) =>
      fake.workloads
        .filter((row) => row.tenantId === tenantId)
        .map((row) => String(row.attributes.fairlead_key))
        .toSorted(),
    /** How many writes of workloads the fake has seen. */
    writes: () =>
      (['workloads.create', 'workloads.update', 'workloads.delete', 'alerts.create', 'alerts.dismiss'] as const).reduce(
        (sum, route) => sum + fake.requests.count(route),
        0,
      ),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

export type ConnectorWorld = Awaited<ReturnType<typeof connectorWorld>>;

export function clientOf(fake: FakeAcronis, clock: ManualClock, more: { datacenter?: string; secret?: string } = {}): AcronisClient {
  const { datacenter = 'eu8', secret = SECRET } = more;
  return new AcronisClient({
    datacenter,
    url: fake.url(datacenter),
    credentials: async () => ({ clientId: CLIENT_ID, clientSecret: secret }),
    clock: quickClock(clock),
    log: silentLog(),
    requestsPerSecond: 1000,
    burst: 1000,
    allowPrivate: true,
    random: () => 0,
  });
}

interface FakeWish {
  readonly tenants: Readonly<Record<string, string>>;
  readonly options?: Partial<FakeAcronisOptions> | undefined;
}

function startFake(clock: ManualClock, { tenants, options }: FakeWish): Promise<FakeAcronis> {
  return FakeAcronis.start({
    apps: [REGISTERED],
    tenants: Object.entries(tenants).map(([name, id]) => ({ id, name, kind: 'customer' as const })),
    clock,
    ...options,
  });
}

async function desiresOf(store: Store, shown: ReadonlyMap<OrganizationRow, Shown>): Promise<readonly TenantDesire[]> {
  const mappings = await store.tables<CyberappTables>().selectFrom('cyberapp_mappings').selectAll().execute();
  return [...shown].flatMap(([organization, { items: workloads, complete, conditions }]) => {
    const mapping = mappings.find((row) => row.organization_id === organization.id);
    if (mapping === undefined) return [];
    return [
      {
        tenantId: mapping.acronis_tenant_id,
        organizationId: organization.id,
        datacenterId: mapping.datacenter_id,
        workloads,
        conditions,
        complete: new Set(complete),
        push: { workloads: true, alerts: true },
      },
    ];
  });
}

/** Steps of alerts that do nothing, and say in which order they were asked. */
export function noAlerts(asked: string[] = []): AlertSteps {
  const step = (name: string) => async () => {
    asked.push(name);
    return {};
  };
  return {
    raise: step('raise'),
    close: step('close'),
    reconcile: step('reconcile'),
    leave: step('leave'),
    drop: step('drop'),
    plan: async () => [],
  };
}

/** The same client, with the methods of workloads that are given in place of its own. */
export function withWorkloads(client: PushClient, workloads: Partial<PushClient['workloads']>): PushClient {
  const own = client.workloads;
  return {
    datacenter: client.datacenter,
    get pausedUntil() {
      return client.pausedUntil;
    },
    alerts: client.alerts,
    workloads: {
      get sendsExternalId() {
        return own.sendsExternalId;
      },
      create: (drafts, signal) => own.create(drafts, signal),
      list: (query, signal) => own.list(query, signal),
      update: (id, change, signal) => own.update(id, change, signal),
      remove: (ids, signal) => own.remove(ids, signal),
      ...workloads,
    },
  };
}
