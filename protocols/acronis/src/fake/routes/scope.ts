import { accessDenied, badMember } from '../http/refusal.ts';
import type { App } from '../world/apps.ts';
import type { Tenant, Tenants } from '../world/tenants.ts';
import type { Visit } from './route.ts';

/** The tenant, if the client may act on it. @throws Refusal 403 otherwise: what is not there and what is another's looks alike */
export function tenantOf({ world, app, datacenter }: Visit, id: string): Tenant {
  const tenant = world.tenants.get(id);
  const lives = tenant !== undefined && tenant.datacenter === datacenter && tenant.enabled && tenant.deletedAt === undefined;
  if (!lives || !app.isEnabledFor(id, world.tenants)) throw accessDenied('The client may not act on this tenant.');
  return tenant;
}

/** Only these hold machines. @throws Refusal 400 for other kinds */
export function holderOf(visit: Visit, id: string): Tenant {
  const tenant = tenantOf(visit, id);
  if (tenant.kind !== 'customer' && tenant.kind !== 'unit') throw badMember('tenant_id', 'has to be a customer or a unit');
  return tenant;
}

/** Where the API client lives; undefined when there is no tenant at all. */
export function ownTenantId({ tenantId }: App, tenants: Tenants): string | undefined {
  return tenantId ?? tenants.all.find(({ parentId }) => parentId === undefined)?.id;
}
