import { readAccount, readProject } from '@fairlead/cloudstack';
import { isUuid } from '@fairlead/kernel/ids';
import type { OvfOwner } from '@fairlead/ovirt/codec';
import type { Caller } from './caller.ts';

/** To whom something shall belong, as CloudStack's commands want it. */
export type Owner = { readonly account: string; readonly domainid: string } | { readonly projectid: string };

/** Whoever calls. */
export function ownerOf(caller: Caller): Owner {
  return { account: caller.account, domainid: caller.domainId };
}

/**
 * The owner that an OVF names, if the caller's own key finds him: nobody makes things for accounts that he does not see.
 * Undefined when he is gone or foreign (ovirt 5.7.5).
 */
export async function findOwner(caller: Caller, wanted: OvfOwner, signal: AbortSignal): Promise<Owner | undefined> {
  const { projectId, accountId, accountName, domainId } = wanted;
  if (projectId !== undefined) return isUuid(projectId) ? await findProject(caller, projectId, signal) : undefined;
  if (accountId !== undefined && !isUuid(accountId)) return undefined;
  if (domainId !== undefined && !isUuid(domainId)) return undefined;
  if (accountId === undefined && accountName === undefined) return undefined;
  const filter = accountId === undefined ? { name: accountName, domainid: domainId, listall: true } : { id: accountId, listall: true };
  const accounts = await caller.client.list('listAccounts', readAccount, filter, { signal });
  const found = accounts.find((account) => (accountId === undefined ? account.name === accountName : account.id === accountId));
  return found?.domainid === undefined ? undefined : { account: found.name, domainid: found.domainid };
}

async function findProject(caller: Caller, id: string, signal: AbortSignal): Promise<Owner | undefined> {
  const projects = await caller.client.list('listProjects', readProject, { id, listall: true }, { signal });
  return projects.some((project) => project.id === id) ? { projectid: id } : undefined;
}

interface Owned {
  readonly account?: string | undefined;
  readonly domainid?: string | undefined;
  readonly projectid?: string | undefined;
}

/** Whether two things belong to the same account or project. */
export function sameOwner(one: Owned, other: Owned): boolean {
  if (one.projectid !== undefined || other.projectid !== undefined) return one.projectid === other.projectid;
  return one.account === other.account && one.domainid === other.domainid;
}
