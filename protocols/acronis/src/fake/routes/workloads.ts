import { isObject } from '../../codec/read.ts';
import { type Answer, NO_CONTENT } from '../http/answer.ts';
import { badMember, Refusal, refuse } from '../http/refusal.ts';
import type { WorkloadRow } from '../world/workloads.ts';
import { anyOf, onlyKnown } from './filters.ts';
import { listWorkloads } from './list-workloads.ts';
import type { GuardedRoute, Visit } from './route.ts';
import { type WorkloadDraft, workloadChange, workloadDraft } from './workload-draft.ts';

const COLLECTION = /^\/api\/workload_management\/v5\/workloads$/;
const MOST_IDS = 100;

/** Workload Management v5 (CyberApp 4.5). */
export const workloadRoutes: readonly GuardedRoute[] = [
  { name: 'workloads.create', method: 'POST', path: COLLECTION, json: true, run: create },
  { name: 'workloads.list', method: 'GET', path: COLLECTION, run: listWorkloads },
  { name: 'workloads.update', method: 'PATCH', path: /^\/api\/workload_management\/v5\/workloads\/([^/]+)$/, json: true, run: update },
  { name: 'workloads.delete', method: 'DELETE', path: COLLECTION, run: remove },
];

function create(visit: Visit): Answer {
  const { call, world } = visit;
  const items = isObject(call.value) ? call.value.items : undefined;
  if (!Array.isArray(items) || items.length === 0) throw badMember('items', 'has to be a list with something in it');
  const { drafts, refusal } = draftsOf(visit, items);
  const conflict = world.unsettled.duplicates === 'conflict' && drafts.some((draft) => twinOf(visit, draft) !== undefined);
  const failure = conflict ? refuse(409, 'Conflict', 'external_id: is there already') : refusal;
  if (failure !== undefined && (conflict || world.unsettled.batch === 'all-or-nothing')) throw failure;
  for (const draft of drafts) store(visit, draft);
  if (failure !== undefined) throw failure;
  return NO_CONTENT;
}

/** All good items, and the refusal of the first bad one. */
function draftsOf(visit: Visit, items: readonly unknown[]) {
  const drafts: WorkloadDraft[] = [];
  let refusal: Refusal | undefined;
  for (const [index, item] of items.entries()) {
    try {
      drafts.push(workloadDraft(visit, item, index));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal ??= error;
    }
  }
  return { drafts, refusal };
}

function store(visit: Visit, draft: WorkloadDraft): void {
  const { world, app, datacenter } = visit;
  const now = world.clock.now();
  const twin = world.unsettled.duplicates === 'upsert' ? twinOf(visit, draft) : undefined;
  if (twin !== undefined) {
    const { name, attributes, allowedActions, enabled } = draft;
    Object.assign(twin, { name, attributes, allowedActions, enabled, updatedAt: now });
    return;
  }
  const id = world.random.uuid();
  const legacy = world.tenants.get(draft.tenantId)?.legacyId;
  world.workloads.add({
    ...draft,
    id,
    app: app.code,
    datacenter,
    externalId: draft.externalId ?? `${id}@${legacy}`,
    createdAt: now,
    updatedAt: now,
    visibleAt: now + world.unsettled.visibilityDelayMs,
  });
}

/** A row of the same kind and `external_id` in the same tenant. */
function twinOf({ world, app }: Visit, { tenantId, type, externalId }: WorkloadDraft): WorkloadRow | undefined {
  if (externalId === undefined) return undefined;
  return world.workloads.of(tenantId).find((row) => row.app === app.code && row.type === type && row.externalId === externalId);
}

function update(visit: Visit): Answer {
  const row = mine(visit, visit.params[0] ?? '');
  Object.assign(row, workloadChange(visit, row), { updatedAt: visit.world.clock.now() });
  return NO_CONTENT;
}

function remove(visit: Visit): Answer {
  const { call, world } = visit;
  onlyKnown(call.query, ['workload_id']);
  const ids = [...(anyOf(call.query, 'workload_id', MOST_IDS) ?? [])].filter((id) => id !== '');
  if (ids.length === 0) {
    world.tripped.push(`DELETE ${call.target} names no workload`);
    throw badMember('workload_id', 'is missing');
  }
  const rows = ids.map((id) => mine(visit, id));
  for (const { id } of rows) world.workloads.remove(id);
  return NO_CONTENT;
}

function mine({ world, app, datacenter }: Visit, id: string): WorkloadRow {
  const row = world.workloads.get(id);
  const visible = row !== undefined && row.app === app.code && row.datacenter === datacenter;
  if (!visible || !app.isEnabledFor(row.tenantId, world.tenants)) throw refuse(404, 'NotFound', 'There is no such workload.', 'Workloads');
  return row;
}
