import type { Volume } from '@fairlead/cloudstack';
import type { OpenImageTransfer } from '@fairlead/kernel/services';
import { OvirtError } from '../errors.ts';
import { cowLimit, type TransferWish } from '../map/image-transfer.ts';
import { disksById } from '../store/disks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { BackupRow, TransferRow } from '../store/write-tables.ts';
import type { Backups, RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { ImagePlacesFinder } from './image-places.ts';
import type { Inventory } from './inventory.ts';
import { type Locks, vmLock } from './locks.ts';

interface SourceParts {
  readonly store: OvirtStore;
  readonly locks: Locks;
  readonly inventory: Inventory;
  readonly places: ImagePlacesFinder;
  readonly backups: Backups;
}

/** What is moved: a disk of a backup, or a disk that nothing uses. While it is held, nobody starts the VM that has the disk. */
export interface Source extends AsyncDisposable {
  readonly volume: Volume;
  readonly backup: BackupRow | undefined;
}

/** Finds the disk of a transfer and sees to it that it may be moved (ovirt 5.15). */
export class TransferSource {
  readonly #parts: SourceParts;

  constructor(parts: SourceParts) {
    this.#parts = parts;
  }

  /** Throws `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`, `OVIRT_DISK_IN_USE`, `OVIRT_DISK_ILLEGAL`, `OVIRT_BACKUP_NOT_READY`, `OVIRT_CONFLICT`. */
  async hold(caller: Caller, wish: TransferWish, { signal }: RequestFacts): Promise<Source> {
    const { inventory, backups, places } = this.#parts;
    const known = await inventory.volume(caller, wish.diskId);
    const backup = wish.backupId === undefined ? undefined : await backups.readyFor(caller, wish.backupId, known.id, signal);
    // A detached disk may have been attached since the inventory was read.
    const now = known.virtualmachineid === undefined && backup === undefined ? await places.volume(known, signal) : known;
    const vm = await this.#guardVm(now, { backup, signal });
    try {
      const volume = await places.volume(now, signal);
      if (vm === undefined && backup === undefined) refuseAttached(volume);
      await this.#checkContent(volume, wish);
      return { volume, backup, [Symbol.asyncDispose]: async () => await vm?.[Symbol.asyncDispose]() };
    } catch (error) {
      await vm?.[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Throws `OVIRT_STORAGE_UNSUPPORTED`, `OVIRT_CONFLICT` when no host is up. */
  async request(row: TransferRow, volume: Volume, signal: AbortSignal): Promise<OpenImageTransfer> {
    const { files, hosts } = await this.#parts.places.find([volume], signal);
    const file = files[0];
    if (file === undefined) throw OvirtError('OVIRT_STORAGE_UNSUPPORTED', { type: 'an unknown kind' });
    return {
      transferId: row.id,
      direction: row.direction,
      format: row.format,
      volume: file,
      hosts,
      ...(row.backup_id !== null && { backupId: row.backup_id }),
      ...(row.format === 'cow' && { size: cowLimit(volume.size ?? 0) }),
      inactivityTimeoutS: row.inactivity_s,
      sparse: true,
      filename: `${volume.name}.${row.format === 'cow' ? 'qcow2' : 'raw'}`,
    };
  }

  /** Without a backup the VM must stay stopped: nobody may start it until the row of the transfer says so itself. */
  async #guardVm(known: Volume, how: { backup: BackupRow | undefined; signal: AbortSignal }): Promise<AsyncDisposable | undefined> {
    if (how.backup !== undefined || known.virtualmachineid === undefined) return undefined;
    const held = await this.#parts.locks.take(vmLock(known.virtualmachineid), 'an image transfer is being opened');
    try {
      const vm = await this.#parts.places.vm({ id: known.virtualmachineid, projectid: known.projectid }, how.signal);
      if (vm.state !== 'Stopped') throw OvirtError('OVIRT_DISK_IN_USE', { id: known.id, why: `VM ${vm.name} is ${vm.state}` });
      return held;
    } catch (error) {
      await held[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #checkContent(volume: Volume, wish: TransferWish): Promise<void> {
    if (volume.state !== 'Ready') throw OvirtError('OVIRT_DISK_IN_USE', { id: volume.id, why: `CloudStack says ${volume.state}` });
    const kept = (await disksById(this.#parts.store, [volume.id])).get(volume.id);
    if (wish.direction === 'upload' || kept?.illegal !== 1) return;
    throw OvirtError('OVIRT_DISK_ILLEGAL', { id: volume.id, why: kept.reason ?? 'an upload has failed' });
  }
}

/** It was attached after the inventory was read. */
function refuseAttached(volume: Volume): void {
  if (volume.virtualmachineid === undefined) return;
  throw OvirtError('OVIRT_DISK_IN_USE', { id: volume.id, why: 'it has just been attached to a VM' });
}
