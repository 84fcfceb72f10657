import type { OvirtObject } from '@fairlead/ovirt/codec';
import { readBackupDisks } from '../map/backup.ts';
import { toDiskAttachment } from '../map/disk.ts';
import { toNic } from '../map/nic.ts';
import { findBackup } from '../store/backups.ts';
import type { Caller } from './caller.ts';
import type { DiskView } from './disk-view.ts';
import type { FollowRule } from './follow.ts';
import type { ReadParts } from './parts.ts';

/** What `follow` inlines of disks and NICs (ovirt 2.8). */
export function writeFollowRules({ inventory, href, store }: ReadParts, disks: DiskView): readonly FollowRule[] {
  const diskOf = async (caller: Caller, object: OvirtObject) => {
    const volume = await inventory.kept(caller, 'volume', refOf(object, 'disk'));
    return volume && (await disks.toDisk(caller, volume));
  };
  return [
    {
      type: 'vm',
      field: 'disk_attachments',
      target: 'disk_attachment',
      load: async (caller, object) => {
        const vm = await inventory.kept(caller, 'vm', idOf(object));
        return vm && (await inventory.volumesOf(caller, vm.id)).map((volume) => toDiskAttachment(volume, vm, href));
      },
    },
    {
      type: 'vm',
      field: 'nics',
      target: 'nic',
      load: async (caller, object) => {
        const vm = await inventory.kept(caller, 'vm', idOf(object));
        return vm?.nic.map((nic) => toNic(nic, vm.id, href, { nicAdapter: vm.details.nicAdapter }));
      },
    },
    { type: 'disk_attachment', field: 'disk', target: 'disk', load: diskOf },
    { type: 'image_transfer', field: 'disk', target: 'disk', load: diskOf },
    {
      type: 'backup',
      field: 'disks',
      target: 'disk',
      load: async (caller, object) => {
        const row = await findBackup(store, idOf(object));
        return row && (await Promise.all(readBackupDisks(row).map((disk) => disks.toBackupDisk(caller, disk))));
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
