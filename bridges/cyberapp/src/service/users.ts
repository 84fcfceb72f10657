import { loginKey } from '@fairlead/acronis/codec';
import { newToken, newUuid } from '@fairlead/kernel/ids';
import { hashPassword, type PasswordCost, type Secrets } from '@fairlead/kernel/secrets';
import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../errors.ts';
import type { Db } from '../store/queries.ts';
import type { CyberappTables, UserRow } from '../store/tables.ts';
import { checkUserFields, type UserFields } from './user-fields.ts';

export interface NewUser extends UserFields {
  readonly organizationId: string;
  /** A UUID; made when absent. */
  readonly id?: string | undefined;
  /** PHC string; without it the user cannot authenticate. */
  readonly passwordHash?: string | undefined;
}

const RESET_KEPT_MS = 24 * 3_600_000;
const RESET_PURPOSE = 'cyberapp.reset';

/** Adds within a transaction. Throws CYBERAPP_USER_INVALID, or CYBERAPP_USER_CONFLICT (`login_taken`), whatever organization has the login. */
export async function addUser(store: Store, db: Db, given: NewUser): Promise<UserRow> {
  const { login, name, email } = given;
  checkUserFields({ login, name, email });
  const now = store.clock.now();
  const row: UserRow = {
    id: given.id?.toLowerCase() ?? newUuid(),
    organization_id: given.organizationId,
    login,
    login_key: loginKey(login),
    name,
    email,
    password_hash: given.passwordHash ?? null,
    credential_version: 1,
    password_changed_ms: given.passwordHash === undefined ? null : now,
    state: 'active',
    last_login_ms: null,
    created_ms: now,
    updated_ms: now,
  };
  const made = await db
    .insertInto('cyberapp_users')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows !== 1n) throw conflict('login_taken', 'This login is taken');
  return row;
}

/** Accounts as their operator sees them. */
export class Users {
  readonly #store: Store;
  readonly #secrets: Secrets;
  readonly #cost: PasswordCost;

  constructor(parts: { readonly store: Store; readonly secrets: Secrets; readonly cost: PasswordCost }) {
    this.#store = parts.store;
    this.#secrets = parts.secrets;
    this.#cost = parts.cost;
  }

  /** By login; of one organization, or all. */
  async all(organizationId?: string): Promise<readonly UserRow[]> {
    const query = this.#db().selectFrom('cyberapp_users').selectAll().orderBy('login_key');
    return organizationId === undefined ? query.execute() : query.where('organization_id', '=', organizationId).execute();
  }

  /** Throws CYBERAPP_USER_NOT_FOUND. */
  async byLogin(login: string): Promise<UserRow> {
    const row = await this.#db().selectFrom('cyberapp_users').selectAll().where('login_key', '=', loginKey(login)).executeTakeFirst();
    if (row === undefined) throw CyberappError('CYBERAPP_USER_NOT_FOUND');
    return row;
  }

  async add(given: Omit<NewUser, 'passwordHash'>, password?: string): Promise<UserRow> {
    const passwordHash = password === undefined ? undefined : await hashPassword(password, this.#cost);
    return addUser(this.#store, this.#db(), { ...given, passwordHash });
  }

  /** The former password is worth nothing from now on. */
  async setPassword(login: string, password: string): Promise<void> {
    const { id } = await this.byLogin(login);
    await this.#setHash(this.#db(), id, await hashPassword(password, this.#cost));
  }

  async setState(login: string, state: UserRow['state']): Promise<void> {
    const { id } = await this.byLogin(login);
    await this.#db()
      .updateTable('cyberapp_users')
      .set((get) => ({ state, credential_version: get('credential_version', '+', 1), updated_ms: this.#store.clock.now() }))
      .where('id', '=', id)
      .execute();
  }

  async remove(login: string): Promise<void> {
    const { id } = await this.byLogin(login);
    await this.#db().deleteFrom('cyberapp_users').where('id', '=', id).execute();
  }

  /** A token, shown once, by which the user sets a new password within a day. The present one stays good until then. */
  async newReset(userId: string, db: Db = this.#db()): Promise<string> {
    const token = newToken();
    const now = this.#store.clock.now();
    await db
      .insertInto('cyberapp_password_resets')
      .values({
        token_digest: this.#secrets.digest(RESET_PURPOSE, token),
        user_id: userId,
        requested_ms: now,
        expires_ms: now + RESET_KEPT_MS,
        used_ms: null,
      })
      .execute();
    return token;
  }

  /** How many tokens of a user may still be used. */
  async openResets(userId: string, db: Db = this.#db()): Promise<number> {
    const rows = db.selectFrom('cyberapp_password_resets').select('token_digest').where('user_id', '=', userId);
    return (await rows.where('used_ms', 'is', null).where('expires_ms', '>', this.#store.clock.now()).execute()).length;
  }

  /** Throws CYBERAPP_USER_NOT_FOUND for a token that is unknown, used, or over. */
  async reset(token: string, password: string): Promise<void> {
    const hash = await hashPassword(password, this.#cost);
    await this.#store.transaction<CyberappTables, void>(async (trx) => {
      const now = this.#store.clock.now();
      const [taken] = await trx
        .updateTable('cyberapp_password_resets')
        .set({ used_ms: now })
        .where('token_digest', 'in', this.#secrets.digests(RESET_PURPOSE, token))
        .where('used_ms', 'is', null)
        .where('expires_ms', '>', now)
        .returning('user_id')
        .execute();
      if (taken === undefined) throw CyberappError('CYBERAPP_USER_NOT_FOUND');
      await this.#setHash(trx, taken.user_id, hash);
    });
  }

  /** Forgets tokens that are used or over. */
  async sweepResets(): Promise<void> {
    const now = this.#store.clock.now();
    await this.#db()
      .deleteFrom('cyberapp_password_resets')
      .where((where) => where.or([where('expires_ms', '<=', now), where('used_ms', 'is not', null)]))
      .execute();
  }

  async #setHash(db: Db, id: string, hash: string): Promise<void> {
    const now = this.#store.clock.now();
    await db
      .updateTable('cyberapp_users')
      .set((get) => ({
        password_hash: hash,
        credential_version: get('credential_version', '+', 1),
        password_changed_ms: now,
        updated_ms: now,
      }))
      .where('id', '=', id)
      .execute();
  }

  #db() {
    return this.#store.tables<CyberappTables>();
  }
}

export function conflict(declared: 'login_taken' | 'own_account' | 'last_account', reason: string): Error {
  return CyberappError('CYBERAPP_USER_CONFLICT', { declared, reason });
}
