import { OvirtError } from '../errors.ts';
import { ZERO_ID } from '../map/href.ts';
import { rootTag, tagId, tagNames, toTag, toVmTag } from '../map/tag.ts';
import type { Caller } from '../service/caller.ts';
import type { Parts } from '../service/parts.ts';
import { listed, selected } from './lists.ts';
import type { Call, Route } from './route.ts';

/** Tags are resource tags of VMs, by their value (ovirt 5.11). An id or a name finds one. */
export function tagRoutes({ inventory, href }: Parts): readonly Route[] {
  const namesOf = async (caller: Caller) => [...new Set((await inventory.vms(caller)).flatMap(tagNames))].toSorted();
  const ofVm = async (call: Call) => tagNames(await inventory.vm(call.caller, call.params.vm ?? ''));
  return [
    listed('/tags', 'tag', async (call) => {
      const tags = [rootTag(href), ...(await namesOf(call.caller)).map((name) => toTag(name, href))];
      return selected(call, tags, { fields: ['name', 'id'], fieldOf: (tag, field) => (field === 'name' ? tag.name : tag.id) });
    }),
    {
      method: 'GET',
      path: '/tags/:id',
      freeParams: ['id'],
      handle: async (call) => {
        const id = call.params.id ?? '';
        const object = id === ZERO_ID ? rootTag(href) : toTag(find(await namesOf(call.caller), id), href);
        return { status: 200, type: 'tag', object };
      },
    },
    listed('/vms/:vm/tags', 'tag', async (call) => (await ofVm(call)).map((name) => toVmTag(name, call.params.vm ?? '', href))),
    {
      method: 'GET',
      path: '/vms/:vm/tags/:id',
      freeParams: ['id'],
      handle: async (call) => {
        const name = find(await ofVm(call), call.params.id ?? '');
        return { status: 200, type: 'tag', object: toVmTag(name, call.params.vm ?? '', href) };
      },
    },
  ];
}

function find(names: readonly string[], id: string): string {
  const found = names.find((name) => name === id || tagId(name) === id);
  if (found === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id: id.slice(0, 80) });
  return found;
}
