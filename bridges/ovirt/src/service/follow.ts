import type { FollowTree, OvirtObject } from '@fairlead/ovirt';
import type { Caller } from './caller.ts';

/** How one link of one type is inlined. */
export interface FollowRule {
  /** Type of the object that has the link: `vm`. */
  readonly type: string;
  /** Name of the link without underscores: `diskattachments`. */
  readonly link: string;
  /** Element that receives it: `disk_attachments`. */
  readonly field: string;
  /** Type of what is inlined: `disk_attachment`. */
  readonly target: string;
  /** A list for a collection, one object for a reference; undefined leaves the object as it is. Reads the kept inventory only. */
  load(caller: Caller, object: OvirtObject): Promise<OvirtObject | readonly OvirtObject[] | undefined>;
}

/** Inlines what `follow=` asks for (ovirt 2.8). Each side adds the rules of its types. */
export interface Follow {
  add(rules: readonly FollowRule[]): void;
  apply(caller: Caller, type: string, objects: readonly OvirtObject[], tree: FollowTree): Promise<readonly OvirtObject[]>;
}
