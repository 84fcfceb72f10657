import type { Cluster, Zone } from '@fairlead/cloudstack';
import { toCluster } from '../map/cluster.ts';
import { toNetwork } from '../map/network.ts';
import { toCpuProfile } from '../map/profile.ts';
import { inZone, pick } from '../service/lookup.ts';
import type { Parts } from '../service/parts.ts';
import { listed, selected } from './lists.ts';
import type { Call, Route } from './route.ts';

const FIELDS = ['name', 'id', 'datacenter'];

/** Clusters are clusters of KVM hosts (ovirt 5.3). */
export function clusterRoutes({ inventory, href }: Parts): readonly Route[] {
  const clusterOf = async (call: Call) => pick(await inventory.clusters(call.caller), call.params.id ?? '');
  return [
    listed('/clusters', 'cluster', async (call) => {
      const [clusters, zones] = await Promise.all([inventory.clusters(call.caller), inventory.zones(call.caller)]);
      const found = selected(call, clusters, { fields: FIELDS, fieldOf: (cluster, field) => fieldOf(cluster, field, zones) });
      return found.map((cluster) => toCluster(cluster, href));
    }),
    {
      method: 'GET',
      path: '/clusters/:id',
      handle: async (call) => ({ status: 200, type: 'cluster', object: toCluster(await clusterOf(call), href) }),
    },
    listed('/clusters/:id/networks', 'network', async (call) => {
      const cluster = await clusterOf(call);
      return inZone(await inventory.networks(call.caller), cluster.zoneid).map((network) => toNetwork(network, href));
    }),
    listed('/clusters/:id/cpuprofiles', 'cpu_profile', async (call) => {
      const cluster = await clusterOf(call);
      const offerings = await inventory.serviceOfferings(call.caller);
      return offerings.map((offering) => toCpuProfile(offering, href, cluster.id));
    }),
  ];
}

function fieldOf(cluster: Cluster, field: string, zones: readonly Zone[]): string | readonly string[] {
  if (field === 'name') return cluster.name;
  if (field === 'id') return cluster.id;
  return zones.filter((zone) => zone.id === cluster.zoneid).flatMap((zone) => [zone.name, zone.id]);
}
