import { readFile } from 'node:fs/promises';
import type { CallLogEntry } from '@fairlead/cloudstack';
import { newUuid } from '@fairlead/kernel/ids';
import { AsyncScope, type Bridge, type BridgeContext, type Health, type RunningBridge } from '@fairlead/kernel/lifecycle';
import type { FastifyInstance } from 'fastify';
import { OvirtFace } from './api/face.ts';
import { pkiRoutes } from './api/pki.ts';
import { routesOf } from './api/routes.ts';
import { ssoRoutes } from './api/sso.ts';
import { type OvirtSettings, sections } from './config.ts';
import { OvirtError } from './errors.ts';
import { forgetViewsJob } from './jobs/forget-views.ts';
import { refreshInventory } from './jobs/refresh-inventory.ts';
import { startWriteJobs } from './jobs/write-jobs.ts';
import { hrefs } from './map/href.ts';
import { callOutcome, ovirtMetrics } from './metrics.ts';
import { Auth } from './service/auth.ts';
import { Cloud } from './service/cloud.ts';
import { CloudSource } from './service/cloud-source.ts';
import { Follow } from './service/follow.ts';
import { readFollowRules } from './service/follow-rules.ts';
import { watchRows } from './service/instruments.ts';
import { Inventory } from './service/inventory.ts';
import type { Parts, ReadParts } from './service/parts.ts';
import { ToldFacts } from './service/told-facts.ts';
import { VmView } from './service/vm-view.ts';
import { makeWriteParts } from './service/write-parts.ts';
import { fact } from './store/facts.ts';
import { migrations } from './store/migrations.ts';
import { OvirtStore } from './store/ovirt-store.ts';
import { sealed } from './store/sealed.ts';

export { openInventory } from './service/open-inventory.ts';

/** The oVirt API in front of CloudStack. */
export const bridge: Bridge<typeof sections, FastifyInstance> = {
  id: 'ovirt',
  title: 'oVirt API for CloudStack',
  config: sections,
  errors: OvirtError.specs,
  migrations,
  metrics: [ovirtMetrics],
  sealed,
  digests: [],
  start,
};

async function start(context: BridgeContext, config: OvirtSettings): Promise<RunningBridge<FastifyInstance>> {
  const scope = new AsyncScope();
  const base = context.server.path.replace(/\/+$/, '');
  const cloud = scope.use(await makeCloud(context, config));
  const read = makeReadParts({ context, config, cloud, base });
  const parts: Parts = { ...read, ...makeWriteParts(read) };
  read.follow.add(readFollowRules(read));
  watchRows(parts);
  const facts = tellInventory(parts);
  const stopping = new AbortController();
  const work = [refreshInventory({ ...parts, facts }, stopping.signal), ...startWriteJobs(parts, stopping.signal)];
  scope.defer(async () => {
    stopping.abort(new Error('the gateway is stopping'));
    await Promise.allSettled(work);
  });
  const plain = [...ssoRoutes(parts), ...pkiRoutes(parts)];
  const face = new OvirtFace({ parts, base, routes: routesOf(parts), plain, stopping: stopping.signal });
  return {
    plugins: [
      {
        listener: 'main',
        prefixes: face.prefixes,
        face: 'oVirt API',
        register: (app) => face.register(app),
        routeOf: (method, url) => face.routeOf(method, url),
      },
    ],
    jobs: [forgetViewsJob(parts)],
    health: (signal) => healthOf(parts, signal),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

async function makeCloud(context: BridgeContext, { cloudstack }: OvirtSettings): Promise<Cloud> {
  const { endpoint, api_key: apiKey, secret_key: secretKey, ca_file: caFile, verify } = cloudstack;
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  if (!verify) context.log.warn({ endpoint }, 'the certificate of CloudStack is not checked ([cloudstack] verify = false)');
  const log = context.log.child({ part: 'cloudstack' });
  const { calls } = context.metrics.use(ovirtMetrics);
  const told = (entry: CallLogEntry) => {
    log.debug(entry, 'call');
    calls.observe({ command: entry.command, outcome: callOutcome(entry.status) }, entry.ms / 1000);
  };
  const base = { endpoint, ca, verify, clock: context.clock, log: told };
  const serviceKeys = apiKey === undefined || secretKey === undefined ? undefined : { apiKey, secretKey };
  return new Cloud({ base, serviceKeys, log: context.log });
}

interface Foundation {
  readonly context: BridgeContext;
  readonly config: OvirtSettings;
  readonly cloud: Cloud;
  readonly base: string;
}

function makeReadParts({ context, config, cloud, base }: Foundation): ReadParts {
  const store = new OvirtStore(context.store);
  const href = hrefs(`${base}/api`);
  const inventory = new Inventory({ store, cloud, clock: context.clock, refreshMs: config.ovirt.inventory_refresh });
  return {
    context,
    config,
    store,
    cloud,
    inventory,
    href,
    follow: new Follow(),
    auth: new Auth({ context, config, store, cloud }),
    vmView: new VmView(inventory, href),
    instanceId: () => fact(store, 'instance_id', newUuid),
  };
}

/** The inventory for other bridges (design 11). */
function tellInventory({ context, config, store, inventory }: Parts): ToldFacts {
  const view = inventory.serviceView;
  const facts = new ToldFacts({ store, clock: context.clock, view });
  context.services.provide('inventory.cloudstack', new CloudSource({ store, view, facts, cloud: config.cloudstack.name }));
  return facts;
}

/** CloudStack is asked with the service key; without one nothing can be said about it. */
async function healthOf(parts: Parts, signal: AbortSignal): Promise<Health> {
  try {
    const client = await parts.cloud.service();
    if (client === undefined) return { ok: true, facts: { cloudstack: 'not asked: there is no service key', service_key: false } };
    await client.call('listCapabilities', {}, { signal, deadlineMs: 5000 });
    return { ok: true, facts: { cloudstack: 'reachable', service_key: true } };
  } catch (error) {
    return { ok: false, facts: { cloudstack: error instanceof Error ? error.message : 'not reachable' } };
  }
}
