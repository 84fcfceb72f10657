import { belowPattern, type Db } from '../store/queries.ts';
import type { OrganizationRow } from '../store/tables.ts';
import type { Caller } from './caller.ts';
import { byName } from './organizations.ts';
import { readContent } from './push/content.ts';
import { pageOrganization } from './tenant-users.ts';

export interface PageItem {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** As it is shown at Acronis; what the connector does with it where nothing was sent yet. */
  readonly state: string;
  readonly source: string;
}

/** What the connector shows in the tenants of the page's organization and of linked ones below it, by name; nothing where the tenant is not linked. */
export async function pageInventory(db: Db, caller: Caller): Promise<readonly PageItem[]> {
  const page = await pageOrganization(db, caller);
  if (page === undefined) return [];
  const rows = await shownBelow(db, page)
    .select(['row.item_key', 'row.name', 'row.type', 'row.source', 'row.state', 'row.body'])
    .where('row.state', '!=', 'leaving')
    .execute();
  return rows
    .map(({ item_key: id, name, type, source, state, body }) => ({ id, name, type, source, state: shownState(body) ?? state }))
    .toSorted(byName);
}

export interface PageStatus {
  readonly workloads: number;
  readonly alerts: number;
  /** What Acronis does not take. */
  readonly blocked: number;
  readonly lastRunMs: number | undefined;
  /** Why the page's own tenant could not be pushed to. */
  readonly lastError: string | undefined;
}

/** How pushing goes for the page's organization and for linked ones below it. */
export async function pageStatus(db: Db, caller: Caller): Promise<PageStatus> {
  const page = await pageOrganization(db, caller);
  if (page === undefined) return { workloads: 0, alerts: 0, blocked: 0, lastRunMs: undefined, lastError: undefined };
  const workloads = await shownBelow(db, page).select('row.state').execute();
  const alerts = await db
    .selectFrom('cyberapp_alerts as row')
    .innerJoin('cyberapp_organizations as organization', 'organization.id', 'row.organization_id')
    .innerJoin('cyberapp_mappings as mapping', 'mapping.acronis_tenant_id', 'row.acronis_tenant_id')
    .whereRef('mapping.organization_id', '=', 'row.organization_id')
    .where('organization.path', 'like', belowPattern(page.path))
    .where('row.state', 'in', ['open', 'closing', 'blocked'])
    .select('row.state')
    .execute();
  const of = (rows: readonly { readonly state: string }[], ...states: readonly string[]) =>
    rows.filter(({ state }) => states.includes(state)).length;
  return {
    workloads: of(workloads, 'live'),
    alerts: of(alerts, 'open', 'closing'),
    blocked: of(workloads, 'blocked') + of(alerts, 'blocked'),
    ...(await lastOf(db, caller)),
  };
}

/** Rows of workloads in the tenants that organizations are linked to now. */
function shownBelow(db: Db, page: OrganizationRow) {
  return db
    .selectFrom('cyberapp_workloads as row')
    .innerJoin('cyberapp_organizations as organization', 'organization.id', 'row.organization_id')
    .innerJoin('cyberapp_mappings as mapping', 'mapping.acronis_tenant_id', 'row.acronis_tenant_id')
    .whereRef('mapping.organization_id', '=', 'row.organization_id')
    .where('organization.path', 'like', belowPattern(page.path));
}

async function lastOf(db: Db, { datacenter, tenantId }: Caller): Promise<Pick<PageStatus, 'lastRunMs' | 'lastError'>> {
  const run = await db
    .selectFrom('cyberapp_runs')
    .select((get) => get.fn.max('finished_ms').as('finished'))
    .where('datacenter_id', '=', datacenter.id)
    .where('dry_run', '=', 0)
    .executeTakeFirst();
  const target = await db
    .selectFrom('cyberapp_targets')
    .select('last_error')
    .where('datacenter_id', '=', datacenter.id)
    .where('acronis_tenant_id', '=', tenantId)
    .where('consecutive_failures', '>', 0)
    .executeTakeFirst();
  return { lastRunMs: run?.finished ?? undefined, lastError: target?.last_error ?? undefined };
}

function shownState(body: string): string | undefined {
  const { status } = readContent(body).attributes as Readonly<Record<string, unknown>>;
  return typeof status === 'string' ? status : undefined;
}
