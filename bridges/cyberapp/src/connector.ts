import { hostname } from 'node:os';
import { AcronisClient, type Attempt, type ClientCredentials } from '@fairlead/acronis';
import type { Job } from '@fairlead/kernel/jobs';
import { AsyncScope, type BridgeContext } from '@fairlead/kernel/lifecycle';
import type { InstrumentsOf } from '@fairlead/kernel/metrics';
import type { CyberappBridgeSettings } from './config.ts';
import { type ConnectorDatacenter, type ConnectorSections, connectorDatacenters } from './connector-config.ts';
import { connectorMetrics } from './connector-metrics.ts';
import { checkTenantsJob } from './jobs/check-tenants.ts';
import { runConnectorJob } from './jobs/run-connector.ts';
import { runOnce } from './jobs/run-once.ts';
import { SOURCE_NAMES } from './map/selectors.ts';
import { collectDesires } from './service/desire/collect.ts';
import { inventoriesOf } from './service/desire/inventories.ts';
import { closeAlert } from './service/push/alert-close.ts';
import type { AlertSteps } from './service/push/alert-steps.ts';
import { AlertPusher } from './service/push/alerts.ts';
import { DatacenterState } from './service/push/datacenter-state.ts';
import { dryRun } from './service/push/dry-run.ts';
import { connectorFacts } from './service/push/health.ts';
import { instanceId } from './service/push/instance-id.ts';
import { watchRows } from './service/push/numbers.ts';
import type { PlannedOperation } from './service/push/plan.ts';
import { type Collected, ConnectorRun, type RunOptions, type RunResult } from './service/push/run.ts';
import { type PushSettings, pushSettings } from './service/push/settings.ts';
import { TenantCheck } from './service/push/tenant-check.ts';
import type { AlertRow } from './store/tables.ts';

export interface ConnectorParts {
  readonly context: Pick<BridgeContext, 'store' | 'clock' | 'log' | 'scrubber' | 'audit' | 'metrics' | 'services'>;
  readonly settings: CyberappBridgeSettings;
  /** PEM of `[connector] ca`. */
  readonly ca?: string | undefined;
  /** Which gateway this is, for the history; default: the name of the machine. */
  readonly node?: string | undefined;
  /** From 0 to 1, for the times of runs. */
  readonly random?: (() => number) | undefined;
}

/** A data center as it is pushed to. */
interface Place {
  readonly client: AcronisClient;
  readonly state: DatacenterState;
  credentials: ClientCredentials;
}

/** The half of the bridge that calls Acronis (cyberapp 4). Begins nothing by itself: its jobs do. */
export class Connector implements AsyncDisposable {
  readonly #parts: ConnectorParts;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #alerts: AlertSteps;
  readonly #push: PushSettings;
  readonly #instruments: InstrumentsOf<typeof connectorMetrics>;
  readonly #scope: AsyncScope;

  private constructor(
    parts: ConnectorParts,
    { places, alertSource, scope }: { places: ReadonlyMap<string, Place>; alertSource: string; scope: AsyncScope },
  ) {
    const { context, settings } = parts;
    const { connector, cyberapp } = settings;
    this.#parts = parts;
    this.#places = places;
    this.#scope = scope;
    this.#push = pushSettings(connector, cyberapp.app_code);
    this.#instruments = context.metrics.use(connectorMetrics);
    this.#alerts = new AlertPusher({
      store: context.store,
      clock: context.clock,
      app: cyberapp.app_code,
      alertSource,
      reRaiseAfterMs: connector.re_raise_after,
      manifest: connector.manifest_version,
    });
    watchRows(context.store, this.#instruments);
  }

  /** Throws FAIRLEAD_CONFIG for data centers that cannot be used. Nothing is sent. */
  static async start(parts: ConnectorParts): Promise<Connector> {
    const { context, settings } = parts;
    await using scope = new AsyncScope();
    const datacenters = await connectorDatacenters(settings, context);
    const instruments = context.metrics.use(connectorMetrics);
    const places = new Map<string, Place>();
    for (const datacenter of datacenters) {
      const place = placeOf(parts, datacenter, (attempt) => noteAttempt(instruments, datacenter.id, attempt));
      scope.use(place.client);
      places.set(datacenter.id, place);
    }
    const alertSource = `fairlead:${await instanceId(context.store, settings.connector.instance_id)}`;
    return new Connector(parts, { places, alertSource, scope: scope.move() });
  }

  /** Ids of the data centers that are configured. */
  get datacenters(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** A run for each data center, and the daily look at tenants. */
  get jobs(): readonly Job[] {
    const { context, settings, random } = this.#parts;
    const check = new TenantCheck(context);
    const runs = this.datacenters.map((datacenterId) =>
      runConnectorJob({
        datacenterId,
        clock: context.clock,
        random,
        intervalMs: settings.connector.interval,
        run: (signal) => this.run(datacenterId, { trigger: 'interval' }, signal),
      }),
    );
    return [
      ...runs,
      checkTenantsJob(
        [...this.#places.values()].map(
          ({ client }) =>
            (signal) =>
              check.check(client, signal),
        ),
      ),
    ];
  }

  /** One run of a data center, for whoever holds its lease: see `runConnectorJob`. @throws RangeError for one that is not configured */
  async run(datacenterId: string, options: RunOptions, signal: AbortSignal): Promise<RunResult> {
    const { store, clock, log, audit } = this.#parts.context;
    const { client, state } = this.#place(datacenterId);
    const began = clock.now();
    let outcome: RunResult['outcome'] = 'failed';
    try {
      const run = new ConnectorRun({
        ...{ store, clock, log, audit, client, datacenter: state },
        ...{ alerts: this.#alerts, settings: this.#push, node: this.#parts.node ?? hostname() },
        collect: (within) => this.#collect(within),
      });
      const result = await run.run(signal, options);
      ({ outcome } = result);
      for (const [what, count] of Object.entries(result.counts)) this.#instruments.did.add({ what }, count);
      return result;
    } catch (error) {
      if (signal.aborted) outcome = 'stopped';
      throw error;
    } finally {
      this.#instruments.runs.add({ outcome });
      this.#instruments.runSeconds.observe({}, (clock.now() - began) / 1000);
    }
  }

  /** A run from the command line: in this process, when the gateways' own has ended, so that a data center has one at a time. */
  async once(datacenterId: string, options: RunOptions, signal: AbortSignal): Promise<RunResult> {
    this.#place(datacenterId);
    const { store, clock, log } = this.#parts.context;
    const { interval: intervalMs } = this.#parts.settings.connector;
    const run = (within: AbortSignal) => this.run(datacenterId, options, within);
    return await runOnce({ store, clock, log, datacenterId, intervalMs, run }, signal);
  }

  /** Dismisses an alert for an operator: see `closeAlert`. @throws RangeError for a data center that is not configured */
  async closeAlert(row: AlertRow, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#place(row.datacenter_id);
    return await closeAlert(this.#parts.context, row, client, signal);
  }

  /** What runs would do now, in all data centers or one. With `remote` Acronis is asked what it has; nothing is changed. */
  async *plan(
    options: Pick<RunOptions, 'organizationId' | 'allowDeletes'> & { readonly datacenterId?: string; readonly remote?: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<PlannedOperation, void, undefined> {
    const some = options.datacenterId === undefined ? this.datacenters : [options.datacenterId];
    for (const datacenterId of some) {
      const { client } = this.#place(datacenterId);
      const parts = {
        ...{ store: this.#parts.context.store, datacenterId, alerts: this.#alerts, settings: this.#push },
        collect: (within: AbortSignal) => this.#collect(within),
        remote: options.remote === true ? client : undefined,
      };
      yield* dryRun(parts, options, signal);
    }
  }

  /** One fact a line; what is degraded is said in `warning`. */
  facts(): Promise<Readonly<Record<string, string | number | boolean>>> {
    const { context, settings } = this.#parts;
    return connectorFacts(context.store, { datacenters: this.datacenters, intervalMs: settings.connector.interval });
  }

  /** Takes up credentials that were changed; other data centers need a restart. */
  async reload(settings: ConnectorSections): Promise<void> {
    const datacenters = await connectorDatacenters(settings, this.#parts.context);
    for (const { id, url, credentials } of datacenters) {
      const place = this.#places.get(id);
      if (place === undefined) this.#parts.context.log.warn({ dc: id, url }, 'a new data center is pushed to after a restart');
      else place.credentials = credentials;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }

  #place(datacenterId: string): Place {
    const place = this.#places.get(datacenterId);
    if (place === undefined) throw new RangeError(`the data center ${datacenterId} is not configured`);
    return place;
  }

  async #collect(signal: AbortSignal): Promise<Collected> {
    const { context, settings } = this.#parts;
    const { store, clock, services } = context;
    const found = await collectDesires({ store, clock, inventories: inventoriesOf(services), settings: settings.connector }, signal);
    for (const { source } of found.problems) if (source !== undefined) this.#instruments.incomplete.add({ source });
    const bySource = Map.groupBy(found.unassigned, ({ source }) => source);
    for (const source of SOURCE_NAMES) this.#instruments.unassigned.set({ source }, bySource.get(source)?.length ?? 0);
    if (found.ties.length > 0)
      context.log.warn({ ties: found.ties.length }, 'rules of one rank give items to different customers; the older ones count');
    return found;
  }
}

function placeOf({ context, settings, ca }: ConnectorParts, datacenter: ConnectorDatacenter, onAttempt: (attempt: Attempt) => void): Place {
  const { connector } = settings;
  const { id, url } = datacenter;
  const { clock, log } = context;
  const { requests_per_second: requestsPerSecond } = connector;
  let place: Place | undefined;
  const credentials = async (again: boolean): Promise<ClientCredentials> => {
    const known = place?.credentials ?? datacenter.credentials;
    if (!again || connector.file === undefined) return known;
    const anew = (await connectorDatacenters(settings, context)).find((one) => one.id === id)?.credentials ?? known;
    if (place !== undefined) place.credentials = anew;
    return anew;
  };
  const client = new AcronisClient({
    ...{ datacenter: id, url, credentials, clock, log, ca, onAttempt },
    ...{ requestsPerSecond, burst: 2 * requestsPerSecond, allowPrivate: connector.allow_private },
    sendExternalId: connector.send_external_id,
    alertResource: connector.alert_resource,
  });
  place = { client, state: new DatacenterState(connector.batch_size), credentials: datacenter.credentials };
  return place;
}

function noteAttempt(instruments: InstrumentsOf<typeof connectorMetrics>, dc: string, { call: op, outcome, ms }: Attempt): void {
  instruments.pushed.add({ dc, op, outcome });
  instruments.pushSeconds.observe({ op }, ms / 1000);
}
