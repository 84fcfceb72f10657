import type { Account, Tag } from '../model.ts';

/** What a tag is at. */
interface Tagged {
  readonly owner: Account;
  readonly id: string;
  readonly type: string;
}

/** A tag; embedded in its resource it has no `domainpath`. */
export function tagView(tag: Tag, { owner, id, type }: Tagged, embedded = false): object {
  const view = { key: tag.key, value: tag.value, resourcetype: type, resourceid: id, account: owner.name };
  const domain = { domainid: owner.domain.id, domain: owner.domain.name };
  return embedded ? { ...view, ...domain } : { ...view, ...domain, domainpath: owner.domain.path };
}
