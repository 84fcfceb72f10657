import { acronisClass } from '@fairlead/acronis';
import type { Audit } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import type { Store } from '@fairlead/kernel/store';
import type { TenantDesire } from '../../map/types.ts';
import type { AlertSteps } from './alert-steps.ts';
import { type PushCounts, Tally } from './counts.ts';
import type { DatacenterState } from './datacenter-state.ts';
import { nextDue } from './due.ts';
import type { PushClient } from './push-client.ts';
import { queueOf, type TenantWork } from './run-queue.ts';
import { type RunOutcome, RunRows } from './run-rows.ts';
import type { PushSettings } from './settings.ts';
import { abortLater, stoppingClient } from './stopping-client.ts';
import { Targets, WHOLE_DATACENTER } from './targets.ts';
import { type RunView, TenantPush } from './tenant-push.ts';
import { WorkloadRows } from './workload-rows.ts';
import { WorkloadPusher } from './workloads.ts';

/** What is to be shown everywhere, and what could not be found out. */
export interface Collected {
  /** Of all data centers: whoever shows an item elsewhere, shows it here no more. */
  readonly desires: readonly TenantDesire[];
  readonly problems: readonly { readonly organizationId?: string; readonly text: string }[];
}

export interface ConnectorRunParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Pick<Audit, 'record'>;
  readonly client: PushClient;
  readonly collect: (signal: AbortSignal) => Promise<Collected>;
  readonly alerts: AlertSteps;
  readonly settings: PushSettings;
  readonly datacenter: DatacenterState;
  /** Which gateway this is, for the history. */
  readonly node: string;
  /** How long calls that are under way may go on when a run is stopped. Default 1 s: no longer after a lost lease. */
  readonly graceMs?: number;
}

export interface RunOptions {
  readonly trigger: 'interval' | 'operator';
  /** Only this one. */
  readonly organizationId?: string | undefined;
  /** Ids of organizations of which everything that is missing may be removed. */
  readonly allowDeletes?: ReadonlySet<string>;
  /** Compare everything with Acronis now. */
  readonly reconcile?: boolean;
}

export interface RunResult {
  readonly outcome: RunOutcome;
  readonly counts: PushCounts;
  /** When something that had to wait may be tried again. Milliseconds since 1970. */
  readonly dueMs: number | undefined;
}

const GRACE_MS = 1000;

/** One run of one data center (cyberapp 4.9). Whoever calls it has the lease, and aborts the signal when that is lost. */
export class ConnectorRun {
  readonly #parts: ConnectorRunParts;
  readonly #targets: Targets;
  readonly #history: RunRows;
  readonly #push: TenantPush;

  constructor(parts: ConnectorRunParts) {
    this.#parts = parts;
    const { store } = parts;
    const rows = new WorkloadRows(store);
    this.#targets = new Targets(store);
    this.#history = new RunRows(store);
    const workloads = new WorkloadPusher({ ...parts, rows });
    this.#push = new TenantPush({ ...parts, rows, workloads, targets: this.#targets });
  }

  /** Does everything that is due. Rejects with the signal's reason when it is stopped: the next run goes on from the rows. */
  async run(signal: AbortSignal, options: RunOptions): Promise<RunResult> {
    const { client, clock, node } = this.#parts;
    const { datacenter: datacenterId } = client;
    signal.throwIfAborted();
    const whole = (await this.#targets.load(datacenterId)).get(WHOLE_DATACENTER);
    if (whole !== undefined && whole.next_attempt_ms > clock.now()) return { outcome: 'paused', counts: {}, dueMs: whole.next_attempt_ms };
    const id = await this.#history.begin({ datacenterId, trigger: options.trigger, node });
    const tally = new Tally();
    let outcome: RunOutcome = 'failed';
    try {
      outcome = await this.#work(signal, options, tally);
      if (outcome !== 'paused' && whole !== undefined) await this.#targets.forget(datacenterId, WHOLE_DATACENTER);
    } catch (error) {
      if (signal.aborted) outcome = 'stopped';
      throw error;
    } finally {
      await this.#history.end(id, { outcome, counts: tally.counts });
    }
    return { outcome, counts: tally.counts, dueMs: await nextDue(this.#parts.store, datacenterId) };
  }

  async #work(signal: AbortSignal, options: RunOptions, tally: Tally): Promise<RunOutcome> {
    const { store, client, collect, datacenter, log } = this.#parts;
    const { desires, problems } = await collect(signal);
    for (const problem of problems) {
      if (problem.organizationId !== undefined) tally.add('poisoned');
      log.warn({ ...problem }, 'not everything that is to be shown at Acronis is known');
    }
    const targets = await this.#targets.load(client.datacenter);
    const { work, skipped } = await queueOf({
      store,
      desires,
      targets,
      datacenterId: client.datacenter,
      organizationId: options.organizationId,
    });
    if (options.organizationId === undefined) datacenter.keep(new Set(desires.map(({ tenantId }) => tenantId)));
    tally.add('skipped', skipped);
    using over = abortLater(signal, this.#parts.graceMs ?? GRACE_MS);
    const owners = ownersOf(desires);
    const view: RunView = {
      client: stoppingClient(client, { stop: signal, over: over.signal }),
      signal,
      tally,
      isElsewhere: (key, tenantId) => owners.has(key) && owners.get(key) !== tenantId,
      allowDeletes: options.allowDeletes ?? new Set(),
      reconcile: options.reconcile ?? false,
    };
    const halt = await this.#all(work, view);
    signal.throwIfAborted();
    if (halt !== undefined) return await this.#paused(halt);
    return tally.of('failed') + tally.of('poisoned') > 0 ? 'partial' : 'ok';
  }

  /** A few tenants at a time. Answers the error that concerns the whole data center, after which nothing more is begun. */
  async #all(work: readonly TenantWork[], view: RunView): Promise<unknown> {
    const queue = [...work];
    let halt: unknown;
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && halt === undefined && !view.signal.aborted; next = queue.shift())
        await this.#one(next, view).catch((error: unknown) => {
          if (acronisClass(error) !== undefined) halt ??= error;
          else this.#poisoned(error, view);
        });
    };
    await Promise.all(Array.from({ length: this.#parts.settings.concurrency }, worker));
    return halt;
  }

  async #one(work: TenantWork, view: RunView): Promise<void> {
    view.tally.add('tenants');
    if (work.kind === 'push') await this.#push.push(work.desire, work.target, view);
    else await this.#push.leave(work.left, work.target, view);
  }

  /** One organization's trouble is not another's. */
  #poisoned(error: unknown, { signal, tally }: RunView): void {
    if (signal.aborted) return;
    tally.add('poisoned');
    this.#parts.log.error({ err: error, dc: this.#parts.client.datacenter }, 'a tenant could not be worked on');
  }

  async #paused(error: unknown): Promise<RunOutcome> {
    const { client } = this.#parts;
    const found = acronisClass(error);
    const until = client.pausedUntil;
    if (found === 'token') await this.#targets.pauseDatacenter(client.datacenter, 'credentials rejected', { error });
    else if (until !== undefined)
      await this.#targets.pauseDatacenter(client.datacenter, found === 'throttled' ? 'throttled' : 'unreachable', { until, error });
    return 'paused';
  }
}

/** Which tenant shows an item. */
function ownersOf(desires: readonly TenantDesire[]): ReadonlyMap<string, string> {
  return new Map(desires.flatMap(({ tenantId, workloads }) => workloads.map(({ itemKey }) => [itemKey, tenantId] as const)));
}
