import type { Nic as CloudNic, StoragePool, VirtualMachine, Volume } from '@fairlead/cloudstack';
import { uuidFromName } from '@fairlead/kernel/ids';
import { type OvfDescription, type OvfDisk, type OvfNic, type Vm, writeOvf } from '@fairlead/ovirt/codec';
import { toDisk, toDiskAttachment } from './disk.ts';
import type { Href } from './href.ts';
import { toNic } from './nic.ts';

/** A VM with all that its OVF document tells. */
export interface OvfSource {
  readonly vm: VirtualMachine;
  readonly object: Vm;
  readonly clusterName: string | undefined;
  readonly volumes: readonly Volume[];
  readonly pools: ReadonlyMap<string, StoragePool>;
  /** CloudStack does not tell it with the VM (ovirt 9.6). */
  readonly accountId: string | undefined;
}

/** Namespace of the id of a VM's active state: the same in every document of that VM (ovirt 5.7.5). */
const ACTIVE_STATE = '0c9d7a0e-9f53-5c0b-8b1e-7a4d6f1f4b55';

/** The OVF document of a VM: what a backup keeps and gives back at restore (ovirt 5.7.5). */
export function toOvf(source: OvfSource, href: Href, exportDate: number): string {
  return writeOvf(describe(source, href), { exportDate, snapshotId: uuidFromName(ACTIVE_STATE, source.vm.id) });
}

function describe({ vm, object, clusterName, volumes, pools, accountId }: OvfSource, href: Href): OvfDescription {
  const topology = object.cpu?.topology;
  return defined({
    id: vm.id,
    name: object.name,
    description: object.description,
    comment: object.comment,
    creationDate: object.creation_time,
    osType: object.os?.type,
    biosType: object.bios?.type,
    vmType: object.type,
    cpu: { sockets: topology?.sockets ?? 1, cores: topology?.cores ?? 1, threads: topology?.threads ?? 1 },
    memory: object.memory,
    minimumMemory: object.memory_policy?.guaranteed,
    deleteProtected: object.delete_protected,
    highlyAvailable: object.high_availability?.enabled,
    stateless: false,
    timeZone: object.time_zone?.name,
    clusterName,
    templateId: object.template?.id,
    templateName: vm.templatename,
    disks: volumes.map((volume) => describeDisk(volume, { vm, pool: pools.get(volume.storageid ?? ''), href })),
    nics: vm.nic.map((nic) => describeNic(nic, vm, href)),
    owner: defined({ accountId, accountName: vm.account, domainId: vm.domainid, projectId: vm.projectid }),
    cloud: defined({
      serviceOfferingId: vm.serviceofferingid,
      guestOsId: vm.guestosid,
      guestOsName: vm.osdisplayname,
      userDataId: vm.userdataid,
      affinityGroupIds: vm.affinitygroup.flatMap((group) => group.id ?? []),
      keyPairs: (vm.keypairs ?? '').split(',').filter((name) => name !== ''),
      details: Object.entries(vm.details).map(([key, value]) => ({ key, value })),
    }),
  });
}

function describeDisk(volume: Volume, around: { vm: VirtualMachine; pool: StoragePool | undefined; href: Href }): OvfDisk {
  const { vm, pool, href } = around;
  const disk = toDisk(volume, href, { poolType: pool?.type });
  return defined({
    id: volume.id,
    storageDomainId: volume.storageid,
    alias: volume.name,
    size: volume.size ?? 0,
    actualSize: disk.actual_size,
    format: disk.format ?? 'cow',
    sparse: disk.sparse ?? true,
    interface: toDiskAttachment(volume, vm, href).interface,
    boot: volume.type === 'ROOT',
    readOnly: false,
    shareable: disk.shareable ?? false,
    incrementalBackup: disk.backup === 'incremental',
    diskOfferingId: volume.diskofferingid,
  });
}

function describeNic(nic: CloudNic, vm: VirtualMachine, href: Href): OvfNic {
  const object = toNic(nic, vm.id, href, { nicAdapter: vm.details.nicAdapter });
  return defined({
    id: nic.id,
    name: object.name,
    mac: nic.macaddress,
    networkName: nic.networkname,
    profileName: nic.networkname,
    interface: object.interface,
    linked: object.linked ?? true,
    networkId: nic.networkid,
    ipAddress: nic.ipaddress,
  });
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
