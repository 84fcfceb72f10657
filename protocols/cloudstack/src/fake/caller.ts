import { denied } from './api-error.ts';
import type { Cloud } from './cloud.ts';
import type { Account, User } from './model.ts';

/** Who calls. */
export interface Caller {
  readonly user: User;
  readonly account: Account;
  /** `a` root admin, `d` domain admin, `u` ordinary account. */
  readonly role: 'a' | 'd' | 'u';
}

export function callerOf(user: User): Caller {
  const roles = ['u', 'a', 'd'] as const;
  return { user, account: user.account, role: roles[user.account.type] };
}

/** Whether the caller may act on what this account owns. */
export function mayUse(caller: Caller, owner: Account): boolean {
  if (caller.role === 'a' || owner === caller.account) return true;
  if (owner.project !== undefined) return owner.project.members.includes(caller.account.name);
  return caller.role === 'd' && isBelow(owner, caller.account);
}

/** @throws ApiError 531 for what belongs to somebody else */
export function requireUse(caller: Caller, owner: Account): void {
  if (!mayUse(caller, owner)) throw denied();
}

/** What a list may hold (ovirt spec 9.5, "Scope"). */
export interface Scope {
  readonly listAll: boolean;
  /** A project's UUID, or `-1` for all of the caller's. */
  readonly projectId: string | undefined;
  /** Asked for by id: a root admin then sees everybody's. */
  readonly byId: boolean;
  readonly account: string | undefined;
}

/** Whether a list with this scope shows what that account owns. */
export function inScope(caller: Caller, owner: Account, scope: Scope): boolean {
  if (!mayUse(caller, owner)) return false;
  if (scope.projectId !== undefined && scope.projectId !== '-1') return owner.project?.id === scope.projectId;
  const all = scope.projectId === '-1';
  // A domain admin gets nothing at all from this combination.
  if (all && scope.listAll && caller.role === 'd') return false;
  if (owner.project !== undefined) return all;
  if (all && !scope.listAll) return false;
  if (scope.account !== undefined) return owner.name === scope.account;
  if (caller.role === 'a' && scope.byId) return true;
  return scope.listAll || owner === caller.account || scope.byId;
}

function isBelow(owner: Account, admin: Account): boolean {
  return owner.domain.path === admin.domain.path || owner.domain.path.startsWith(`${admin.domain.path}/`);
}

/** The account of a name in a domain. */
export function findAccount(cloud: Cloud, name: string, domainId: string | undefined): Account | undefined {
  return cloud.accounts.find((account) => account.name === name && (domainId === undefined || account.domain.id === domainId));
}
