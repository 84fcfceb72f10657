import type { VirtualMachine, Volume } from '@fairlead/cloudstack';
import { newUuid } from '@fairlead/kernel/ids';
import type { StartImageBackup } from '@fairlead/kernel/services';
import type { Backup } from '@fairlead/ovirt/codec';
import { OvirtError } from '../errors.ts';
import { type BackupDisk, readBackupDisks } from '../map/backup.ts';
import { keepBackupEnds } from '../store/backup-ends.ts';
import { backupsOfVm, findBackup, insertBackup, moveBackup, purgeBackups, touchBackup } from '../store/backups.ts';
import { disksById } from '../store/disks.ts';
import { openTransfersOf } from '../store/transfers.ts';
import type { BackupRow } from '../store/write-tables.ts';
import { auditOf } from './audit-of.ts';
import type { Background } from './background.ts';
import { waitFor } from './background.ts';
import type { BackupWork, BackupWorkParts } from './backup-work.ts';
import type { Caller } from './caller.ts';
import { isPassing } from './failure.ts';
import type { ImagePlacesFinder } from './image-places.ts';
import type { Inventory } from './inventory.ts';
import { vmLock, workLock } from './locks.ts';

interface BackupParts extends BackupWorkParts {
  readonly inventory: Inventory;
  readonly places: ImagePlacesFinder;
  readonly background: Background;
  readonly work: BackupWork;
}

/** What a request brings besides its object. */
export interface RequestFacts {
  readonly correlationId: string;
  /** Where it came from. */
  readonly address: string;
  readonly signal: AbortSignal;
}

/** A finalize answers after this time, whether it is done or not (ovirt 10.2). */
const FINALIZE_WAIT_MS = 30_000;
/** A host that was away is asked again after this time. */
const AGAIN_MS = 1000;

/** Backups of VMs (ovirt 5.13). An open one locks its VM for every gateway, whatever happens to this one. */
export class Backups {
  readonly #parts: BackupParts;

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /**
   * Begins a backup; it is `initializing` when this returns.
   * Throws `OVIRT_NOT_FOUND`, `OVIRT_DISK_NOT_OF_VM`, `OVIRT_CHECKPOINT_UNKNOWN`, `OVIRT_BACKUP_RUNNING_VM`, `OVIRT_DISK_ILLEGAL`,
   * `OVIRT_DISK_IN_USE`, `OVIRT_STORAGE_UNSUPPORTED`, `OVIRT_LOCKED`.
   */
  async create(caller: Caller, vmId: string, wish: Backup, facts: RequestFacts): Promise<BackupRow> {
    const known = await this.#parts.inventory.vm(caller, vmId);
    // A delta against a checkpoint that nobody has is never answered with something else (ovirt 5.13).
    if (wish.from_checkpoint_id !== undefined) throw OvirtError('OVIRT_CHECKPOINT_UNKNOWN', { id: wish.from_checkpoint_id });
    const vm = await this.#stoppedVm(known, facts.signal);
    const volumes = await this.#volumes(vm, wish, facts.signal);
    const { files, hosts } = await this.#parts.places.find(volumes, facts.signal);
    const row = newBackup(caller, vm, volumes, { wish, correlationId: facts.correlationId, now: this.#parts.clock.now() });
    const request = { backupId: row.id, vmId, running: false, hosts, volumes: files };
    await this.#begin(row, request, facts.signal);
    await this.#parts.audit.record({
      ...auditOf(caller, facts),
      action: 'backup.start',
      object: row.id,
      outcome: 'ok',
      detail: { vm: vmId, disks: volumes.length },
    });
    return row;
  }

  /** As the image service sees it now. Throws `OVIRT_NOT_FOUND`. */
  async get(caller: Caller, vmId: string, id: string, signal: AbortSignal): Promise<BackupRow> {
    const row = await this.#find(caller, vmId, id);
    if (row.ended_ms !== null) return row;
    await touchBackup(this.#parts.store, id, this.#parts.clock.now());
    return await this.#parts.work.refresh(row, signal);
  }

  async list(caller: Caller, vmId: string): Promise<readonly BackupRow[]> {
    await this.#parts.inventory.vm(caller, vmId);
    return await backupsOfVm(this.#parts.store, vmId);
  }

  /** The disks that were asked for, with their modes. Throws `OVIRT_NOT_FOUND`. */
  async disks(caller: Caller, vmId: string, id: string): Promise<readonly BackupDisk[]> {
    return readBackupDisks(await this.#find(caller, vmId, id));
  }

  /**
   * Ends a backup well. One that has ended well stays as it is.
   * Throws `OVIRT_NOT_FOUND`, `OVIRT_BACKUP_NOT_READY`, `OVIRT_BACKUP_FAILED`.
   */
  async finalize(caller: Caller, vmId: string, id: string, facts: RequestFacts): Promise<BackupRow> {
    const { store, clock, background, work, audit } = this.#parts;
    const row = await this.get(caller, vmId, id, facts.signal);
    await moveBackup(store, id, ['ready'], { phase: 'finalizing', modified_ms: clock.now() });
    const now = (await findBackup(store, id)) ?? row;
    if (now.phase === 'failed') throw OvirtError('OVIRT_BACKUP_FAILED', { text: now.error ?? 'no reason is known' });
    if (now.phase === 'initializing' || now.phase === 'starting') throw OvirtError('OVIRT_BACKUP_NOT_READY', { id, phase: now.phase });
    if (now.phase === 'succeeded') return now;
    await audit.record({ ...auditOf(caller, facts), action: 'backup.finalize', object: id, outcome: 'ok', detail: { vm: vmId } });
    const how = { clock, pauseMs: AGAIN_MS, isPassing };
    const finishing = background.persist('finalize backup', (signal) => work.finish(now, signal), how);
    const outcome = await waitFor(finishing, { clock, ms: FINALIZE_WAIT_MS, signal: facts.signal });
    if (!outcome.ended) return now;
    if (outcome.value.phase === 'failed') throw OvirtError('OVIRT_BACKUP_FAILED', { text: outcome.value.error ?? 'no reason is known' });
    return outcome.value;
  }

  /** For a download: the backup must be ready and hold the disk. Throws `OVIRT_NOT_FOUND`, `OVIRT_BACKUP_NOT_READY`, `OVIRT_CONFLICT`. */
  async readyFor(caller: Caller, id: string, diskId: string, signal: AbortSignal): Promise<BackupRow> {
    const known = await findBackup(this.#parts.store, id);
    if (known === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
    const row = await this.get(caller, known.vm_id, id, signal);
    if (row.phase !== 'ready') throw OvirtError('OVIRT_BACKUP_NOT_READY', { id, phase: row.phase });
    const isPart = readBackupDisks(row).some((disk) => disk.id === diskId);
    if (!isPart) throw OvirtError('OVIRT_CONFLICT', { text: `Disk ${diskId} is not part of backup ${id}` });
    return row;
  }

  /** How they ended is kept for longer. */
  async purge(endedBeforeMs: number): Promise<void> {
    await keepBackupEnds(this.#parts.store, { before: endedBeforeMs });
    await purgeBackups(this.#parts.store, endedBeforeMs);
  }

  async #find(caller: Caller, vmId: string, id: string): Promise<BackupRow> {
    const row = await findBackup(this.#parts.store, id);
    if (row === undefined || row.vm_id !== vmId) throw OvirtError('OVIRT_NOT_FOUND', { id });
    await this.#parts.inventory.vm(caller, vmId);
    return row;
  }

  async #stoppedVm(known: VirtualMachine, signal: AbortSignal): Promise<VirtualMachine> {
    const vm = await this.#parts.places.vm(known, signal);
    if (vm.state !== 'Stopped') throw OvirtError('OVIRT_BACKUP_RUNNING_VM', { name: vm.name, state: vm.state });
    return vm;
  }

  async #volumes(vm: VirtualMachine, wish: Backup, signal: AbortSignal): Promise<readonly Volume[]> {
    const all = await this.#parts.places.volumesOf(vm, signal);
    const asked = (wish.disks ?? []).map((disk) => disk.id).filter((id) => id !== undefined);
    const volumes = asked.length === 0 ? all : [...new Set(asked)].map((id) => all.find((volume) => volume.id === id) ?? notOf(vm, id));
    if (volumes.length === 0) throw OvirtError('OVIRT_CONFLICT', { text: `VM ${vm.name} has no disks` });
    await this.#checkVolumes(volumes);
    return volumes;
  }

  async #checkVolumes(volumes: readonly Volume[]): Promise<void> {
    const known = await disksById(
      this.#parts.store,
      volumes.map((volume) => volume.id),
    );
    for (const volume of volumes) {
      const row = known.get(volume.id);
      if (row?.illegal === 1) throw OvirtError('OVIRT_DISK_ILLEGAL', { id: volume.id, why: row.reason ?? 'an upload has failed' });
      if (volume.state !== 'Ready') throw OvirtError('OVIRT_DISK_IN_USE', { id: volume.id, why: `CloudStack says ${volume.state}` });
    }
  }

  /** The locks, then the row, then the VM's lock for good: killed anywhere between, nothing stays locked. */
  async #begin(row: BackupRow, request: StartImageBackup, signal: AbortSignal): Promise<void> {
    const { store, locks, background, work, images } = this.#parts;
    // Asked before anything is locked: without an image service nothing happens at all.
    void images.backups;
    const held = await locks.take(workLock(row.id), 'a backup is starting');
    try {
      await this.#hold(row, signal);
      await this.#refuseDuringTransfer(row.vm_id);
      await insertBackup(store, row);
      await locks.keep(vmLock(row.vm_id), row.id);
    } catch (error) {
      await locks.letGo(row.id);
      await held[Symbol.asyncDispose]();
      throw error;
    }
    const beginning = background.begin('backup', async (signal) => {
      await using _held = held;
      await work.begin(row, request, signal);
    });
    beginning.catch(() => undefined);
  }

  /** What a killed gateway has left of an earlier backup may be over by now: whoever comes next finds out. */
  async #hold(row: BackupRow, signal: AbortSignal): Promise<void> {
    const { locks } = this.#parts;
    const hold = () => locks.hold(vmLock(row.vm_id), row.id, 'a backup is in progress');
    try {
      await hold();
    } catch (error) {
      if (!OvirtError.is(error, 'OVIRT_LOCKED') || !(await this.#isOver(row.vm_id, signal))) throw error;
      await hold();
    }
  }

  async #isOver(vmId: string, signal: AbortSignal): Promise<boolean> {
    const { locks, store, work } = this.#parts;
    const keeper = await locks.keeperOf(vmLock(vmId));
    const earlier = keeper === undefined ? undefined : await findBackup(store, keeper);
    if (earlier === undefined || (await work.refresh(earlier, signal)).ended_ms === null) return false;
    await locks.letGo(earlier.id);
    return true;
  }

  async #refuseDuringTransfer(vmId: string): Promise<void> {
    const [transfer] = await openTransfersOf(this.#parts.store, 'vm_id', vmId);
    if (transfer) throw OvirtError('OVIRT_DISK_IN_USE', { id: transfer.disk_id, why: `image transfer ${transfer.id} is open` });
  }
}

function newBackup(
  caller: Caller,
  vm: VirtualMachine,
  volumes: readonly Volume[],
  facts: { readonly wish: Backup; readonly correlationId: string; readonly now: number },
): BackupRow {
  const disks = volumes.map((volume): BackupDisk => ({ id: volume.id, size: volume.size ?? 0, mode: 'full' }));
  return {
    id: newUuid(),
    vm_id: vm.id,
    vm_name: vm.name,
    subject: caller.subject,
    user_id: caller.userId,
    phase: 'initializing',
    description: facts.wish.description?.slice(0, 4000) ?? null,
    from_checkpoint_id: null,
    to_checkpoint_id: null,
    disks: JSON.stringify(disks),
    host_id: null,
    error: null,
    correlation_id: facts.correlationId,
    created_ms: facts.now,
    modified_ms: facts.now,
    active_ms: facts.now,
    ended_ms: null,
  };
}

function notOf(vm: VirtualMachine, id: string): never {
  throw OvirtError('OVIRT_DISK_NOT_OF_VM', { id, vm: vm.id });
}
