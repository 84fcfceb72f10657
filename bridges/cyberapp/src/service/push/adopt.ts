import { acronisClass, type Workload } from '@fairlead/acronis';
import { workloadTypeCti } from '@fairlead/acronis/codec';
import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import { WORKLOAD_TYPES } from '../../map/workload-types.ts';
import type { WorkloadRow } from '../../store/tables.ts';
import type { RowChange } from './diff.ts';
import type { PushSettings } from './settings.ts';
import type { TenantTask } from './tenant-task.ts';
import { chunks, type WorkloadRows } from './workload-rows.ts';

/** Listings without a workload that was sent, until it may be sent again. */
const LISTINGS = 3;
/** A listing sooner than this after the creation says nothing. */
const SETTLED_MS = 10_000;
/** Comparisons without a workload that was there, until it counts as removed by a person. */
const VANISHED_AFTER = 2;
const MOST_IDS = 100;

export interface AdoptParts {
  readonly rows: WorkloadRows;
  readonly settings: PushSettings;
  readonly clock: Clock;
  readonly log: Log;
}

interface Listed {
  readonly id: string;
  readonly createdAt: string;
}

/** By our key, oldest first. */
type Listing = ReadonlyMap<string, readonly [Listed, ...Listed[]]>;

/** Finds out what Acronis has of ours, because a creation answers no id (cyberapp 4.5). */
export class Adoption {
  readonly #parts: AdoptParts;

  constructor(parts: AdoptParts) {
    this.#parts = parts;
  }

  /**
   * Lists the tenant, takes over ids, and removes what is there twice. What is not there is counted, unless the listing comes right
   * `after` a creation: then it may simply not show it yet.
   */
  async adopt(task: TenantTask, when: 'before' | 'after'): Promise<void> {
    const now = this.#parts.clock.now();
    const listing = await this.#list(task);
    const changes: RowChange[] = [];
    const surplus: string[] = [];
    const lost: string[] = [];
    for (const row of task.rows.values()) {
      const found = listing.get(row.item_key);
      if (found !== undefined) {
        const [oldest, ...others] = found;
        surplus.push(...others.map((one) => one.id));
        const set = takeOver(row, oldest.id, now);
        if (row.workload_id === null) task.tally.add('adopted');
        if (set !== undefined) changes.push({ key: row.item_key, set });
        continue;
      }
      if (when === 'after') continue;
      const absent = this.#absent(task, row, now);
      if (absent === 'lost') lost.push(row.item_key);
      else if (absent !== undefined) changes.push({ key: row.item_key, set: absent });
    }
    await this.#parts.rows.change(task.tenantId, task.rows, changes);
    await this.#parts.rows.remove(task.tenantId, task.rows, lost);
    await this.#removeSurplus(task, surplus);
  }

  async #list(task: TenantTask): Promise<Listing> {
    const { settings, log } = this.#parts;
    const types = Object.keys(WORKLOAD_TYPES).map((code) => workloadTypeCti(settings.app, code));
    const found = new Map<string, [Listed, ...Listed[]]>();
    const known = (key: string | undefined): key is string => key !== undefined && task.rows.has(key);
    let foreign = 0;
    for await (const workload of task.client.workloads.list({ tenantId: task.tenantId, types }, task.signal)) {
      const ours = workload.attributes.fairlead_key;
      const key = [workload.externalId, typeof ours === 'string' ? ours : undefined].find(known);
      if (key === undefined) foreign += 1;
      else found.set(key, withListed(found.get(key), workload));
    }
    if (foreign > 0) log.warn({ dc: task.client.datacenter, foreign }, 'workloads of our types are there that are not ours; they stay');
    task.tally.add('foreign', foreign);
    return found;
  }

  /** What becomes of a row that the listing lacks; `lost` when nothing of it can be there. */
  #absent(task: TenantTask, row: WorkloadRow, now: number): Partial<WorkloadRow> | 'lost' | undefined {
    const isSought = row.workload_id === null && (row.state === 'creating' || row.state === 'leaving');
    if (isSought) return this.#notFound(task, row, now);
    if (row.state !== 'live' || !task.compare || row.inflight_op !== null || isDue(task, row)) return undefined;
    const attempts = row.attempts + 1;
    if (attempts < VANISHED_AFTER) return { attempts };
    task.tally.add('vanished');
    return anew(task, row);
  }

  #notFound(task: TenantTask, row: WorkloadRow, now: number): Partial<WorkloadRow> | 'lost' | undefined {
    const { adoptGraceMs } = this.#parts.settings;
    const age = now - (row.inflight_since_ms ?? row.updated_ms);
    if (age < SETTLED_MS) return undefined;
    const attempts = row.attempts + 1;
    if (attempts < LISTINGS || age < adoptGraceMs) return { attempts, next_attempt_ms: now + Math.ceil(adoptGraceMs / LISTINGS) };
    if (row.state === 'leaving') return 'lost';
    task.tally.add('second_posts');
    return anew(task, row);
  }

  async #removeSurplus(task: TenantTask, ids: readonly string[]): Promise<void> {
    for (const [first, ...rest] of chunks(ids, MOST_IDS)) {
      if (first === undefined) continue;
      try {
        await task.client.workloads.remove([first, ...rest], task.signal);
        task.tally.add('duplicates', rest.length + 1);
      } catch (error) {
        // The next listing shows those that are still there.
        if (acronisClass(error) !== 'gone') task.failures.failed(error);
      }
    }
  }
}

/** Whether an update will tell anyway whether it is there. */
function isDue({ wanted }: TenantTask, row: WorkloadRow): boolean {
  return row.sent_hash !== (wanted.get(row.item_key)?.hash ?? row.content_hash);
}

/** A row that may be sent again, as it is wanted now. */
export function anew({ wanted }: Pick<TenantTask, 'wanted'>, row: WorkloadRow): Partial<WorkloadRow> {
  const want = wanted.get(row.item_key);
  return {
    state: 'new',
    workload_id: null,
    sent_hash: null,
    inflight_op: null,
    inflight_since_ms: null,
    attempts: 0,
    next_attempt_ms: 0,
    ...(want === undefined ? {} : { body: JSON.stringify(want.content), content_hash: want.hash }),
  };
}

/** The change to a row whose workload was found; undefined when it is known already. */
function takeOver(row: WorkloadRow, id: string, now: number): Partial<WorkloadRow> | undefined {
  if (row.workload_id === id) return row.state === 'live' && row.attempts > 0 && row.last_error === null ? { attempts: 0 } : undefined;
  const found = { workload_id: id, inflight_op: null, inflight_since_ms: null, attempts: 0, next_attempt_ms: 0, last_error: null } as const;
  if (row.state === 'leaving') return found;
  // Of a creation of ours we know what was sent.
  const isOurs = row.state === 'creating' && row.workload_id === null;
  return { ...found, state: 'live', updated_ms: now, ...(isOurs ? {} : { sent_hash: null }) };
}

function withListed(known: readonly Listed[] | undefined, { id, createdAt = '' }: Workload): [Listed, ...Listed[]] {
  const [first, ...rest] = [...(known ?? []), { id, createdAt }].toSorted(
    (one, other) => ageOf(one) - ageOf(other) || (one.id < other.id ? -1 : 1),
  );
  return [first ?? { id, createdAt }, ...rest];
}

/** What has no readable time counts as newest. */
function ageOf({ createdAt }: Listed): number {
  const at = Date.parse(createdAt);
  return Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : at;
}
