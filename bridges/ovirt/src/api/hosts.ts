import type { Host } from '@fairlead/cloudstack';
import { toHosts } from '../map/host.ts';
import { hostStatus } from '../map/status.ts';
import { pick } from '../service/lookup.ts';
import type { Parts } from '../service/parts.ts';
import { listed, only, selected } from './lists.ts';
import type { Route } from './route.ts';

const FIELDS = ['name', 'id', 'hw_id', 'status', 'cluster', 'address'];

/** Hosts are KVM hosts (ovirt 5.4). */
export function hostRoutes({ inventory, href }: Parts): readonly Route[] {
  return [
    listed('/hosts', 'host', async (call) => {
      const hosts = await inventory.hosts(call.caller);
      const found = new Set(selected(call, hosts, { fields: FIELDS, fieldOf }));
      return toHosts(hosts, href, (host) => found.has(host));
    }),
    {
      method: 'GET',
      path: '/hosts/:id',
      handle: async (call) => {
        const hosts = await inventory.hosts(call.caller);
        const host = pick(hosts, call.params.id ?? '');
        return { status: 200, type: 'host', object: only(toHosts(hosts, href, (candidate) => candidate === host)) };
      },
    },
  ];
}

function fieldOf(host: Host, field: string): string | readonly string[] | undefined {
  switch (field) {
    case 'name':
      return host.name;
    case 'status':
      return hostStatus(host.resourcestate, host.state);
    case 'cluster':
      return [host.clustername ?? '', host.clusterid ?? ''];
    case 'address':
      return host.ipaddress;
    default:
      // `hw_id` is the system's UUID, and that is the id of the host (ovirt 5.4).
      return host.id;
  }
}
