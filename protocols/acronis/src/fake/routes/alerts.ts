import { isUuid } from '@fairlead/kernel/ids';
import { isObject } from '../../codec/read.ts';
import { type Answer, jsonAnswer, NO_CONTENT } from '../http/answer.ts';
import { badMember, refuse } from '../http/refusal.ts';
import type { AlertRow } from '../world/alerts.ts';
import { alertDraft } from './alert-draft.ts';
import { FILTERS, matching } from './alert-filters.ts';
import { flag, onlyKnown } from './filters.ts';
import { pageOf } from './paging.ts';
import type { GuardedRoute, Visit } from './route.ts';
import { ownTenantId, tenantOf } from './scope.ts';

const BASE = '\\/api\\/alert_manager\\/v1';
const at = (path: string): RegExp => new RegExp(`^${BASE}${path}$`);

/** Alert Manager v1 (CyberApp 4.4). */
export const alertRoutes: readonly GuardedRoute[] = [
  { name: 'alerts.create', method: 'POST', path: at('\\/alerts'), json: true, run: create },
  { name: 'alerts.list', method: 'GET', path: at('\\/alerts'), run: list },
  { name: 'alerts.dismissMany', method: 'DELETE', path: at('\\/alerts'), run: dismissMany },
  { name: 'alerts.get', method: 'GET', path: at('\\/alerts\\/([^/]+)'), run: get },
  { name: 'alerts.dismiss', method: 'DELETE', path: at('\\/alerts\\/([^/]+)'), run: dismiss },
  { name: 'alerts.falsePositive', method: 'PATCH', path: at('\\/alerts\\/([^/]+)\\/false_positive'), json: true, run: falsePositive },
  { name: 'alerts.types', method: 'GET', path: at('\\/types'), run: types },
  { name: 'alerts.categories', method: 'GET', path: at('\\/categories'), run: categories },
];

function create(visit: Visit): Answer {
  const { world, call, app, datacenter } = visit;
  const draft = alertDraft(visit);
  const named = isObject(call.value) ? call.value.tenantID : undefined;
  const tenant = tenantOf(visit, typeof named === 'string' ? named : (ownTenantId(app, world.tenants) ?? ''));
  const now = world.clock.now();
  const row = world.alerts.add({
    ...draft,
    id: world.random.uuid().toUpperCase(),
    datacenter,
    tenantId: tenant.id,
    receivedAt: now,
    updatedAt: now,
    visibleAt: now + world.unsettled.visibilityDelayMs,
  });
  return jsonAnswer(200, { id: row.id });
}

function list(visit: Visit): Answer {
  const { world, call, fault } = visit;
  const { query } = call;
  const now = world.clock.now();
  const rows = matching(visit).filter(({ visibleAt }) => visibleAt <= now);
  const skip = Number(query.get('skip') ?? 0);
  const { keyOf, descending } = orderOf(query.get('order'));
  const repeat = fault?.kind === 'losePages' ? fault.rows : 0;
  const page = pageOf(rows.slice(Number.isInteger(skip) && skip > 0 ? skip : 0), {
    query,
    pageSize: world.unsettled.pageSize,
    keyOf,
    descending,
    repeat,
  });
  const answer = jsonAnswer(200, { items: page.rows.map((row) => view(visit, row)), paging: { cursors: page.cursors } });
  const last = page.rows.at(-1);
  if (repeat > 0 && last !== undefined && page.cursors.after !== undefined) world.alerts.purge(last.id);
  return answer;
}

/** `asc(created_at)`, `desc(updated_at)`; else as they came. */
function orderOf(text: string | null): { readonly keyOf: (row: AlertRow) => number; readonly descending: boolean } {
  if (text === null) return { keyOf: () => 0, descending: false };
  const [, direction, name] = /^(asc|desc)\(([a-z_]+)\)$/.exec(text) ?? [];
  const keys: Readonly<Record<string, (row: AlertRow) => number>> = {
    created_at: (row) => row.createdAt,
    updated_at: (row) => row.updatedAt,
    source_time_stamp: (row) => Number(row.sourceTimeStamp ?? 0),
  };
  const keyOf = keys[name ?? ''];
  if (keyOf === undefined) throw badMember('order', 'is not known');
  return { keyOf, descending: direction === 'desc' };
}

function get(visit: Visit): Answer {
  onlyKnown(visit.call.query, ['show_deleted']);
  const row = found(visit);
  if (row.deletedAt !== undefined && !flag(visit.call.query, 'show_deleted')) throw unknown();
  return jsonAnswer(200, view(visit, row));
}

function dismiss(visit: Visit): Answer {
  const row = found(visit);
  if (!visit.world.alerts.dismiss(row.id, visit.world.clock.now())) throw unknown();
  return NO_CONTENT;
}

/** Without a filter it really takes everything that the client may act on, and trips the wire. */
function dismissMany(visit: Visit): Answer {
  const { world, call } = visit;
  if (!FILTERS.some((name) => call.query.has(name))) world.tripped.push(`DELETE ${call.target} has no filter`);
  for (const row of matching(visit)) world.alerts.dismiss(row.id, world.clock.now());
  return NO_CONTENT;
}

function falsePositive(visit: Visit): Answer {
  const { call, world } = visit;
  const row = found(visit);
  const value = isObject(call.value) ? call.value.falsePositive : undefined;
  if (typeof value !== 'boolean') throw badMember('falsePositive', 'has to be true or false');
  row.falsePositive = value;
  row.updatedAt = world.clock.now();
  return NO_CONTENT;
}

function types({ app }: Visit): Answer {
  const items = [...app.alertTypes].map(([id, severity]) => ({ id, name: nameOf(id), severity, enabled: true }));
  return jsonAnswer(200, { items });
}

function categories({ app }: Visit): Answer {
  return jsonAnswer(200, { items: [...app.categories].map((id) => ({ id, name: nameOf(id), enabled: true })) });
}

/** The entity of the last context. */
function nameOf(cti: string): string {
  return cti.split('~').at(-1)?.split('.')[2] ?? '';
}

function found({ world, params, app, datacenter }: Visit): AlertRow {
  const id = params[0] ?? '';
  if (!isUuid(id)) throw badMember('id', 'has to be a UUID');
  const row = world.alerts.get(id);
  if (row === undefined || row.app !== app.code || row.datacenter !== datacenter) throw unknown();
  return row;
}

function unknown() {
  return refuse(404, 'NotFound', 'There is no such alert.', 'AlertManager');
}

function view({ world }: Visit, row: AlertRow): object {
  const tenant = world.tenants.get(row.tenantId);
  const instant = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());
  return {
    id: row.id,
    type: row.type,
    category: row.category,
    severity: row.severity,
    createdAt: instant(row.createdAt),
    receivedAt: instant(row.receivedAt),
    updatedAt: instant(row.updatedAt),
    deletedAt: instant(row.deletedAt),
    details: row.details,
    affinity: row.affinity,
    _source: row.source,
    _sourceTimeStamp: row.sourceTimeStamp,
    falsePositive: row.falsePositive,
    tenant: { id: String(tenant?.legacyId ?? ''), uuid: row.tenantId, locator: tenant?.locator ?? '/1/' },
  };
}
