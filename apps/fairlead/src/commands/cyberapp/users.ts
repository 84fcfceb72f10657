import { randomBytes } from 'node:crypto';
import { identityKey, LIMIT_FACE, type UserRow } from '@fairlead/bridge-cyberapp';
import { systemClock } from '@fairlead/kernel/clock';
import { Limits } from '@fairlead/kernel/limits';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { findPassword } from '../cce/password.ts';
import { type CareOptions, printRows, recordChange, timeOf, withDesk } from './shared.ts';

export interface AddUserOptions extends CareOptions {
  readonly org: string;
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly passwordFile?: string;
}

export interface PasswordOptions extends CareOptions {
  readonly passwordFile?: string;
  readonly generate?: boolean;
  readonly token?: boolean;
}

export async function listUsers(options: CareOptions & { readonly org?: string }, output: Output): Promise<void> {
  const rows = await withDesk(options, ({ users }) => users.all(options.org));
  const plain = rows.map((row) => ({
    ...{ id: row.id, login: row.login, name: row.name, email: row.email, organization: row.organization_id, state: row.state },
    password: row.password_hash === null ? 'none' : 'set',
    last_login: timeOf(row.last_login_ms),
  }));
  printRows(plain, ['login', 'name', 'email', 'organization', 'state', 'password', 'last_login'], options, output);
}

/** Without a password file the user cannot authenticate until `user password`. */
export async function addUser(options: AddUserOptions, output: Output): Promise<void> {
  await withDesk(options, async ({ users, organizations, audit }) => {
    const { org, login, name, email } = options;
    const organization = await organizations.get(org);
    const password = options.passwordFile === undefined ? undefined : await findPassword(login, options.passwordFile);
    const user = await users.add({ login, name, email, organizationId: organization.id }, password);
    await recordChange(audit, 'user.create', user.id);
    output.print(options.json === true ? JSON.stringify({ id: user.id }) : user.id);
  });
}

/** Sets a password, makes one up and prints it once, or prints a token by which the user sets one. */
export async function changePassword(login: string, options: PasswordOptions, output: Output): Promise<void> {
  if (options.generate === true && options.token === true) throw CliError('CLI_USAGE', { reason: '--generate or --token, not both' });
  await withDesk(options, async ({ users, audit }) => {
    const user = await users.byLogin(login);
    if (options.token === true) {
      output.print(await users.newReset(user.id));
      output.tell('Good once, for 24 hours.');
    } else {
      const password = options.generate === true ? randomBytes(18).toString('base64url') : await findPassword(login, options.passwordFile);
      await users.setPassword(login, password);
      if (options.generate === true) output.print(password);
    }
    await recordChange(audit, options.token === true ? 'user.reset' : 'user.password', user.id);
  });
}

export async function setUserState(login: string, state: UserRow['state'], options: CareOptions): Promise<void> {
  await withDesk(options, async ({ users, audit }) => {
    await users.setState(login, state);
    await recordChange(audit, state === 'active' ? 'user.resume' : 'user.suspend', login);
  });
}

export async function removeUser(login: string, options: CareOptions): Promise<void> {
  await withDesk(options, async ({ users, audit }) => {
    await users.remove(login);
    await recordChange(audit, 'user.remove', login);
  });
}

/** Ends the locks of a login at once, those of single tenants too. */
export async function unlockUser(login: string, options: CareOptions, output: Output): Promise<void> {
  await withDesk(options, async ({ users, store, audit }) => {
    const { login_key: key } = await users.byLogin(login);
    const limits = new Limits({ store, clock: systemClock });
    const locked = (await limits.banned(LIMIT_FACE)).map((one) => one.key);
    const own = locked.filter((one) => one === identityKey(key) || (one.startsWith('pair:') && one.endsWith(`:${key}`)));
    await limits.succeeded(LIMIT_FACE, own);
    await recordChange(audit, 'user.unlock', login);
    output.print(own.length === 0 ? `${login} was not locked.` : `${login} may log in again.`);
  });
}
