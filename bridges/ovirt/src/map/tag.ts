import type { VirtualMachine } from '@fairlead/cloudstack';
import { uuidFromName } from '@fairlead/kernel/ids';
import type { Tag } from '@fairlead/ovirt/codec';
import { type Href, ZERO_ID } from './href.ts';
import { zeroReference } from './link.ts';

/** Resource tags of CloudStack whose key begins so are oVirt tags (ovirt 5.11). */
const KEY_PREFIX = 'veeam_tag';

/** Namespace of tag ids: the same value has the same id in every installation. */
const TAG_NAMESPACE = '5f2b6d6e-6a3c-5b0e-9f0a-3f1c6f6d2b11';

export function tagId(name: string): string {
  return uuidFromName(TAG_NAMESPACE, name);
}

/** Names of the tags of a VM, each once. */
export function tagNames(vm: Pick<VirtualMachine, 'tags'>): readonly string[] {
  const names = vm.tags.filter((tag) => tag.key.startsWith(KEY_PREFIX)).flatMap((tag) => (tag.value ? [tag.value] : []));
  return [...new Set(names)];
}

export function rootTag(href: Href): Tag {
  return { id: ZERO_ID, href: href('tags', ZERO_ID), name: 'root', description: 'root' };
}

export function toTag(name: string, href: Href): Tag {
  const id = tagId(name);
  return { id, href: href('tags', id), name, description: name, parent: zeroReference(href, 'tags') };
}

/** A tag as the sub-resource of a VM. */
export function toVmTag(name: string, vmId: string, href: Href): Tag {
  return { ...toTag(name, href), href: href('vms', vmId, 'tags', tagId(name)) };
}
