import { newUuid } from '@fairlead/kernel/ids';
import type { CallbackDriver } from '../callback-driver.ts';
import { enabled, itemsIn, type Scene } from './scene.ts';

/** A user that nobody has yet. */
export function newUser() {
  const mark = newUuid().slice(0, 8);
  return { login: `drive-${mark}`, name: `Driver ${mark}`, email: `drive-${mark}@example.com` };
}

/** The row with this address, as the page of users shows it. */
export async function userWith(
  driver: CallbackDriver,
  email: string,
  tenantId?: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { payload } = await driver.custom('users_read', {}, { tenantId });
  return itemsIn(payload).find((row) => row.email === email);
}

/** What the app version has registered decides what refusals look like (CyberApp 2.9 `declared_errors`). */
export function refusal({ stage }: Scene, status: 404 | 409 | 422): number {
  if (stage.registered?.declaredErrors !== false) return status;
  return status === 404 ? 200 : 400;
}

export async function users(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  await enabled(scene, p1, stage.partner);
  checks.accepted('users are listed', await p1.custom('users_read', {}));
  const user = newUser();
  checks.accepted('a user is made', await p1.custom('user_write', user));
  const row = await userWith(p1, user.email);
  checks.same('the user is listed', [row?.name, row?.email], [user.name, user.email]);
  const id = String(row?.id);
  await refusals(scene, user);
  checks.accepted('the user is changed', await p1.custom('user_update', { id, name: 'Changed', email: user.email }));
  checks.same('the change is listed', (await userWith(p1, user.email))?.name, 'Changed');
  checks.accepted('a new password is asked for', await p1.custom('reset_password', { id }));
  checks.accepted('an unknown user is not told apart', await p1.custom('reset_password', { id: newUuid() }));
  checks.accepted('the user is deleted', await p1.custom('user_delete', { id }));
  checks.same('the user is not listed any more', (await userWith(p1, user.email))?.id, undefined);
  checks.accepted('deleting again is good', await p1.custom('user_delete', { id }));
}

async function refusals(scene: Scene, user: ReturnType<typeof newUser>): Promise<void> {
  const { stage, checks, p1 } = scene;
  const wanted = (status: 404 | 409 | 422) => refusal(scene, status);
  const [spare] = stage.spareTenants;
  const again = await p1.custom('user_write', { ...user, login: user.login.toUpperCase() });
  either(scene, 'a login that is taken is refused', again, wanted(409));
  either(scene, 'an address that is none is refused', await p1.custom('user_write', { ...newUser(), email: 'none' }), wanted(422));
  const unknown = await p1.custom('user_update', { id: newUuid(), name: 'Nobody', email: user.email });
  either(scene, 'an unknown user is not changed', unknown, wanted(404));
  const empty = checks.accepted('users of a tenant that is not linked are listed', await p1.custom('users_read', {}, { tenantId: spare }));
  checks.same('and there are none', empty.payload, { items: [] });
  either(scene, 'no user is made there', await p1.custom('user_write', newUser(), { tenantId: spare }), wanted(404));
}

/** A declared answer, or the plain error of an app that has declared none. */
export function either({ checks }: Scene, check: string, answer: Awaited<ReturnType<CallbackDriver['custom']>>, status: number): void {
  if (status === 400) checks.refused(check, answer, 400);
  else checks.declared(check, answer, status);
}
