import type { Volume } from '@fairlead/cloudstack';
import type { Disk } from '@fairlead/ovirt';
import type { BackupDisk } from '../map/backup.ts';
import { toDisk } from '../map/disk.ts';
import type { Href } from '../map/href.ts';
import { disksById } from '../store/disks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { disksInTransfer } from '../store/transfers.ts';
import type { Caller } from './caller.ts';
import type { Inventory } from './inventory.ts';

interface DiskViewParts {
  readonly store: OvirtStore;
  readonly inventory: Inventory;
  readonly href: Href;
}

/** Makes disks of volumes with what CloudStack does not know of them: open transfers, failed uploads, descriptions (ovirt 7.2). */
export class DiskView {
  readonly #parts: DiskViewParts;

  constructor(parts: DiskViewParts) {
    this.#parts = parts;
  }

  async toDisks(caller: Caller, volumes: readonly Volume[]): Promise<readonly Disk[]> {
    const { store, inventory, href } = this.#parts;
    const ids = volumes.map((volume) => volume.id);
    const [kept, moving, pools] = await Promise.all([disksById(store, ids), disksInTransfer(store, ids), inventory.pools(caller)]);
    const poolTypes = new Map(pools.map((pool) => [pool.id, pool.type]));
    return volumes.map((volume) => {
      const row = kept.get(volume.id);
      const locked = moving.has(volume.id) || (row?.creating ?? null) !== null;
      const disk = toDisk(volume, href, {
        poolType: poolTypes.get(volume.storageid ?? ''),
        locked,
        description: row?.description ?? undefined,
        initialSize: row?.initial_size ?? undefined,
      });
      return row?.illegal === 1 && !locked ? { ...disk, status: 'illegal' } : disk;
    });
  }

  async toDisk(caller: Caller, volume: Volume): Promise<Disk> {
    const [disk = {}] = await this.toDisks(caller, [volume]);
    return disk;
  }

  /** A disk as it was when a backup began, also when it is gone by now (ovirt 5.13). */
  async toBackupDisk(caller: Caller, disk: BackupDisk): Promise<Disk> {
    const { inventory, href } = this.#parts;
    const volume = await inventory.kept(caller, 'volume', disk.id);
    const now = volume === undefined ? { id: disk.id, href: href('disks', disk.id), name: disk.id } : await this.toDisk(caller, volume);
    return { ...now, provisioned_size: disk.size, total_size: disk.size, backup_mode: disk.mode };
  }
}
