import type { Account } from '../model.ts';

/** Who something belongs to: a project instead of an account where it is one's. */
export function ownerView(owner: Account): object {
  const { domain, project } = owner;
  const who = project === undefined ? { account: owner.name } : { projectid: project.id, project: project.name };
  return { ...who, domainid: domain.id, domain: domain.name, domainpath: domain.path };
}
