import { type Answer, jsonAnswer } from '../http/answer.ts';
import { badMember } from '../http/refusal.ts';
import type { WorkloadRow } from '../world/workloads.ts';
import { anyOf, bounds, flag, onlyKnown, timeOf } from './filters.ts';
import { pageOf } from './paging.ts';
import type { Visit } from './route.ts';

const PARAMETERS = [
  'tenant_id',
  'workload_id',
  'type',
  'search',
  'updated_at',
  'include_status',
  'include_all_attributes',
  'include_attributes',
  'include_allowed_actions',
  'include_aggregated_aspects',
  'order',
  'limit',
  'before',
  'after',
];
const MOST_IDS = 100;
const MOST_TYPES = 10;

/** `GET /workloads` (CyberApp 4.5): attributes and actions only come when they are asked for. */
export function listWorkloads(visit: Visit): Answer {
  const { world, call, fault } = visit;
  const { query } = call;
  onlyKnown(query, PARAMETERS);
  const shape = shapeOf(query);
  const rows = chosen(visit);
  const repeat = fault?.kind === 'losePages' ? fault.rows : 0;
  const page = pageOf(rows, { query, pageSize: world.unsettled.pageSize, ...orderOf(query.get('order')), repeat });
  const items = page.rows.map((row) => view(visit, row, shape));
  const answer = { items, paging: { cursors: { ...page.cursors, total: rows.length } }, _links: { self: { href: call.target } } };
  const last = page.rows.at(-1);
  const json = jsonAnswer(200, answer);
  if (repeat > 0 && last !== undefined && page.cursors.after !== undefined) world.workloads.remove(last.id);
  return json;
}

function chosen({ world, call, app, datacenter }: Visit): readonly WorkloadRow[] {
  const { query } = call;
  const [ids, types, tenants] = [anyOf(query, 'workload_id', MOST_IDS), anyOf(query, 'type', MOST_TYPES), anyOf(query, 'tenant_id')];
  const updated = bounds(query, 'updated_at', timeOf);
  const words = query.get('search')?.toLowerCase() ?? '';
  const now = world.clock.now();
  const found =
    tenants === undefined ? world.workloads.all : [...tenants].flatMap((id) => world.workloads.of(world.tenants.get(id)?.id ?? ''));
  return found.filter(
    (row) =>
      row.app === app.code &&
      row.datacenter === datacenter &&
      row.visibleAt <= now &&
      (ids === undefined || ids.has(row.id)) &&
      (types === undefined || types.has(row.type)) &&
      updated(row.updatedAt) &&
      row.name.toLowerCase().includes(words) &&
      app.isEnabledFor(row.tenantId, world.tenants),
  );
}

function orderOf(text: string | null): { readonly keyOf?: (row: WorkloadRow) => number; readonly descending?: boolean } {
  if (text === null) return {};
  const [, direction, name] = /^(asc|desc)\((is_group|updated_at)\)$/.exec(text) ?? [];
  if (name === undefined) throw badMember('order', 'is not known');
  return { keyOf: (row) => (name === 'updated_at' ? row.updatedAt : 0), descending: direction === 'desc' };
}

/** What of a row is shown. */
interface Shape {
  readonly attributes: (name: string) => boolean;
  readonly actions: boolean;
}

function shapeOf(query: URLSearchParams): Shape {
  const all = flag(query, 'include_all_attributes');
  const some = anyOf(query, 'include_attributes');
  if (all && some !== undefined) throw badMember('include_attributes', 'excludes include_all_attributes');
  flag(query, 'include_status');
  const names = new Set([...(some ?? [])].flatMap((text) => text.split(',')));
  return { attributes: (name) => all || names.has(name), actions: flag(query, 'include_allowed_actions') };
}

function view({ world }: Visit, row: WorkloadRow, shape: Shape): object {
  const legacy = world.tenants.get(row.tenantId)?.legacyId;
  const shown = Object.entries(row.attributes).filter(([name]) => shape.attributes(name));
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    attributes: Object.fromEntries(shown),
    client_id: row.clientId,
    ...(shape.actions ? { allowed_actions: row.allowedActions } : {}),
    tenant_id: world.unsettled.tenantIdForm === 'legacy' ? legacy : row.tenantId,
    external_id: row.externalId,
    created_at: new Date(row.createdAt).toISOString(),
    updated_at: new Date(row.updatedAt).toISOString(),
    is_auto_created: false,
    aggregation_status: 'NOT_AGGREGATED',
    enabled: row.enabled,
  };
}
