import type { VirtualMachine } from '@fairlead/cloudstack';
import type { OvirtObject } from '@fairlead/ovirt/codec';
import { toCluster } from '../map/cluster.ts';
import { toDataCenter } from '../map/data-center.ts';
import { toHosts } from '../map/host.ts';
import { toNetwork, toVnicProfile } from '../map/network.ts';
import { toReportedDevice } from '../map/nic.ts';
import { toStorageDomains } from '../map/storage-domain.ts';
import { tagNames, toVmTag } from '../map/tag.ts';
import type { Caller } from './caller.ts';
import type { FollowRule } from './follow.ts';
import { inZone } from './lookup.ts';
import type { ReadParts } from './parts.ts';

/** What `follow` inlines of everything that is read here (ovirt 2.8). */
export function readFollowRules(parts: ReadParts): readonly FollowRule[] {
  return [...vmRules(parts), ...infrastructureRules(parts), ...nicRules(parts)];
}

function vmRules({ inventory, href }: ReadParts): readonly FollowRule[] {
  const vmOf = async (caller: Caller, object: OvirtObject): Promise<VirtualMachine | undefined> =>
    inventory.kept(caller, 'vm', idOf(object));
  return [
    {
      type: 'vm',
      field: 'tags',
      target: 'tag',
      load: async (caller, object) =>
        tagNames((await vmOf(caller, object)) ?? { tags: [] }).map((name) => toVmTag(name, idOf(object), href)),
    },
    {
      type: 'vm',
      field: 'reported_devices',
      target: 'reported_device',
      load: async (caller, object) => (await vmOf(caller, object))?.nic.map((nic) => toReportedDevice(nic, idOf(object), href)),
    },
    {
      type: 'vm',
      field: 'cluster',
      target: 'cluster',
      load: async (caller, object) =>
        mapped(await inventory.kept(caller, 'cluster', refOf(object, 'cluster')), (cluster) => toCluster(cluster, href)),
    },
    {
      type: 'vm',
      field: 'host',
      target: 'host',
      load: async (caller, object) => {
        const id = refOf(object, 'host');
        return toHosts(await inventory.hosts(caller), href, (host) => host.id === id)[0];
      },
    },
  ];
}

function infrastructureRules({ inventory, href }: ReadParts): readonly FollowRule[] {
  return [
    {
      type: 'cluster',
      field: 'data_center',
      target: 'data_center',
      load: async (caller, object) =>
        mapped(await inventory.kept(caller, 'zone', refOf(object, 'data_center')), (zone) => toDataCenter(zone, href)),
    },
    {
      type: 'cluster',
      field: 'networks',
      target: 'network',
      load: async (caller, object) =>
        inZone(await inventory.networks(caller), refOf(object, 'data_center')).map((one) => toNetwork(one, href)),
    },
    {
      type: 'host',
      field: 'cluster',
      target: 'cluster',
      load: async (caller, object) =>
        mapped(await inventory.kept(caller, 'cluster', refOf(object, 'cluster')), (cluster) => toCluster(cluster, href)),
    },
    {
      type: 'data_center',
      field: 'storage_domains',
      target: 'storage_domain',
      load: async (caller, object) => toStorageDomains(await inventory.pools(caller), href, (pool) => pool.zoneid === idOf(object)),
    },
    {
      type: 'data_center',
      field: 'clusters',
      target: 'cluster',
      load: async (caller, object) => inZone(await inventory.clusters(caller), idOf(object)).map((cluster) => toCluster(cluster, href)),
    },
    {
      type: 'data_center',
      field: 'networks',
      target: 'network',
      load: async (caller, object) => inZone(await inventory.networks(caller), idOf(object)).map((network) => toNetwork(network, href)),
    },
  ];
}

function nicRules({ inventory, href, vmView }: ReadParts): readonly FollowRule[] {
  return [
    {
      type: 'nic',
      field: 'vnic_profile',
      target: 'vnic_profile',
      load: async (caller, object) => {
        const network = await inventory.kept(caller, 'network', refOf(object, 'vnic_profile'));
        const names = await vmView.profileNames(caller);
        return mapped(network, (one) => toVnicProfile(one, href, names.get(one.id) ?? one.name));
      },
    },
    ...(['nic', 'vnic_profile'] as const).map(
      (type): FollowRule => ({
        type,
        field: 'network',
        target: 'network',
        load: async (caller, object) =>
          mapped(await inventory.kept(caller, 'network', refOf(object, 'network')), (one) => toNetwork(one, href)),
      }),
    ),
    {
      type: 'nic',
      field: 'reported_devices',
      target: 'reported_device',
      load: async (caller, object) => {
        const vm = await inventory.kept(caller, 'vm', refOf(object, 'vm'));
        return vm?.nic.filter((nic) => nic.id === idOf(object)).map((nic) => toReportedDevice(nic, vm.id, href));
      },
    },
  ];
}

function idOf(object: OvirtObject): string {
  return String(object.id ?? '');
}

/** Id of a reference inside an object; empty without one. */
function refOf(object: OvirtObject, field: string): string {
  const reference = object[field];
  return typeof reference === 'object' && reference !== null && 'id' in reference ? String(reference.id) : '';
}

function mapped<T, R>(value: T | undefined, map: (value: T) => R): R | undefined {
  return value === undefined ? undefined : map(value);
}
