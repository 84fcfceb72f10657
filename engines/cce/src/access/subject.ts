/** Who asks, as far as rules see it (cce 3.3). */
export interface Caller {
  /** OID of the User; 0: anonymous, or the admin flag without a user. */
  readonly oid: number;
  /** The admin flag, or `systemAdministrator` of the User. Bypasses every ACL. */
  readonly sysadmin: boolean;
  /** A property of the caller's own object, default applied; empty for the anonymous one. `namespace` empty: the default one. */
  property(namespace: string, name: string): Promise<string>;
}

/** The object that an ACL is asked about, in the state that the transaction gives it. */
export interface Target {
  readonly oid: number;
  readonly class: string;
  property(namespace: string, name: string): Promise<string>;
}
