import type { Account, Tag } from '../model.ts';

/** A tag; embedded in its resource it has no `domainpath`. */
export function tagView(tag: Tag, owner: Account, resourceId: string, embedded = false): object {
  const view = { key: tag.key, value: tag.value, resourcetype: 'UserVm', resourceid: resourceId, account: owner.name };
  const domain = { domainid: owner.domain.id, domain: owner.domain.name };
  return embedded ? { ...view, ...domain } : { ...view, ...domain, domainpath: owner.domain.path };
}
