import type { Network } from '@fairlead/cloudstack';
import { toNetwork } from '../map/network.ts';
import { networkStatus } from '../map/status.ts';
import type { Parts } from '../service/parts.ts';
import { listed, selected } from './lists.ts';
import type { Route } from './route.ts';
import { profilesOf } from './vnic-profiles.ts';

const FIELDS = ['name', 'id', 'status', 'datacenter'];

/** Networks are guest networks (ovirt 5.6). */
export function networkRoutes(parts: Parts): readonly Route[] {
  const { inventory, href } = parts;
  return [
    listed('/networks', 'network', async (call) => {
      const found = selected(call, await inventory.networks(call.caller), { fields: FIELDS, fieldOf });
      return found.map((network) => toNetwork(network, href));
    }),
    {
      method: 'GET',
      path: '/networks/:id',
      handle: async (call) => {
        const network = await inventory.network(call.caller, call.params.id ?? '');
        return { status: 200, type: 'network', object: toNetwork(network, href) };
      },
    },
    listed('/networks/:id/vnicprofiles', 'vnic_profile', async (call) => {
      return profilesOf(parts, call.caller, [await inventory.network(call.caller, call.params.id ?? '')]);
    }),
  ];
}

function fieldOf(network: Network, field: string): string | readonly string[] | undefined {
  if (field === 'name') return network.name;
  if (field === 'status') return networkStatus(network.state);
  return field === 'datacenter' ? [network.zonename ?? '', network.zoneid ?? ''] : network.id;
}
