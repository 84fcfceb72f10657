/** For whom a connection acts. */
export interface Identity {
  /** The User; 0: nobody. */
  readonly oid: number;
  readonly name: string;
  /** The admin flag (cce 1.1), or the rights of a handler (cce 4.5). */
  readonly admin: boolean;
}

export const ANONYMOUS: Identity = { oid: 0, name: '', admin: false };
export const ADMIN_FLAG: Identity = { oid: 0, name: '', admin: true };

/** As WHOAMI says it (cce 1.7). */
export function oidText(identity: Identity): string {
  return identity.oid === 0 ? '-1' : String(identity.oid);
}

/** The name for records: that of the User, or what gave the rights. */
export function callerName(identity: Identity): string {
  if (identity.oid !== 0) return identity.name;
  return identity.admin ? 'admin flag' : '';
}
