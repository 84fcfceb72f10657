import type { StoragePool, Zone } from '@fairlead/cloudstack';
import { toCluster } from '../map/cluster.ts';
import { toDataCenter } from '../map/data-center.ts';
import { toNetwork } from '../map/network.ts';
import { dataCenterStatus } from '../map/status.ts';
import { toStorageDomains } from '../map/storage-domain.ts';
import { inZone, pick } from '../service/lookup.ts';
import type { Parts } from '../service/parts.ts';
import { listed, selected } from './lists.ts';
import type { Call, Route } from './route.ts';

const FIELDS = ['name', 'id', 'status', 'storage', 'storage.name'];

/** Data centers are zones (ovirt 5.2). */
export function dataCenterRoutes({ inventory, href }: Parts): readonly Route[] {
  const zoneOf = async (call: Call) => pick(await inventory.zones(call.caller), call.params.id ?? '');
  return [
    listed('/datacenters', 'data_center', async (call) => {
      const [zones, pools] = await Promise.all([inventory.zones(call.caller), inventory.pools(call.caller)]);
      const found = selected(call, zones, { fields: FIELDS, fieldOf: (zone, field) => fieldOf(zone, field, pools) });
      return found.map((zone) => toDataCenter(zone, href));
    }),
    {
      method: 'GET',
      path: '/datacenters/:id',
      handle: async (call) => ({ status: 200, type: 'data_center', object: toDataCenter(await zoneOf(call), href) }),
    },
    listed('/datacenters/:id/storagedomains', 'storage_domain', async (call) => {
      const zone = await zoneOf(call);
      return toStorageDomains(await inventory.pools(call.caller), href, (pool) => pool.zoneid === zone.id);
    }),
    listed('/datacenters/:id/clusters', 'cluster', async (call) => {
      const zone = await zoneOf(call);
      return inZone(await inventory.clusters(call.caller), zone.id).map((cluster) => toCluster(cluster, href));
    }),
    listed('/datacenters/:id/networks', 'network', async (call) => {
      const zone = await zoneOf(call);
      return inZone(await inventory.networks(call.caller), zone.id).map((network) => toNetwork(network, href));
    }),
  ];
}

function fieldOf(zone: Zone, field: string, pools: readonly StoragePool[]): string | readonly string[] {
  if (field === 'name') return zone.name;
  if (field === 'id') return zone.id;
  if (field === 'status') return dataCenterStatus(zone.allocationstate);
  return inZone(pools, zone.id).map((pool) => pool.name);
}
