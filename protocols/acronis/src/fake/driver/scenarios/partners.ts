import { newUuid } from '@fairlead/kernel/ids';
import { enabled, itemsIn, linkedTenant, links, linksIn, type Scene } from './scene.ts';
import { either, newUser, refusal, userWith } from './users.ts';

/** What a partner's own callbacks say of it. */
async function stateOf({ p1 }: Scene): Promise<unknown> {
  const { payload } = await p1.custom('users_read', {});
  return { tenant: await linkedTenant(p1), links: linksIn(await p1.tenantMappingRead()), users: itemsIn(payload) };
}

/** P2 tries everything that is P1's, with its own good credentials. */
export async function twoPartners(scene: Scene): Promise<void> {
  const { stage, checks, p1, p2 } = scene;
  const [customer] = stage.partner.customers;
  const user = newUser();
  await enabled(scene, p1, stage.partner);
  const link = { vendor_tenant_id: customer.organizationId, acronis_tenant_id: customer.tenantId };
  checks.accepted('the victim links a customer', await p1.tenantMappingWrite([link]));
  checks.accepted('and makes a user', await p1.custom('user_write', user));
  const before = await stateOf(scene);
  await strangeEnablements(scene);
  await enabled(scene, p2, stage.stranger);
  await strangeMappings(scene);
  await strangeUsers(scene, String((await userWith(p1, user.email))?.id));
  checks.same('everything of the victim is as it was', await stateOf(scene), before);
  checks.accepted('the stranger disables its own', await p2.enablementReset());
  checks.same('still everything is as it was', await stateOf(scene), before);
  await p1.custom('user_delete', { id: (await userWith(p1, user.email))?.id });
}

async function strangeEnablements({ stage, checks, p2 }: Scene): Promise<void> {
  const [{ organizationId, tenantId }, own] = [stage.partner, stage.stranger];
  checks.refused("another partner's tenant cannot be taken", await p2.enablementWrite(own.organizationId, tenantId), 403);
  checks.refused("another partner's organization cannot be enabled", await p2.enablementWrite(organizationId, own.tenantId), 403);
  checks.refused('nor both together', await p2.enablementWrite(organizationId, tenantId, { tenantId }), 403);
  checks.same('the stranger is linked to nothing', await linkedTenant(p2), undefined);
}

async function strangeMappings({ stage, checks, p2 }: Scene): Promise<void> {
  const [victim] = stage.partner.customers;
  const [own] = stage.stranger.customers;
  const [spare] = stage.spareTenants;
  const topology = itemsIn((await p2.topologyRead()).payload).map(({ id }) => id);
  checks.that("another partner's customers are not listed", !topology.includes(victim.organizationId), `${topology.length} customers`);
  const attempts: readonly (readonly [string, string, string | undefined])[] = [
    ["another partner's customer cannot be linked", victim.organizationId, spare],
    ["another partner's customer cannot be unlinked", victim.organizationId, undefined],
    ["the tenant of another partner's customer cannot be taken", own.organizationId, victim.tenantId],
    ["another partner's own tenant cannot be taken", own.organizationId, stage.partner.tenantId],
    ["one's own partner tenant is no customer's", own.organizationId, stage.stranger.tenantId],
    ['a partner is no customer', stage.stranger.organizationId, spare],
    ['what is not there cannot be linked', newUuid(), spare],
  ];
  const good = { vendor_tenant_id: own.organizationId, acronis_tenant_id: own.tenantId };
  for (const [check, vendor_tenant_id, tenant] of attempts) {
    const bad = { vendor_tenant_id, ...(tenant === undefined ? {} : { acronis_tenant_id: tenant }) };
    // What is good in the same request is not stored either.
    const modified = vendor_tenant_id === own.organizationId ? [bad] : [good, bad];
    checks.refused(check, await p2.tenantMappingWrite(modified), 403);
  }
  checks.same('nothing of these requests was stored', linksIn(await p2.tenantMappingRead()), {});
}

async function strangeUsers(scene: Scene, id: string): Promise<void> {
  const { stage, checks, p2 } = scene;
  const there = { tenantId: stage.partner.tenantId };
  const read = checks.accepted("another partner's users are asked for", await p2.custom('users_read', {}, there));
  checks.same('none are shown', read.payload, { items: [] });
  const missing = refusal(scene, 404);
  either(scene, 'no user is made there', await p2.custom('user_write', newUser(), there), missing);
  const change = { id, name: 'Stolen', email: 'stolen@example.com' };
  either(scene, 'no user is changed there', await p2.custom('user_update', change, there), missing);
  either(scene, 'nor from the own tenant', await p2.custom('user_update', change), missing);
  either(scene, 'no user is deleted there', await p2.custom('user_delete', { id }, there), missing);
  checks.accepted('deleting it from the own tenant does nothing', await p2.custom('user_delete', { id }));
}

/** S stands below P1: each sees what it may, the first to link a customer keeps it, a reset takes back only one's own. */
export async function subPartner(scene: Scene): Promise<void> {
  const { stage, checks, p1, sub } = scene;
  const [own] = stage.subPartner.customers;
  const [above] = stage.partner.customers;
  const idsOf = async (driver: typeof p1) => itemsIn((await driver.topologyRead()).payload).map(({ id }) => id);
  const [all, few] = [await idsOf(p1), await idsOf(sub)];
  checks.that('the partner sees the customers of the partner below', all.includes(own.organizationId), `${all.length} customers`);
  checks.that('the partner below sees its own', few.includes(own.organizationId), `${few.length} customers`);
  checks.that('and none of above', !few.includes(above.organizationId), `${few.length} customers`);
  await enabled(scene, p1, stage.partner);
  await enabled(scene, sub, stage.subPartner);
  const link = { vendor_tenant_id: own.organizationId, acronis_tenant_id: own.tenantId };
  const other = { ...link, acronis_tenant_id: stage.spareTenants[0] };
  checks.accepted('the partner below links its customer', await sub.tenantMappingWrite([link]));
  checks.refused('the partner above cannot link it elsewhere', await p1.tenantMappingWrite([other]), 403);
  const reach = await sub.tenantMappingWrite([{ vendor_tenant_id: above.organizationId, acronis_tenant_id: above.tenantId }]);
  checks.refused('the partner below cannot link a customer of above', reach, 403);
  checks.accepted('the partner above disables', await p1.enablementReset());
  checks.same(
    'the link of the partner below is still there',
    linksIn(await sub.tenantMappingRead()),
    links([own.organizationId, own.tenantId]),
  );
  checks.accepted('the partner below unlinks', await sub.tenantMappingWrite([{ vendor_tenant_id: own.organizationId }]));
  await enabled(scene, p1, stage.partner);
  checks.accepted('now the partner above may link it', await p1.tenantMappingWrite([other]));
}

/** The same partner is asked from another data center. */
export async function twoDatacenters(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  const [first, second] = stage.partner.customers;
  const elsewhere = p1.with({ datacenterUrl: stage.otherDatacenterUrl });
  await enabled(scene, p1, stage.partner);
  checks.accepted(
    'a customer is linked',
    await p1.tenantMappingWrite([{ vendor_tenant_id: first.organizationId, acronis_tenant_id: first.tenantId }]),
  );
  checks.same('the link of the partner is known elsewhere', await linkedTenant(elsewhere), stage.partner.tenantId);
  const other = await elsewhere.enablementWrite(stage.partner.organizationId, stage.spareTenants[0]);
  checks.refused('so a second enablement is refused there', other, 403);
  const read = checks.accepted('links are asked for elsewhere', await elsewhere.tenantMappingRead());
  checks.same('none are of that data center', linksIn(read), {});
  const taken = await elsewhere.tenantMappingWrite([{ vendor_tenant_id: first.organizationId, acronis_tenant_id: second.tenantId }]);
  checks.refused('a customer that is linked here cannot be linked there', taken, 403);
  if (stage.datacenterAlias === undefined) return checks.skip('the other form of the domain is the same data center', 'the stage has none');
  const alias = await p1.with({ datacenterUrl: stage.datacenterAlias }).tenantMappingRead();
  checks.same('the other form of the domain is the same data center', linksIn(alias), links([first.organizationId, first.tenantId]));
}
