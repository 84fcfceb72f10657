import { driverOf, enabled, linkedTenant, linksIn, type Scene } from './scene.ts';

/** Read, write, read. */
export async function enable({ stage, checks, p1 }: Scene): Promise<void> {
  const { organizationId, tenantId } = stage.partner;
  const before = checks.accepted('before, the organization is named', await p1.enablementRead());
  checks.same('and no tenant with it', before.payload, { vendor_tenant_id: organizationId });
  checks.accepted('the link is written', await p1.enablementWrite(organizationId, tenantId));
  const after = checks.accepted('after, both are named', await p1.enablementRead());
  checks.same('and they are the right ones', after.payload, { vendor_tenant_id: organizationId, acronis_tenant_id: tenantId });
}

export async function enableTwice(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  const { organizationId, tenantId } = stage.partner;
  await enabled(scene, p1, stage.partner);
  checks.accepted('the same link again is good', await p1.enablementWrite(organizationId, tenantId));
  checks.same('the link is as it was', await linkedTenant(p1), tenantId);
}

export async function enableOtherTenant(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  await enabled(scene, p1, stage.partner);
  const other = await p1.enablementWrite(stage.partner.organizationId, stage.spareTenants[0]);
  checks.refused('a link to another tenant is refused', other, 403);
  checks.same('the first link still counts', await linkedTenant(p1), stage.partner.tenantId);
}

export async function changeCredentials(scene: Scene): Promise<void> {
  const { stage, checks, p1, p2 } = scene;
  const { organizationId, tenantId, accounts } = stage.partner;
  const [, second] = accounts;
  await enabled(scene, p1, stage.partner);
  if (second === undefined) checks.skip('another account of the organization writes the same', 'the stage has no second account');
  else {
    const other = driverOf(stage, stage.partner, second);
    checks.accepted('another account of the organization writes the same', await other.enablementWrite(organizationId, tenantId));
  }
  const stolen = await p2.enablementWrite(organizationId, tenantId, { tenantId });
  checks.refused('an account of another organization may not', stolen, 403);
  checks.same('the link is as it was', await linkedTenant(p1), tenantId);
}

export async function disable(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  const [customer] = stage.partner.customers;
  const { organizationId, tenantId } = stage.partner;
  await enabled(scene, p1, stage.partner);
  const pair = { vendor_tenant_id: customer.organizationId, acronis_tenant_id: customer.tenantId };
  checks.accepted('a customer is linked', await p1.tenantMappingWrite([pair]));
  checks.accepted('the link is reset', await p1.enablementReset());
  checks.same('no tenant is named any more', await linkedTenant(p1), undefined);
  checks.same('no customer is linked any more', linksIn(await p1.tenantMappingRead()), {});
  checks.accepted('a second reset is good', await p1.enablementReset());
  checks.accepted('it can be enabled again', await p1.enablementWrite(organizationId, tenantId));
}
