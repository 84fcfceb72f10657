import type { Clock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import { hashPassword, type Secrets, verifyPassword } from '@fairlead/kernel/secrets';
import { OvirtError } from '../errors.ts';
import { AccountRows } from '../store/accounts.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { AccountRow } from '../store/read-tables.ts';
import { PURPOSES } from '../store/sealed.ts';
import type { KeyPair } from './cloud.ts';

export interface NewAccount extends KeyPair {
  /** Without `@internal`. */
  readonly name: string;
  readonly password: string;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Users of our own: `name@internal`, each with a CloudStack key pair (ovirt 3.7). */
export class Accounts {
  readonly #rows: AccountRows;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  /** What an unknown name is checked against, so that it takes as long as a known one. */
  #decoy: Promise<string> | undefined;

  constructor(parts: { readonly store: OvirtStore; readonly secrets: Secrets; readonly clock: Clock }) {
    this.#rows = new AccountRows(parts.store);
    this.#secrets = parts.secrets;
    this.#clock = parts.clock;
  }

  /** Throws `OVIRT_BAD_REQUEST` for a name that is none, `OVIRT_CONFLICT` for one that is taken. */
  async add(account: NewAccount): Promise<void> {
    const name = account.name.toLowerCase();
    if (!NAME.test(name)) throw OvirtError('OVIRT_BAD_REQUEST', { text: 'An account name has letters, digits, dots, dashes; at most 64' });
    const row = {
      id: newUuid(),
      name,
      password_hash: await hashPassword(account.password),
      api_key: this.#secrets.seal(PURPOSES.accountKey, account.apiKey),
      secret_key: this.#secrets.seal(PURPOSES.accountKey, account.secretKey),
      created_ms: this.#clock.now(),
      disabled: 0,
    };
    if (!(await this.#rows.insert(row))) throw OvirtError('OVIRT_CONFLICT', { text: `The account ${name} exists already` });
  }

  async remove(name: string): Promise<boolean> {
    return this.#rows.remove(name.toLowerCase());
  }

  /** Names, oldest first by alphabet; no secrets. */
  async list(): Promise<readonly { readonly name: string; readonly createdMs: number; readonly disabled: boolean }[]> {
    const rows = await this.#rows.all();
    return rows.map((row) => ({ name: row.name, createdMs: row.created_ms, disabled: row.disabled !== 0 }));
  }

  /** Whether such an account exists; if not, the same login may be one of CloudStack's root domain. */
  async has(name: string): Promise<boolean> {
    return (await this.#rows.byName(name.toLowerCase())) !== undefined;
  }

  /** The account's id and keys; undefined for a wrong name or password, in the same time. */
  async verify(name: string, password: string): Promise<{ readonly id: string; readonly keys: KeyPair } | undefined> {
    const row = await this.#rows.byName(name.toLowerCase());
    this.#decoy ??= hashPassword(newUuid());
    const isRight = await verifyPassword(password, row?.password_hash ?? (await this.#decoy));
    return row !== undefined && isRight && row.disabled === 0 ? { id: row.id, keys: this.#keysOf(row) } : undefined;
  }

  #keysOf(row: AccountRow): KeyPair {
    const open = (sealed: string) => this.#secrets.open(PURPOSES.accountKey, sealed);
    return { apiKey: open(row.api_key), secretKey: open(row.secret_key) };
  }
}
