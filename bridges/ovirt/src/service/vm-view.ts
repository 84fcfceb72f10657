import type { Cluster, Host, VirtualMachine, Volume } from '@fairlead/cloudstack';
import type { Vm } from '@fairlead/ovirt/codec';
import type { Href } from '../map/href.ts';
import { uniqueNames } from '../map/names.ts';
import { toVm } from '../map/vm.ts';
import type { Caller } from './caller.ts';
import type { Inventory } from './inventory.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What surrounds the VMs of a caller, for looking up without waiting. */
export interface Surroundings {
  readonly nameOf: (vm: VirtualMachine) => string;
  readonly hostOf: (vm: VirtualMachine) => Host | undefined;
  readonly clusterOf: (vm: VirtualMachine) => Cluster | undefined;
}

/** Makes VMs of instances with what the rest of the inventory knows of them: unique name, cluster, host. Asks CloudStack for nothing. */
export class VmView {
  readonly #inventory: Inventory;
  readonly #href: Href;
  readonly #names = new WeakMap<readonly Named[], ReadonlyMap<string, string>>();

  constructor(inventory: Inventory, href: Href) {
    this.#inventory = inventory;
    this.#href = href;
  }

  async toVms(caller: Caller, vms: readonly VirtualMachine[]): Promise<readonly Vm[]> {
    const { nameOf, hostOf, clusterOf } = await this.surroundings(caller);
    return vms.map((vm) => toVm(vm, this.#href, { name: nameOf(vm), clusterId: clusterOf(vm)?.id, hostId: hostOf(vm)?.id }));
  }

  async toVm(caller: Caller, vm: VirtualMachine): Promise<Vm> {
    const { nameOf, hostOf, clusterOf } = await this.surroundings(caller);
    return toVm(vm, this.#href, { name: nameOf(vm), clusterId: clusterOf(vm)?.id, hostId: hostOf(vm)?.id });
  }

  async surroundings(caller: Caller): Promise<Surroundings> {
    const inventory = this.#inventory;
    const [names, hosts, clusters, volumes] = await Promise.all([
      this.names(caller),
      inventory.hosts(caller),
      inventory.clusters(caller),
      inventory.volumesByVm(caller),
    ]);
    const hostById = new Map(hosts.map((host) => [host.id, host]));
    const hostOf = (vm: VirtualMachine) => hostById.get(vm.hostid ?? '');
    return {
      nameOf: (vm) => names.get(vm.id) ?? vm.name,
      hostOf,
      clusterOf: (vm) => chooseCluster(vm, { host: hostOf(vm), volumes: volumes.get(vm.id) ?? [], clusters }),
    };
  }

  /** Name of each VM as this caller sees it (ovirt 5.7.2). */
  async names(caller: Caller): Promise<ReadonlyMap<string, string>> {
    return this.#namesIn(await this.#inventory.vms(caller));
  }

  /** Name of each vNIC profile as this caller sees it (ovirt 5.6). */
  async profileNames(caller: Caller): Promise<ReadonlyMap<string, string>> {
    return this.#namesIn(await this.#inventory.networks(caller));
  }

  #namesIn(items: readonly Named[]): ReadonlyMap<string, string> {
    const names = this.#names.get(items) ?? uniqueNames(items);
    this.#names.set(items, names);
    return names;
  }
}

interface Around {
  readonly host: Host | undefined;
  readonly volumes: readonly Volume[];
  readonly clusters: readonly Cluster[];
}

/** Running: the host's; stopped: the root volume's, else the first enabled one of the zone (ovirt 5.7.2). */
function chooseCluster(vm: VirtualMachine, { host, volumes, clusters }: Around): Cluster | undefined {
  const id = host?.clusterid ?? volumes.find((volume) => volume.type === 'ROOT')?.clusterid;
  const ofZone = clusters.filter((cluster) => cluster.zoneid === vm.zoneid);
  return clusters.find((cluster) => cluster.id === id) ?? ofZone.find((cluster) => cluster.allocationstate === 'Enabled') ?? ofZone[0];
}
