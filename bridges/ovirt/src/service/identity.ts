import type { Role } from './caller.ts';

/** Who has logged in, as kept in a session (sealed there: it holds the keys). */
export interface Identity {
  /** `user@profile` as he gave it. */
  readonly userId: string;
  readonly profile: string;
  /** CloudStack user id, or id of the local account. */
  readonly subject: string;
  readonly account: string;
  readonly domainId: string;
  readonly role: Role;
  readonly apiKey: string;
  readonly secretKey: string;
}

/** Role by `type` of a login or `accounttype` of a user: 0 user, 1 root admin, 2 domain admin (ovirt 9.2). */
export function roleOf(accountType: number | undefined): Role {
  if (accountType === 1) return 'root-admin';
  return accountType === 2 ? 'domain-admin' : 'user';
}

/** Splits at the last `@`: a CloudStack login may be a mail address (ovirt 3.1). Without one the profile is empty. */
export function splitUser(userId: string): { readonly name: string; readonly profile: string } {
  const at = userId.lastIndexOf('@');
  return at < 0 ? { name: userId, profile: '' } : { name: userId.slice(0, at), profile: userId.slice(at + 1) };
}
