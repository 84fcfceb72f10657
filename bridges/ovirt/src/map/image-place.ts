import type { Host, StoragePool, Volume } from '@fairlead/cloudstack';
import type { HostRef, ImageFile } from '@fairlead/kernel/services';

/** A name of a file in the folder of a pool; nothing that leads out of it. */
const FILE_NAME = /^(?!\.\.?$)[A-Za-z0-9._-]{1,255}$/;

/** The file behind a volume, as the hosts of its pool see it (imageio 14.3); undefined for pools whose images are no files. */
export function toImageFile(volume: Volume, pool: StoragePool): ImageFile | undefined {
  const folder = folderOf(pool);
  if (folder === undefined || volume.path === undefined || !FILE_NAME.test(volume.path)) return undefined;
  // KVM keeps every volume of these pools as qcow2 (ovirt 5.8).
  return { volumeId: volume.id, path: `${folder}/${volume.path}`, format: 'qcow2' };
}

function folderOf(pool: StoragePool): string | undefined {
  const path = pool.path?.replace(/\/+$/, '');
  if (pool.type === 'NetworkFilesystem') return `/mnt/${pool.id}`;
  const isFolder = pool.type === 'SharedMountPoint' || pool.type === 'Filesystem';
  return isFolder && path?.startsWith('/') === true ? path : undefined;
}

/** Whether a host can open the images of a pool: by the pool's scope, and only while it is up (ovirt 11.5). */
export function seesPool(host: Host, pool: StoragePool): boolean {
  if (host.state !== 'Up' || (host.resourcestate ?? 'Enabled') !== 'Enabled') return false;
  if (host.type !== undefined && host.type !== 'Routing') return false;
  if (pool.scope === 'HOST') return host.ipaddress !== undefined && host.ipaddress === pool.ipaddress;
  if (pool.scope === 'CLUSTER') return host.clusterid === pool.clusterid;
  return host.zoneid === pool.zoneid;
}

export function toHostRef(host: Host): HostRef {
  return { id: host.id, name: host.name, addresses: host.ipaddress === undefined ? [] : [host.ipaddress] };
}
