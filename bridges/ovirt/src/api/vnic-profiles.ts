import type { Network } from '@fairlead/cloudstack';
import type { VnicProfile } from '@fairlead/ovirt/codec';
import { toVnicProfile } from '../map/network.ts';
import type { Caller } from '../service/caller.ts';
import type { Parts, ReadParts } from '../service/parts.ts';
import { listed, only, selected } from './lists.ts';
import type { Route } from './route.ts';

/** Each network has one profile, which bears its id (ovirt 5.6). */
export function vnicProfileRoutes(parts: Parts): readonly Route[] {
  const { inventory } = parts;
  return [
    listed('/vnicprofiles', 'vnic_profile', async (call) => {
      const networks = await inventory.networks(call.caller);
      const names = await parts.vmView.profileNames(call.caller);
      const fieldOf = (network: Network, field: string) => (field === 'name' ? names.get(network.id) : network.id);
      return profilesOf(parts, call.caller, selected(call, networks, { fields: ['name', 'id', 'network'], fieldOf }));
    }),
    {
      method: 'GET',
      path: '/vnicprofiles/:id',
      handle: async (call) => {
        const network = await inventory.network(call.caller, call.params.id ?? '');
        return { status: 200, type: 'vnic_profile', object: only(await profilesOf(parts, call.caller, [network])) };
      },
    },
  ];
}

export async function profilesOf(parts: ReadParts, caller: Caller, networks: readonly Network[]): Promise<readonly VnicProfile[]> {
  const names = await parts.vmView.profileNames(caller);
  return networks.map((network) => toVnicProfile(network, parts.href, names.get(network.id) ?? network.name));
}
