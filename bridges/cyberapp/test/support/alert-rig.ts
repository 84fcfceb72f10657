import { AcronisClient } from '@fairlead/acronis';
import { FakeAcronis, type FakeAcronisOptions, type AlertRow as FakeAlert } from '@fairlead/acronis/fake';
import type { Clock, ManualClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import type { Store } from '@fairlead/kernel/store';
import { ALERT_CATEGORIES, ALERT_TYPES } from '../../src/map/alert-types.ts';
import type { Condition, TenantDesire } from '../../src/map/types.ts';
import { heldAlerts } from '../../src/service/desire/customers.ts';
import type { AlertParts } from '../../src/service/push/alert-parts.ts';
import { AlertPusher } from '../../src/service/push/alerts.ts';
import { type PushCounts, Tally } from '../../src/service/push/counts.ts';
import type { PushClient } from '../../src/service/push/push-client.ts';
import type { AlertRow, CyberappTables, WorkloadRow } from '../../src/store/tables.ts';
import { type Place, sqlitePlace } from './places.ts';

export const APP = 'acme.fairlead';
export const SOURCE = 'fairlead:9c1e';
const PARTNER = '7b1f0c52-1f0d-4a57-9f6b-2d9f1f6f9b10';
export const TENANT = 'f2b0a1d7-53f5-4a1d-8f0c-7d3f4e7b9a66';
export const OTHER = '0a8c8f0e-90a1-4cf8-9f6b-6a3a1f1a5d55';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const VM = 'cs:main:vm:0b9a6f2e-7a7c-4d6e-9a52-1f0f6f0f2b31';

/** The same time as `clock`, which goes on instead of waiting. */
function hasty(clock: ManualClock): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      clock.advance(ms);
    },
  };
}

export function startFake(clock: ManualClock, more: Partial<FakeAcronisOptions> = {}): Promise<FakeAcronis> {
  return FakeAcronis.start({
    apps: [
      {
        code: APP,
        clientId: 'c1',
        clientSecret: 'hush',
        alertTypes: Object.entries(ALERT_TYPES).map(([code, { severity }]) => ({ code, severity })),
        categories: Object.keys(ALERT_CATEGORIES),
      },
    ],
    tenants: [
      { id: PARTNER, name: 'Nordhost' },
      { id: TENANT, name: 'Bakery Lind', parentId: PARTNER },
      { id: OTHER, name: 'Harbour Law LLP', parentId: PARTNER },
    ],
    clock,
    ...more,
  });
}

export function clientOf(fake: FakeAcronis, clock: ManualClock): AcronisClient {
  return new AcronisClient({
    datacenter: 'eu8',
    url: fake.url(),
    credentials: async () => ({ clientId: 'c1', clientSecret: 'hush' }),
    clock: hasty(clock),
    log: silentLog(),
    allowPrivate: true,
    requestsPerSecond: 1000,
    burst: 1000,
    random: () => 1,
  });
}

export function partsOf(store: Store, clock: ManualClock, more: Partial<AlertParts> = {}): AlertParts {
  return { store, clock: hasty(clock), app: APP, alertSource: SOURCE, random: () => 1, ...more };
}

/** A condition of a VM; by default a backup that has failed just now. */
export function badBackup(now: number, more: Partial<Condition> = {}): Condition {
  return {
    dedupKey: `backup_failed:${VM}`,
    code: 'backup_failed',
    source: 'cloudstack',
    itemKey: VM,
    since: now,
    title: 'Backup of shop-db-1 failed',
    description: 'The last backup of this machine failed.',
    fields: { Machine: 'shop-db-1' },
    ...more,
  };
}

export function desireOf(conditions: readonly Condition[], more: Partial<TenantDesire> = {}): TenantDesire {
  return {
    tenantId: TENANT,
    organizationId: 'o1',
    datacenterId: 'eu8',
    workloads: [],
    conditions,
    complete: new Set(['cloudstack', 'blueonyx', 'ovh']),
    push: { workloads: true, alerts: true },
    ...more,
  };
}

export interface AlertRig extends AsyncDisposable {
  readonly place: Place;
  readonly clock: ManualClock;
  readonly fake: FakeAcronis;
  readonly client: PushClient;
  readonly pusher: AlertPusher;
  /** `raise` and `close`, as a run does. */
  readonly run: (conditions: readonly Condition[], more?: Partial<TenantDesire>) => Promise<PushCounts>;
  readonly reconcile: () => Promise<PushCounts>;
  readonly rows: () => Promise<readonly AlertRow[]>;
  /** States of the rows, oldest episode first. */
  readonly states: () => Promise<readonly string[]>;
  readonly isOpen: () => Promise<(key: string) => boolean>;
  /** Codes of the alerts that are open at Acronis. */
  readonly shown: () => readonly string[];
}

export async function alertRig(
  more: {
    readonly parts?: Partial<AlertParts>;
    readonly fake?: Partial<FakeAcronisOptions>;
    readonly newPlace?: () => Promise<Place>;
  } = {},
): Promise<AlertRig> {
  await using scope = new AsyncScope();
  const place = scope.use(await (more.newPlace ?? sqlitePlace)());
  const { clock, store } = place;
  const fake = scope.use(await startFake(clock, more.fake));
  const client = scope.use(clientOf(fake, clock));
  const pusher = new AlertPusher(partsOf(store, clock, more.parts));
  const signal = new AbortController().signal;
  const rows = () => alertRows(store);
  const held = scope.move();
  return {
    place,
    clock,
    fake,
    client,
    pusher,
    run: async (conditions, wish) => runAlerts(pusher, client, desireOf(conditions, wish)),
    reconcile: () => pusher.reconcile(desireOf([]), client, signal),
    rows,
    states: async () => (await rows()).map(({ state }) => state),
    isOpen: async () => {
      const keys = (await heldAlerts(store)).get(TENANT);
      return (key) => keys?.has(key) ?? false;
    },
    shown: () => fake.openAlerts.map(codeOf),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

export async function runAlerts(
  pusher: AlertPusher,
  client: PushClient,
  desire: TenantDesire,
  signal = new AbortController().signal,
): Promise<PushCounts> {
  const tally = new Tally();
  tally.addAll(await pusher.raise(desire, client, signal));
  tally.addAll(await pusher.close(desire, client, signal));
  return tally.counts;
}

export function alertRows(store: Store): Promise<AlertRow[]> {
  return store.tables<CyberappTables>().selectFrom('cyberapp_alerts').selectAll().orderBy('source_stamp').execute();
}

/** `backup_failed` */
export function codeOf({ type }: Pick<FakeAlert, 'type'>): string {
  return type.split('~').at(-1)?.split('.')[2] ?? '';
}

/** The workload of a VM, at Acronis already. */
export async function liveWorkload(store: Store, more: Partial<WorkloadRow> = {}): Promise<void> {
  const row: WorkloadRow = {
    acronis_tenant_id: TENANT,
    item_key: VM,
    organization_id: 'o1',
    datacenter_id: 'eu8',
    source: 'cloudstack',
    type: 'virtual_machine',
    name: 'shop-db-1',
    workload_id: '5f1b6f7e-8f0a-4e6a-9a57-0d1c2b3a4f5e',
    state: 'live',
    content_hash: null,
    sent_hash: null,
    body: '{}',
    first_seen_ms: 0,
    last_seen_ms: 0,
    missing_since_ms: null,
    missing_runs: 0,
    inflight_op: null,
    inflight_since_ms: null,
    attempts: 0,
    next_attempt_ms: 0,
    last_error: null,
    updated_ms: 0,
    ...more,
  };
  await store.tables<CyberappTables>().insertInto('cyberapp_workloads').values(row).execute();
}
