import type { StoragePool } from '@fairlead/cloudstack';
import type { StorageDomain } from '@fairlead/ovirt/codec';
import type { Href } from './href.ts';
import { linksOf, reference } from './link.ts';
import { poolStatus } from './status.ts';

type StorageType = NonNullable<NonNullable<StorageDomain['storage']>['type']>;

const TYPES: Readonly<Record<string, StorageType>> = {
  NetworkFilesystem: 'nfs',
  Filesystem: 'localfs',
  SharedMountPoint: 'posixfs',
  Iscsi: 'iscsi',
  IscsiLUN: 'iscsi',
  CLVM: 'iscsi',
  VMFS: 'iscsi',
  FiberChannel: 'fcp',
};

/** Kinds of pools whose images the image service can open: files that `qemu-nbd` reads. */
const SERVED: ReadonlySet<string> = new Set(['NetworkFilesystem', 'Filesystem', 'SharedMountPoint']);

function isServedPool(pool: StoragePool): boolean {
  return SERVED.has(pool.type ?? '');
}

/** Those pools that are wanted; the first of each zone among all of them is its master (ovirt 5.5). */
export function toStorageDomains(
  pools: readonly StoragePool[],
  href: Href,
  isWanted: (pool: StoragePool) => boolean,
): readonly StorageDomain[] {
  return pools.filter(isWanted).map((pool) => toStorageDomain(pool, href, pools.find((first) => first.zoneid === pool.zoneid) === pool));
}

/** A primary storage pool (ovirt 5.5). A pool that cannot be served shows as in maintenance, so that nobody restores into it. */
function toStorageDomain(pool: StoragePool, href: Href, isMaster: boolean): StorageDomain {
  const zone = pool.zoneid === undefined ? [] : [reference(href, 'datacenters', pool.zoneid)];
  const status = poolStatus(pool.state);
  const total = pool.disksizetotal ?? pool.capacitybytes ?? 0;
  const used = pool.disksizeused ?? 0;
  return {
    id: pool.id,
    href: href('storagedomains', pool.id),
    name: pool.name,
    available: Math.max(0, total - used),
    backup: false,
    block_size: 512,
    committed: pool.disksizeallocated ?? 0,
    critical_space_action_blocker: 5,
    discard_after_delete: false,
    external_status: 'ok',
    master: isMaster,
    status: status === 'active' && !isServedPool(pool) ? 'maintenance' : status,
    storage: storageOf(pool),
    storage_format: 'v5',
    supports_discard: false,
    supports_discard_zeroes_data: false,
    type: 'data',
    used,
    warning_low_space_indicator: 10,
    wipe_after_delete: false,
    data_centers: zone,
    link: linksOf(
      href,
      ['storagedomains', pool.id],
      ['disks', 'diskprofiles', 'storageconnections', 'permissions', 'templates', 'vms', 'disksnapshots'],
    ),
  };
}

function storageOf(pool: StoragePool): NonNullable<StorageDomain['storage']> {
  const type = TYPES[pool.type ?? ''] ?? 'managed_block_storage';
  return {
    type,
    address: pool.ipaddress,
    path: pool.path,
    nfs_version: type === 'nfs' ? 'auto' : undefined,
    mount_options: pool.nfsmountopts,
  };
}
