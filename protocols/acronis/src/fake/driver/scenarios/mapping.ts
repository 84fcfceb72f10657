import { enabled, itemsIn, links, linksIn, type Scene } from './scene.ts';
import type { StageCustomer } from './stage.ts';

function pair({ organizationId }: StageCustomer, tenantId?: string) {
  return { vendor_tenant_id: organizationId, ...(tenantId === undefined ? {} : { acronis_tenant_id: tenantId }) };
}

/** Both customers linked, each to its own tenant. */
async function mapped(scene: Scene): Promise<readonly [StageCustomer, StageCustomer]> {
  const { stage, checks, p1 } = scene;
  const [first, second] = stage.partner.customers;
  await enabled(scene, p1, stage.partner);
  const answer = await p1.tenantMappingWrite([pair(first, first.tenantId), pair(second, second.tenantId)]);
  checks.accepted('two customers are linked', answer);
  return [first, second];
}

async function shows({ checks, p1 }: Scene, check: string, ...wanted: readonly (readonly [string, string])[]): Promise<void> {
  const answer = checks.accepted('links are listed', await p1.tenantMappingRead());
  checks.same(check, linksIn(answer), links(...wanted));
}

export async function map(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  const [first, second] = stage.partner.customers;
  await enabled(scene, p1, stage.partner);
  const topology = checks.accepted('customers are listed', await p1.topologyRead());
  const ids = itemsIn(topology.payload).map(({ id }) => id);
  checks.that(
    'the customers of the stage are among them',
    [first, second].every((one) => ids.includes(one.organizationId)),
    `${ids.length} customers`,
  );
  checks.that('the partner itself is not', !ids.includes(stage.partner.organizationId), `${ids.length} customers`);
  await shows(scene, 'none is linked');
  checks.accepted('two are linked', await p1.tenantMappingWrite([pair(first, first.tenantId), pair(second, second.tenantId)]));
  await shows(scene, 'both links are listed', [first.organizationId, first.tenantId], [second.organizationId, second.tenantId]);
  checks.accepted('nothing to write is good', await p1.tenantMappingWrite([]));
}

export async function remap(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  const [first, second] = await mapped(scene);
  const [spare] = stage.spareTenants;
  checks.accepted('a customer is linked to another tenant', await p1.tenantMappingWrite([pair(first, spare)]));
  await shows(scene, 'the new link replaces the old one', [first.organizationId, spare], [second.organizationId, second.tenantId]);
  checks.accepted('the tenant of one customer is given to another', await p1.tenantMappingWrite([pair(second, spare)]));
  await shows(scene, 'the tenant has moved', [second.organizationId, spare]);
}

export async function swap(scene: Scene): Promise<void> {
  const { checks, p1 } = scene;
  const [first, second] = await mapped(scene);
  const answer = await p1.tenantMappingWrite([pair(first, second.tenantId), pair(second, first.tenantId)]);
  checks.accepted('two customers exchange their tenants in one request', answer);
  await shows(scene, 'the tenants are exchanged', [first.organizationId, second.tenantId], [second.organizationId, first.tenantId]);
}

export async function unmap(scene: Scene): Promise<void> {
  const { checks, p1 } = scene;
  const [first, second] = await mapped(scene);
  checks.accepted('a customer is unlinked', await p1.tenantMappingWrite([pair(first)]));
  await shows(scene, 'the other is still linked', [second.organizationId, second.tenantId]);
  checks.accepted('what is not linked can be unlinked', await p1.tenantMappingWrite([pair(first, '')]));
  checks.accepted(
    'null unlinks as well',
    await p1.tenantMappingWrite([{ vendor_tenant_id: second.organizationId, acronis_tenant_id: null }]),
  );
  await shows(scene, 'no link is left');
}
