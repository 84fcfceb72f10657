import type { VirtualMachine, Volume } from '@fairlead/cloudstack';
import type { Disk, DiskAttachment } from '@fairlead/ovirt/codec';
import type { Href } from './href.ts';
import { linksOf, reference, referenceOrNone } from './link.ts';
import { diskStatus } from './status.ts';

type DiskInterface = NonNullable<DiskAttachment['interface']>;

const INTERFACES: Readonly<Record<string, DiskInterface>> = {
  scsi: 'virtio_scsi',
  'virtio-scsi': 'virtio_scsi',
  virtio: 'virtio',
  sata: 'sata',
  ide: 'ide',
};

/** Kinds of pools whose volumes are block devices or RADOS images, hence raw. */
const RAW_POOLS = new Set(['RBD', 'CLVM', 'Iscsi', 'IscsiLUN', 'FiberChannel', 'Linstor', 'StorPool', 'PowerFlex']);

/** What is known of a volume beside CloudStack's own fields. */
export interface DiskFacts {
  /** Type of its pool: `SharedMountPoint`, `RBD`, … */
  readonly poolType?: string | undefined;
  /** An image transfer is open on it (ovirt 7.2). */
  readonly locked?: boolean;
  readonly description?: string | undefined;
  readonly initialSize?: number | undefined;
}

/** A volume as a disk (ovirt 5.8). */
export function toDisk(volume: Volume, href: Href, facts: DiskFacts = {}): Disk {
  const raw = RAW_POOLS.has(facts.poolType ?? '');
  const domain = volume.storageid === undefined ? [] : [reference(href, 'storagedomains', volume.storageid)];
  return {
    id: volume.id,
    href: href('disks', volume.id),
    name: volume.name,
    alias: volume.name,
    description: facts.description ?? '',
    actual_size: volume.physicalsize ?? volume.size ?? 0,
    backup: raw ? 'none' : 'incremental',
    bootable: volume.type === 'ROOT',
    content_type: 'data',
    format: raw ? 'raw' : 'cow',
    image_id: volume.path ?? volume.id,
    initial_size: facts.initialSize,
    propagate_errors: false,
    provisioned_size: volume.size ?? 0,
    qcow_version: raw ? undefined : 'qcow2_v3',
    read_only: false,
    shareable: volume.shareable ?? false,
    sparse: volume.provisioningtype !== 'fat',
    status: facts.locked === true ? 'locked' : diskStatus(volume.state),
    storage_type: 'image',
    total_size: volume.size ?? 0,
    wipe_after_delete: false,
    disk_profile: referenceOrNone(href, 'diskprofiles', volume.diskofferingid),
    storage_domains: domain,
    actions: linksOf(href, ['disks', volume.id], ['reduce']),
    link: linksOf(href, ['disks', volume.id], ['disksnapshots', 'permissions', 'statistics']),
  };
}

/** A volume as attached to a VM (ovirt 5.9); its id is that of the disk. */
export function toDiskAttachment(volume: Volume, vm: VirtualMachine, href: Href): DiskAttachment {
  const bootable = volume.type === 'ROOT';
  return {
    id: volume.id,
    href: href('vms', vm.id, 'diskattachments', volume.id),
    active: true,
    bootable,
    interface: interfaceOf(vm.details, bootable),
    logical_name: logicalName(volume.deviceid),
    pass_discard: false,
    read_only: false,
    uses_scsi_reservation: false,
    disk: reference(href, 'disks', volume.id),
    vm: reference(href, 'vms', vm.id),
  };
}

function interfaceOf(details: Readonly<Record<string, string>>, bootable: boolean): DiskInterface {
  const root = details.rootDiskController;
  const controller = bootable ? root : (details.dataDiskController ?? root);
  return INTERFACES[(controller ?? 'virtio').toLowerCase()] ?? 'virtio';
}

/** `/dev/vda` for 0, `/dev/vdaa` for 26. */
function logicalName(device: number | undefined): string | undefined {
  if (device === undefined || device < 0) return undefined;
  const last = String.fromCharCode(97 + (device % 26));
  return device < 26 ? `/dev/vd${last}` : `/dev/vd${String.fromCharCode(96 + Math.floor(device / 26))}${last}`;
}
