import { type Answer, jsonAnswer, NO_CONTENT } from '../http/answer.ts';
import { accountRefusal } from '../http/refusal.ts';
import type { Tenant } from '../world/tenants.ts';
import type { World } from '../world/world.ts';
import type { GuardedRoute, Visit } from './route.ts';
import { ownTenantId } from './scope.ts';

const MOST_UUIDS = 100;
const PAGE = 5000;

/** Account Management v2 as far as it is needed, and reported statuses (CyberApp 4.6, 6.1). */
export const accountRoutes: readonly GuardedRoute[] = [
  { name: 'accounts.client', method: 'GET', path: /^\/api\/2\/clients\/([^/]+)$/, account: true, run: client },
  { name: 'accounts.tenants', method: 'GET', path: /^\/api\/2\/tenants$/, account: true, run: list },
  { name: 'accounts.tenant', method: 'GET', path: /^\/api\/2\/tenants\/([^/]+)$/, account: true, run: one },
  { name: 'accounts.children', method: 'GET', path: /^\/api\/2\/tenants\/([^/]+)\/children$/, account: true, run: children },
  { name: 'status', method: 'POST', path: /^\/api\/integration_management\/v2\/status$/, run: status },
];

function client({ app, params, world }: Visit): Answer {
  if (params[0] !== app.clientId) throw notFound();
  const tenantId = ownTenantId(app, world.tenants);
  return jsonAnswer(200, { client_id: app.clientId, tenant_id: tenantId, type: 'api_client', data: { client_name: app.code } });
}

/** Selectors of the list; a cursor holds those of the first page. */
interface Selection {
  readonly uuids?: readonly string[];
  readonly parent?: string;
  readonly subtree?: string;
  readonly limit: number;
  /** How many were shown before. */
  readonly from: number;
}

function list(visit: Visit): Answer {
  structureOnly(visit);
  const { world, call, datacenter } = visit;
  const wanted = selectionOf(call.query);
  const found = world.tenants.all.filter((tenant) => tenant.datacenter === datacenter && selects(world, wanted, tenant));
  const { from, limit } = wanted;
  const items = found.slice(from, from + limit).map(view);
  if (from + limit >= found.length) return jsonAnswer(200, { items });
  return jsonAnswer(200, { items, paging: { cursors: { after: cursorAfter(wanted) } } });
}

function selectionOf(query: URLSearchParams): Selection {
  const after = query.get('after');
  if (after !== null) return fromCursor(after);
  const selectors = selectorsOf(query);
  if (Object.keys(selectors).length === 0) throw accountRefusal(400, 1000, 'One of uuids, parent_id, subtree_root_id, after');
  if ((selectors.uuids?.length ?? 0) > MOST_UUIDS) throw accountRefusal(400, 1000, `At most ${MOST_UUIDS} uuids`);
  const limit = Number(query.get('limit') ?? PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE) throw accountRefusal(400, 1000, `limit is 1 to ${PAGE}`);
  return { ...selectors, limit, from: 0 };
}

function selectorsOf(fields: URLSearchParams): Pick<Selection, 'uuids' | 'parent' | 'subtree'> {
  const [uuids, parent, subtree] = [fields.get('uuids'), fields.get('parent_id'), fields.get('subtree_root_id')];
  const ids = uuids?.split(',').map((id) => id.trim().toLowerCase());
  return { ...(ids && { uuids: ids }), ...(parent !== null && { parent }), ...(subtree !== null && { subtree }) };
}

function fromCursor(after: string): Selection {
  const fields = new URLSearchParams(Buffer.from(after, 'base64url').toString('latin1'));
  const [limit, from] = [Number(fields.get('limit')), Number(fields.get('from'))];
  if (!(limit > 0) || !(from > 0)) throw accountRefusal(400, 1000, 'No such cursor');
  return { ...selectorsOf(fields), limit, from };
}

function cursorAfter({ uuids, parent, subtree, limit, from }: Selection): string {
  const fields = {
    ...(uuids && { uuids: uuids.join(',') }),
    ...(parent && { parent_id: parent }),
    ...(subtree && { subtree_root_id: subtree }),
  };
  const text = new URLSearchParams({ ...fields, limit: String(limit), from: String(from + limit) }).toString();
  return Buffer.from(text, 'latin1').toString('base64url');
}

function selects(world: World, { uuids, parent, subtree }: Selection, tenant: Tenant): boolean {
  if (tenant.deletedAt !== undefined) return false;
  if (uuids !== undefined && !uuids.includes(tenant.id.toLowerCase())) return false;
  if (parent !== undefined && tenant.parentId?.toLowerCase() !== parent.toLowerCase()) return false;
  return subtree === undefined || world.tenants.lineage(tenant.id).includes(subtree.toLowerCase());
}

function one(visit: Visit): Answer {
  structureOnly(visit);
  return jsonAnswer(200, view(known(visit)));
}

function children(visit: Visit): Answer {
  structureOnly(visit);
  const { id } = known(visit);
  return jsonAnswer(200, { items: visit.world.tenants.children(id).map((child) => child.id) });
}

function status({ world, call, app }: Visit): Answer {
  world.statuses.push({ at: world.clock.now(), app: app.code, tenantId: call.query.get('tenantID') ?? undefined, body: call.value });
  return NO_CONTENT;
}

function structureOnly({ app }: Visit): void {
  if (!app.tenantStructure) throw accountRefusal(403, 1002, 'Access is denied');
}

function known({ world, params, datacenter }: Visit): Tenant {
  const tenant = world.tenants.get(params[0] ?? '');
  if (tenant === undefined || tenant.datacenter !== datacenter) throw notFound();
  return tenant;
}

function notFound() {
  return accountRefusal(404, 1005, 'Not found');
}

function view(tenant: Tenant): object {
  return {
    id: tenant.id,
    name: tenant.name,
    kind: tenant.kind,
    enabled: tenant.enabled,
    parent_id: tenant.parentId ?? null,
    pricing_mode: 'production',
    ancestral_access: true,
    deleted_at: tenant.deletedAt === undefined ? null : new Date(tenant.deletedAt).toISOString(),
    version: 1,
  };
}
