import {
  type Account,
  type Cluster,
  type DiskOffering,
  type Host,
  type Network,
  type OsType,
  type Params,
  readAccount,
  readCluster,
  readDiskOffering,
  readHost,
  readNetwork,
  readOsType,
  readServiceOffering,
  readStoragePool,
  readTemplate,
  readVirtualMachine,
  readVolume,
  readZone,
  type ServiceOffering,
  type StoragePool,
  type Template,
  type VirtualMachine,
  type Volume,
  type Zone,
} from '@fairlead/cloudstack';
import { isGoneVm, isGoneVolume } from '../map/status.ts';
import type { Role } from './caller.ts';

/** Kinds of objects that are kept, with what one of them is. */
export interface Kinds {
  zone: Zone;
  cluster: Cluster;
  host: Host;
  pool: StoragePool;
  network: Network;
  template: Template;
  service_offering: ServiceOffering;
  disk_offering: DiskOffering;
  os_type: OsType;
  account: Account;
  vm: VirtualMachine;
  volume: Volume;
}

export type KindName = keyof Kinds;

/** How one kind is listed. */
export interface Kind<T> {
  readonly command: string;
  readonly read: (item: unknown) => T;
  /** Parameters of the lists that together give all that a role may see. */
  readonly lists: (role: Role) => readonly Params[];
  /** Parameters that list no more than ids need. */
  readonly brief?: Params;
  /** Root admins only (ovirt 5.3): others are given what lies in the zones that they see. */
  readonly rootOnly?: true;
  /** Everybody sees all of it. */
  readonly open?: true;
  readonly isGone?: (item: T) => boolean;
}

/** The scope of a role's list of owned things (table of ovirt 9.5). A domain admin who asks for both at once gets nothing. */
function owned(role: Role): readonly Params[] {
  if (role === 'domain-admin') return [{ listall: true, isrecursive: true }, { projectid: '-1' }];
  return [{ listall: true, projectid: '-1' }];
}

const once = () => [{}];

export const KINDS: { readonly [Name in KindName]: Kind<Kinds[Name]> } = {
  zone: { command: 'listZones', read: readZone, lists: once },
  cluster: { command: 'listClusters', read: readCluster, lists: () => [{ hypervisor: 'KVM' }], rootOnly: true },
  host: {
    command: 'listHosts',
    read: readHost,
    lists: () => [{ type: 'Routing', hypervisor: 'KVM' }],
    rootOnly: true,
    isGone: (host) => host.resourcestate === 'Removed' || host.state === 'Removed',
  },
  pool: {
    command: 'listStoragePools',
    read: readStoragePool,
    lists: once,
    rootOnly: true,
    isGone: (pool) => pool.state === 'Removed',
  },
  network: {
    command: 'listNetworks',
    read: readNetwork,
    lists: (role) => owned(role).map((scope) => ({ ...scope, traffictype: 'Guest' })),
    isGone: (network) => network.state === 'Destroy',
  },
  template: {
    command: 'listTemplates',
    read: readTemplate,
    // 431 for everybody but root admins (ovirt 5.17).
    lists: (role) => [{ templatefilter: role === 'root-admin' ? 'all' : 'executable', hypervisor: 'KVM' }],
  },
  service_offering: { command: 'listServiceOfferings', read: readServiceOffering, lists: once },
  disk_offering: { command: 'listDiskOfferings', read: readDiskOffering, lists: once },
  os_type: { command: 'listOsTypes', read: readOsType, lists: once, open: true },
  account: { command: 'listAccounts', read: readAccount, lists: () => [{ listall: true }] },
  vm: {
    command: 'listVirtualMachines',
    read: readVirtualMachine,
    // Without `details` all of it comes, statistics included; these two bring size and template (ovirt 5.7.1).
    lists: (role) => owned(role).map((scope) => ({ details: 'servoff,tmpl', ...scope, hypervisor: 'KVM' })),
    brief: { details: 'min' },
    isGone: (vm) => isGoneVm(vm.state),
  },
  volume: {
    command: 'listVolumes',
    read: readVolume,
    lists: owned,
    isGone: (volume) => isGoneVolume(volume.state),
  },
};

/** The order in which kinds are read anew: what others refer to comes first. */
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

/** Parameters that find one object by its id for a role. A project's is not found by the id alone (ovirt 9.5). */
export function byId(kind: KindName, id: string, role: Role): readonly Params[] {
  const brief = kind === 'vm' ? { details: 'servoff,tmpl' } : {};
  if (kind === 'vm' || kind === 'volume' || kind === 'network') return owned(role).map((scope) => ({ ...brief, ...scope, id }));
  return KINDS[kind].lists(role).map((scope) => ({ ...scope, id }));
}
