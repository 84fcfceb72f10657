import { toCpuProfile, toDiskProfile } from '../map/profile.ts';
import { toOperatingSystem } from '../map/template.ts';
import { pick } from '../service/lookup.ts';
import type { Parts } from '../service/parts.ts';
import { listed, selected } from './lists.ts';
import type { Call, Route } from './route.ts';

const byName = {
  fields: ['name', 'id'],
  fieldOf: (item: { readonly id: string; readonly name: string }, field: string) => (field === 'name' ? item.name : item.id),
};

/** Offerings as profiles, and the guest systems that CloudStack knows (ovirt 5.17). */
export function profileRoutes({ inventory, href }: Parts): readonly Route[] {
  const id = (call: Call) => call.params.id ?? '';
  return [
    listed('/cpuprofiles', 'cpu_profile', async (call) => {
      return selected(call, await inventory.serviceOfferings(call.caller), byName).map((offering) => toCpuProfile(offering, href));
    }),
    {
      method: 'GET',
      path: '/cpuprofiles/:id',
      handle: async (call) => {
        const offering = pick(await inventory.serviceOfferings(call.caller), id(call));
        return { status: 200, type: 'cpu_profile', object: toCpuProfile(offering, href) };
      },
    },
    listed('/diskprofiles', 'disk_profile', async (call) => {
      return selected(call, await inventory.diskOfferings(call.caller), byName).map((offering) => toDiskProfile(offering, href));
    }),
    {
      method: 'GET',
      path: '/diskprofiles/:id',
      handle: async (call) => {
        const offering = pick(await inventory.diskOfferings(call.caller), id(call));
        return { status: 200, type: 'disk_profile', object: toDiskProfile(offering, href) };
      },
    },
    listed('/operatingsystems', 'operating_system', async (call) => {
      return (await inventory.osTypes(call.caller)).map((os) => toOperatingSystem(os, href));
    }),
    {
      method: 'GET',
      path: '/operatingsystems/:id',
      handle: async (call) => {
        const os = pick(await inventory.osTypes(call.caller), id(call));
        return { status: 200, type: 'operating_system', object: toOperatingSystem(os, href) };
      },
    },
  ];
}
