import { tokenAttempts } from './bad-tokens.ts';
import { driverOf, linkedTenant, links, linksIn, type Scene } from './scene.ts';
import { newUser, userWith } from './users.ts';

/** How many of the attempts with tokens are those of Acronis: none, corrupted, another app's. */
const TOKEN_CHECKS = 3;

/** What Acronis looks at before it lets an app be published, in its order (documentation, "Callback handler verification"). */
export async function acceptance(scene: Scene): Promise<void> {
  await headers(scene);
  await enablement(scene);
  await customers(scene);
  await scope(scene);
  await reset(scene);
}

async function headers({ stage, checks, p1 }: Scene): Promise<void> {
  const { organizationId } = stage.partner;
  const parsed = checks.accepted('X-CyberApp-Auth is parsed', await p1.enablementRead());
  checks.same('and tells which organization it is', parsed.payload, { vendor_tenant_id: organizationId });
  checks.accepted('X-CyberApp-Extra is parsed', await p1.with({ extra: { region: 'north' } }).enablementRead());
  checks.refused(
    'X-CyberApp-Extra that cannot be parsed is refused',
    await p1.enablementRead({ headers: { 'x-cyberapp-extra': '%%%' } }),
    400,
  );
  for (const [check, over] of (await tokenAttempts({ stage })).slice(0, TOKEN_CHECKS)) {
    checks.refused(check, await p1.enablementRead(over), 401, 403);
  }
}

async function enablement({ stage, checks, p1 }: Scene): Promise<void> {
  const { organizationId, tenantId, accounts } = stage.partner;
  const [account] = accounts;
  // Guesses of a tenant of their own lock nobody else out.
  const guess = { tenantId: stage.spareTenants[1] };
  const nobody = driverOf(stage, guess, { identity: `${account.identity}-nobody`, password: account.password });
  checks.refused('a wrong user is refused at enablement', await nobody.enablementWrite(organizationId, tenantId), 401);
  const wrong = driverOf(stage, guess, { ...account, password: `${account.password}x` });
  checks.refused('a wrong password is refused at enablement', await wrong.enablementWrite(organizationId, tenantId), 401);
  checks.same('before enablement no tenant is named', await linkedTenant(p1), undefined);
  checks.accepted('the first write is stored', await p1.enablementWrite(organizationId, tenantId));
  checks.same('after it the tenant is named', await linkedTenant(p1), tenantId);
  checks.accepted('the same write is accepted', await p1.enablementWrite(organizationId, tenantId));
  const other = await p1.enablementWrite(organizationId, stage.spareTenants[0]);
  checks.refused('another tenant is refused', other, 403);
  checks.same('and the first is still named', await linkedTenant(p1), tenantId);
}

async function customers({ stage, checks, p1 }: Scene): Promise<void> {
  const [first, second] = stage.partner.customers;
  const pair = (of: typeof first) => ({ vendor_tenant_id: of.organizationId, acronis_tenant_id: of.tenantId });
  checks.accepted('customers are listed', await p1.topologyRead());
  checks.same('none is linked', linksIn(await p1.tenantMappingRead()), {});
  checks.accepted('a customer is linked', await p1.tenantMappingWrite([pair(first)]));
  const one = checks.accepted('links are listed', await p1.tenantMappingRead());
  checks.same('the link is there', linksIn(one), links([first.organizationId, first.tenantId]));
  checks.accepted('a customer is unlinked', await p1.tenantMappingWrite([{ vendor_tenant_id: first.organizationId }]));
  checks.same('the link is gone', linksIn(await p1.tenantMappingRead()), {});
  checks.accepted('two are linked', await p1.tenantMappingWrite([pair(first), pair(second)]));
}

/** Two customers are linked; what is made in the tenant of one is not seen in that of the other. */
async function scope({ stage, checks, p1 }: Scene): Promise<void> {
  const [first, second] = stage.partner.customers;
  const user = newUser();
  const made = await p1.custom('user_write', user, { tenantId: first.tenantId });
  checks.accepted("data is written to the request's tenant", made);
  const row = await userWith(p1, user.email, first.tenantId);
  checks.same('and read there', row?.email, user.email);
  checks.same('it is not shown to another tenant', (await userWith(p1, user.email, second.tenantId))?.email, undefined);
  const unlinked = await p1.custom('users_read', {}, { tenantId: stage.spareTenants[0] });
  checks.same('a tenant that is not linked is shown nothing', unlinked.payload, { items: [] });
  await p1.custom('user_delete', { id: row?.id }, { tenantId: first.tenantId });
}

async function reset({ checks, p1 }: Scene): Promise<void> {
  checks.accepted('the enablement is reset', await p1.enablementReset());
  checks.same('no tenant is named any more', await linkedTenant(p1), undefined);
  checks.same('no customer is linked any more', linksIn(await p1.tenantMappingRead()), {});
}
