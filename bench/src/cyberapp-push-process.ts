import { AcronisClient, type WorkloadDraft } from '@fairlead/acronis';
import { workloadTypeCti } from '@fairlead/acronis/codec';
import { Connector, Sources } from '@fairlead/bridge-cyberapp';
import { AsyncScope, type BridgeContext } from '@fairlead/kernel/lifecycle';
import { APP, cyberappContext, cyberappSettings, DATACENTER } from './cyberapp-context.ts';
import { type Directory, plantDirectory } from './cyberapp-directory.ts';
import type { FakeFacts } from './cyberapp-fake-process.ts';
import { domainOf, Machines } from './cyberapp-machines.ts';
import { takeOrders } from './cyberapp-orders.ts';

export interface PushWish {
  readonly folder: string;
  readonly fake: FakeFacts;
  readonly workloads: number;
  readonly partnerTenant: string;
  readonly customerTenants: readonly string[];
  /** Where `single` puts its workloads: no customer's. */
  readonly spareTenant: string;
}

/** A run of the connector; so many creations one by one; or other addresses for each so-many-th machine. */
export type PushOrder =
  | { readonly kind: 'run'; readonly reconcile: boolean }
  | { readonly kind: 'single'; readonly howMany: number }
  | { readonly kind: 'renumber'; readonly step: number; readonly round: number };

export interface RunDone {
  readonly seconds: number;
  readonly outcome: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** The most that the configuration allows, so that it is not what is measured. */
const REQUESTS_PER_SECOND = 1000;

await takeOrders<PushWish, PushOrder>(async (wish) => {
  await using scope = new AsyncScope();
  const context = scope.use(await cyberappContext(wish.folder));
  const directory = await plantDirectory(context.store, wish.partnerTenant, wish.customerTenants);
  await plantRules(context, directory);
  const machines = new Machines(wish.customerTenants.length, wish.workloads);
  context.services.provide('inventory.cloudstack', machines.source);
  const settings = cyberappSettings(configuration(wish.fake));
  const connector = scope.use(await Connector.start({ context, settings, ca: wish.fake.ca }));
  const single = scope.use(sampleClient(context, wish.fake));
  const held = scope.move();
  return {
    facts: {},
    order: (order) => {
      if (order.kind === 'renumber') return Promise.resolve(machines.renumber(order.step, order.round));
      if (order.kind === 'single') return oneByOne(single, wish.spareTenant, order.howMany);
      return run(connector, order.reconcile);
    },
    end: () => held[Symbol.asyncDispose](),
  };
});

async function run(connector: Connector, reconcile: boolean): Promise<RunDone> {
  const begin = performance.now();
  const { outcome, counts } = await connector.run(DATACENTER, { trigger: 'operator', reconcile }, new AbortController().signal);
  return { seconds: (performance.now() - begin) / 1000, outcome, counts };
}

/** As the sample does: one item in a request, one request after the other. Answers the seconds. */
async function oneByOne(client: AcronisClient, tenantId: string, howMany: number): Promise<number> {
  const signal = new AbortController().signal;
  const draftOf = (at: number): WorkloadDraft => ({
    type: workloadTypeCti(APP, 'virtual_machine'),
    name: `single-${at}`,
    attributes: { fairlead_key: `single-${at}`, status: 'ONLINE' },
    tenantId,
    enabled: true,
  });
  // The token.
  await client.workloads.create([draftOf(-1)], signal);
  const begin = performance.now();
  for (let at = 0; at < howMany; at++) await client.workloads.create([draftOf(at)], signal);
  return (performance.now() - begin) / 1000;
}

/** Each customer owns the domain of his number. */
async function plantRules({ store, clock }: BridgeContext, { customers }: Directory): Promise<void> {
  const sources = new Sources({ store, clock, inventories: () => ({}) });
  for (const [at, { organization }] of customers.entries())
    await sources.add({ organizationId: organization.id, source: 'cloudstack', kind: 'domain', selector: domainOf(at) });
}

function configuration({ url, clientId, clientSecret }: FakeFacts): string {
  return [
    `[cyberapp]\napp_code = ${APP}`,
    `[connector]\nallow_private = true\nrequests_per_second = ${REQUESTS_PER_SECOND}`,
    `[connector ${DATACENTER}]\ndc_url = ${url}\nclient_id = ${clientId}\nclient_secret = ${clientSecret}`,
  ].join('\n');
}

function sampleClient({ clock, log }: BridgeContext, { url, ca, clientId, clientSecret }: FakeFacts): AcronisClient {
  return new AcronisClient({
    ...{ datacenter: DATACENTER, url, ca, clock, log, allowPrivate: true },
    credentials: async () => ({ clientId, clientSecret }),
    requestsPerSecond: REQUESTS_PER_SECOND,
    burst: REQUESTS_PER_SECOND,
  });
}
