import type { CloudStackClient } from '@fairlead/cloudstack';

/** Names or ids; undefined allows everything. */
export interface AllowLists {
  readonly zones?: ReadonlySet<string> | undefined;
  readonly pools?: ReadonlySet<string> | undefined;
  readonly networks?: ReadonlySet<string> | undefined;
}

export type Role = 'user' | 'domain-admin' | 'root-admin';

/** Who calls, and the CloudStack key that decides what he sees. */
export interface Caller {
  /** `user@profile` as he logged in. */
  readonly userId: string;
  /** Stable id of the person, for audit lines and rows: the CloudStack user id or the local account's id. */
  readonly subject: string;
  /** Calls CloudStack with the caller's own key. */
  readonly client: CloudStackClient;
  /** Digest of the API key: what visibility is kept under. No secret. */
  readonly keyId: string;
  readonly account: string;
  readonly domainId: string;
  readonly role: Role;
  readonly isRootAdmin: boolean;
  /** What the configuration lets this profile see. */
  readonly allow: AllowLists;
}
