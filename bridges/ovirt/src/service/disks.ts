import type { Volume } from '@fairlead/cloudstack';
import type { Clock } from '@fairlead/kernel/clock';
import type { Disk } from '@fairlead/ovirt';
import { OvirtError } from '../errors.ts';
import { toGib } from '../map/disk-wish.ts';
import { forgetCreationsOf } from '../store/creations.ts';
import { disksById, forgetDisk, keepDisk } from '../store/disks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { waitFor } from './background.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { DiskCreate } from './disk-create.ts';
import { isGone } from './failure.ts';
import type { Inventory } from './inventory.ts';
import { diskLock, vmLock } from './locks.ts';
import type { OperationRun, Operations } from './operations.ts';

interface DiskParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly cloud: Cloud;
  readonly inventory: Inventory;
  readonly operations: Operations;
  readonly create: DiskCreate;
}

/** A POST answers after this time, with the disk locked (ovirt 10.2). */
const CREATE_WAIT_MS = 5000;
const CHANGE_MS = 15 * 60_000;

/** Disks: volumes of CloudStack (ovirt 5.8). */
export class Disks {
  readonly #parts: DiskParts;

  constructor(parts: DiskParts) {
    this.#parts = parts;
  }

  /** @returns the volume, and whether it is ready. Throws what `DiskCreate.start` throws. */
  async add(caller: Caller, body: Disk, facts: RequestFacts): Promise<{ volume: Volume; isReady: boolean }> {
    const { clock, create, inventory } = this.#parts;
    const { done, named, tell } = await create.start(caller, body, facts);
    const outcome = await waitFor(done, { clock, ms: CREATE_WAIT_MS, signal: facts.signal });
    const id = outcome.ended ? undefined : await named;
    await tell();
    if (outcome.ended) return { volume: outcome.value, isReady: true };
    return { volume: await inventory.volume(caller, id ?? ''), isReady: false };
  }

  /** Grows, renames, describes. Throws `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`, `OVIRT_CONFLICT` (smaller). */
  async change(caller: Caller, id: string, body: Disk, facts: RequestFacts): Promise<Volume> {
    const { inventory, operations, store, clock } = this.#parts;
    const volume = await inventory.volume(caller, id);
    const sizeGiB = growth(volume, body.provisioned_size);
    const name = body.alias ?? body.name;
    const newName = name === volume.name ? undefined : name?.slice(0, 255);
    if (body.description !== undefined) await keepDisk(store, id, { description: body.description.slice(0, 4000) }, clock.now());
    if (sizeGiB === undefined && newName === undefined) return volume;
    const { done } = await operations.start({
      caller,
      facts,
      action: 'disk.change',
      description: `Changing disk ${volume.name}`,
      objectType: 'disk',
      objectId: id,
      locks: locksOf(volume),
      deadlineMs: CHANGE_MS,
      work: async (run) => {
        if (newName !== undefined)
          await run.cloud(await this.#parts.cloud.require(), 'updateVolume', { id, name: newName }, { isLast: sizeGiB === undefined });
        if (sizeGiB !== undefined) await run.cloud(caller.client, 'resizeVolume', { id, size: sizeGiB, shrinkok: false }, { isLast: true });
        return (await inventory.refreshVolume(id, caller)) ?? volume;
      },
    });
    return await done;
  }

  /** Throws `OVIRT_NOT_FOUND`, `OVIRT_DISK_IN_USE` (attached), `OVIRT_LOCKED` (transfer open). */
  async remove(caller: Caller, id: string, facts: RequestFacts): Promise<string> {
    const { inventory, operations } = this.#parts;
    await inventory.volume(caller, id);
    const volume = await inventory.refreshVolume(id, caller);
    if (volume === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
    if (volume.virtualmachineid !== undefined)
      throw OvirtError('OVIRT_DISK_IN_USE', { id, why: `VM ${volume.vmname ?? volume.virtualmachineid} has it` });
    const { done, jobId } = await operations.start({
      caller,
      facts,
      action: 'disk.remove',
      description: `Removing disk ${volume.name}`,
      objectType: 'disk',
      objectId: id,
      locks: [diskLock(id)],
      deadlineMs: CHANGE_MS,
      work: (run) => this.erase(caller, id, run),
    });
    await done;
    return jobId;
  }

  /** Removes a detached volume inside an operation that holds its lock. Throws `OVIRT_NOT_FOUND`. */
  async erase(caller: Caller, id: string, run: OperationRun): Promise<void> {
    const { inventory, store } = this.#parts;
    try {
      await caller.client.call('deleteVolume', { id }, { signal: run.signal });
    } catch (error) {
      if (!isGone(error)) throw error;
      await this.#forget(id);
      throw OvirtError('OVIRT_NOT_FOUND', { id }, { cause: error });
    }
    await forgetCreationsOf(store, id);
    await forgetDisk(store, id);
    await inventory.forgetVolume(id);
  }

  /** Throws `OVIRT_DISK_ILLEGAL`. */
  async requireContent(ids: readonly string[]): Promise<void> {
    for (const row of (await disksById(this.#parts.store, ids)).values()) {
      if (row.illegal === 1) throw OvirtError('OVIRT_DISK_ILLEGAL', { id: row.id, why: row.reason ?? 'an upload has failed' });
    }
  }

  /** What is gone at CloudStack. */
  async #forget(id: string): Promise<void> {
    await forgetCreationsOf(this.#parts.store, id);
    await forgetDisk(this.#parts.store, id);
    await this.#parts.inventory.forgetVolume(id);
  }

  /** A fresh look at a volume that the caller may see. */
  async fresh(caller: Caller, id: string): Promise<Volume> {
    await this.#parts.inventory.volume(caller, id);
    const volume = await this.#parts.inventory.refreshVolume(id, caller);
    if (volume === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
    return volume;
  }
}

function locksOf(volume: Volume): readonly string[] {
  return volume.virtualmachineid === undefined ? [diskLock(volume.id)] : [diskLock(volume.id), vmLock(volume.virtualmachineid)];
}

/** The size to grow to in GiB; undefined when it stays. A disk never gets smaller. */
function growth(volume: Volume, bytes: number | undefined): number | undefined {
  if (bytes === undefined || bytes === volume.size) return undefined;
  const now = volume.size ?? 0;
  const wanted = toGib(bytes);
  if (wanted * 1024 ** 3 < now) throw OvirtError('OVIRT_CONFLICT', { text: `A disk cannot get smaller: it has ${now} bytes` });
  return wanted * 1024 ** 3 === now ? undefined : wanted;
}
