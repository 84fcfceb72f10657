import { newUuid } from '@fairlead/kernel/ids';
import type { CallbackName } from '../../../codec/index.ts';
import { itemsIn, linkedTenant, links, linksIn, type Scene } from './scene.ts';
import { newUser, userWith } from './users.ts';

const TIMES = 10;

/** Each write ten times at once with one request id: one effect, ten equal answers. */
export async function retryStorm(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  const { organizationId, tenantId, customers } = stage.partner;
  const [{ organizationId: customer, tenantId: customerTenant }] = customers;
  await storm(scene, 'enablement.write', { vendor_tenant_id: organizationId, acronis_tenant_id: tenantId });
  checks.same('there is one link', await linkedTenant(p1), tenantId);
  await storm(scene, 'tenant_mapping.write', { modified: [{ vendor_tenant_id: customer, acronis_tenant_id: customerTenant }] });
  checks.same('there is one link of a customer', linksIn(await p1.tenantMappingRead()), links([customer, customerTenant]));
  await userStorms(scene);
  await storm(scene, 'enablement.reset', undefined);
  checks.same('the link is gone', await linkedTenant(p1), undefined);
}

async function userStorms(scene: Scene): Promise<void> {
  const { checks, p1 } = scene;
  const user = newUser();
  await storm(scene, 'user_write', user);
  const rows = itemsIn((await p1.custom('users_read', {})).payload).filter(({ email }) => email === user.email);
  checks.same('there is one user', rows.length, 1);
  const id = String(rows[0]?.id);
  await storm(scene, 'user_update', { id, name: 'Changed once', email: user.email });
  checks.same('the user is changed', (await userWith(p1, user.email))?.name, 'Changed once');
  await storm(scene, 'reset_password', { id });
  await storm(scene, 'user_delete', { id });
  checks.same('the user is gone', (await userWith(p1, user.email))?.id, undefined);
}

async function storm({ checks, p1 }: Scene, name: CallbackName, payload: unknown): Promise<void> {
  const requestId = newUuid();
  const answers = await Promise.all(Array.from({ length: TIMES }, () => p1.call(name, payload, { requestId })));
  const [first] = answers;
  if (first !== undefined) checks.accepted(`${name}, ${TIMES} times at once, is good`, first);
  const texts = new Set(answers.map(({ status, text }) => `${status} ${text}`));
  checks.that('and all answers are equal', texts.size === 1, `${texts.size} different answers`);
  const later = await p1.retry();
  checks.that('a later repeat gets the same', later.text === first?.text, String(later.status));
}
