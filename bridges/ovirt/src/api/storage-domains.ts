import type { StoragePool } from '@fairlead/cloudstack';
import { toDiskProfile } from '../map/profile.ts';
import { poolStatus } from '../map/status.ts';
import { toStorageDomains } from '../map/storage-domain.ts';
import { pick } from '../service/lookup.ts';
import type { Parts } from '../service/parts.ts';
import { listed, only, selected } from './lists.ts';
import type { Route } from './route.ts';

const FIELDS = ['name', 'id', 'status', 'datacenter', 'type'];

/** Storage domains are primary storage pools (ovirt 5.5). */
export function storageDomainRoutes({ inventory, href }: Parts): readonly Route[] {
  return [
    listed('/storagedomains', 'storage_domain', async (call) => {
      const pools = await inventory.pools(call.caller);
      const found = new Set(selected(call, pools, { fields: FIELDS, fieldOf }));
      return toStorageDomains(pools, href, (pool) => found.has(pool));
    }),
    {
      method: 'GET',
      path: '/storagedomains/:id',
      handle: async (call) => {
        const pools = await inventory.pools(call.caller);
        const pool = pick(pools, call.params.id ?? '');
        return { status: 200, type: 'storage_domain', object: only(toStorageDomains(pools, href, (candidate) => candidate === pool)) };
      },
    },
    listed('/storagedomains/:id/diskprofiles', 'disk_profile', async (call) => {
      const pool = pick(await inventory.pools(call.caller), call.params.id ?? '');
      const offerings = await inventory.diskOfferings(call.caller);
      return offerings.map((offering) => toDiskProfile(offering, href, pool.id));
    }),
  ];
}

function fieldOf(pool: StoragePool, field: string): string | readonly string[] | undefined {
  switch (field) {
    case 'name':
      return pool.name;
    case 'status':
      return poolStatus(pool.state);
    case 'datacenter':
      return [pool.zonename ?? '', pool.zoneid ?? ''];
    case 'type':
      return 'data';
    default:
      return pool.id;
  }
}
