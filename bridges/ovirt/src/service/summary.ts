import type { Api } from '@fairlead/ovirt/codec';
import { hostStatus, poolStatus, vmStatus } from '../map/status.ts';
import type { Caller } from './caller.ts';
import type { Inventory } from './inventory.ts';

/** Counts of what the caller sees, from the kept inventory (ovirt 5.1). */
export async function summaryFor(inventory: Inventory, caller: Caller): Promise<NonNullable<Api['summary']>> {
  const [hosts, pools, vms] = await Promise.all([inventory.hosts(caller), inventory.pools(caller), inventory.vms(caller)]);
  return {
    hosts: count(hosts, (host) => hostStatus(host.resourcestate, host.state) === 'up'),
    storage_domains: count(pools, (pool) => poolStatus(pool.state) === 'active'),
    users: { active: 1, total: 1 },
    vms: count(vms, (vm) => vmStatus(vm.state) === 'up'),
  };
}

function count<T>(items: readonly T[], isActive: (item: T) => boolean): { active: number; total: number } {
  return { active: items.filter(isActive).length, total: items.length };
}
