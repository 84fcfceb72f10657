import { badMember } from '../http/refusal.ts';
import { SEVERITIES } from '../options.ts';
import type { AlertRow } from '../world/alerts.ts';
import { anyOf, bigintOf, bounds, flag, onlyKnown } from './filters.ts';
import type { Visit } from './route.ts';

/** Parameters that choose alerts; the others only shape the list. */
export const FILTERS: readonly string[] = [
  'id',
  'type',
  'category',
  'tenant',
  'severity',
  'source',
  'source_time_stamp',
  'resourceId',
  'resourceName',
  'planId',
  'planName',
  'query',
  'created_at',
  'updated_at',
  'deleted_at',
];
const SHAPE = ['skip', 'show_deleted', 'show_deleted_only', 'order', 'limit', 'before', 'after'];
const NANOSECONDS = 1_000_000n;

type Check = (row: AlertRow) => boolean;

/** Alerts that the client may see and that its filters choose, oldest first. */
export function matching(visit: Visit): readonly AlertRow[] {
  const { world, call, app, datacenter } = visit;
  onlyKnown(call.query, [...FILTERS, ...SHAPE]);
  const checks = [...textChecks(call.query), ...boundChecks(call.query), deletedCheck(call.query), tenantCheck(visit)];
  return world.alerts.all.filter(
    (row) =>
      row.app === app.code &&
      row.datacenter === datacenter &&
      app.isEnabledFor(row.tenantId, world.tenants) &&
      checks.every((check) => check(row)),
  );
}

const TEXTS: Readonly<Record<string, (row: AlertRow) => string | undefined>> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
  category: ({ category }) => category,
  source: ({ source }) => source,
  resourceId: ({ resourceId }) => resourceId,
  resourceName: ({ resourceName }) => resourceName,
  planId: () => undefined,
  planName: () => undefined,
};

function textChecks(query: URLSearchParams): readonly Check[] {
  const checks = Object.entries(TEXTS).flatMap(([name, read]): Check[] => {
    const wanted = anyOf(query, name);
    if (wanted === undefined) return [];
    const values = name === 'id' ? new Set([...wanted].map((id) => id.toUpperCase())) : wanted;
    return [(row) => values.has(read(row) ?? '')];
  });
  const words = query.get('query')?.toLowerCase();
  return words === undefined ? checks : [...checks, (row) => JSON.stringify(row.details).toLowerCase().includes(words)];
}

function boundChecks(query: URLSearchParams): readonly Check[] {
  const rank = (text: string): number | undefined => {
    const found = (SEVERITIES as readonly string[]).indexOf(text);
    return found < 0 ? undefined : found;
  };
  const severity = bounds(query, 'severity', rank);
  const stamp = bounds(query, 'source_time_stamp', bigintOf);
  return [
    (row) => severity(SEVERITIES.indexOf(row.severity)),
    (row) => !query.has('source_time_stamp') || (row.sourceTimeStamp !== undefined && stamp(row.sourceTimeStamp)),
    instantCheck(query, 'created_at', (row) => row.createdAt),
    instantCheck(query, 'updated_at', (row) => row.updatedAt),
    instantCheck(query, 'deleted_at', (row) => row.deletedAt),
  ];
}

/** Instants in filters are nanoseconds since 1970. */
function instantCheck(query: URLSearchParams, name: string, read: (row: AlertRow) => number | undefined): Check {
  if (!query.has(name)) return () => true;
  const within = bounds(query, name, bigintOf);
  return (row) => {
    const ms = read(row);
    return ms !== undefined && within(BigInt(ms) * NANOSECONDS);
  };
}

function deletedCheck(query: URLSearchParams): Check {
  const [only, too] = [flag(query, 'show_deleted_only'), flag(query, 'show_deleted')];
  if (only) return (row) => row.deletedAt !== undefined;
  return too ? () => true : (row) => row.deletedAt === undefined;
}

/** By UUID, or by the legacy number. */
function tenantCheck({ call, world }: Visit): Check {
  const wanted = anyOf(call.query, 'tenant');
  if (wanted === undefined) return () => true;
  const ids = new Set([...wanted].map((id) => world.tenants.get(id)?.id ?? byLegacy(world.tenants.all, id)));
  return (row) => ids.has(row.tenantId);
}

function byLegacy(tenants: Visit['world']['tenants']['all'], text: string): string {
  const found = tenants.find(({ legacyId }) => String(legacyId) === text);
  if (found === undefined) throw badMember('tenant', 'no such tenant');
  return found.id;
}
