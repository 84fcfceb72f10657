import { readAccount, readVolume, type VirtualMachine, type Volume } from '@fairlead/cloudstack';
import type { DiskAttachment } from '@fairlead/ovirt';
import { OvirtError } from '../errors.ts';
import type { RestoreFacts } from '../map/vm-plan.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { findRestore } from '../store/restores.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { DiskCreate } from './disk-create.ts';
import type { Disks } from './disks.ts';
import type { Inventory } from './inventory.ts';
import { diskLock, vmLock } from './locks.ts';
import type { OperationRun, Operations } from './operations.ts';
import { sameOwner } from './owners.ts';

interface AttachmentParts {
  readonly store: OvirtStore;
  readonly cloud: Cloud;
  readonly inventory: Inventory;
  readonly operations: Operations;
  readonly disks: Disks;
  readonly create: DiskCreate;
}

/** A disk and the VM that has it. */
export interface Attached {
  readonly vm: VirtualMachine;
  readonly volume: Volume;
}

const CHANGE_MS = 10 * 60_000;

/** Disks of VMs (ovirt 5.9). */
export class Attachments {
  readonly #parts: AttachmentParts;

  constructor(parts: AttachmentParts) {
    this.#parts = parts;
  }

  async list(caller: Caller, vmId: string): Promise<readonly Attached[]> {
    const { inventory } = this.#parts;
    const vm = await inventory.vm(caller, vmId);
    return (await inventory.volumesOf(caller, vmId)).map((volume) => ({ vm, volume }));
  }

  /** Throws `OVIRT_NOT_FOUND`. */
  async get(caller: Caller, vmId: string, diskId: string): Promise<Attached> {
    const { inventory } = this.#parts;
    const vm = await inventory.vm(caller, vmId);
    const volume = await inventory.volume(caller, diskId);
    if (volume.virtualmachineid !== vmId) throw OvirtError('OVIRT_NOT_FOUND', { id: diskId });
    return { vm, volume };
  }

  /**
   * Attaches a disk, or makes one first.
   * Throws `OVIRT_INCOMPLETE`, `OVIRT_UNSUPPORTED` (snapshots), `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`, `OVIRT_DISK_IN_USE`,
   * `OVIRT_DISK_ILLEGAL`, `OVIRT_VM_STATE`.
   */
  async add(caller: Caller, vmId: string, body: DiskAttachment, facts: RequestFacts): Promise<Attached> {
    const { inventory, operations, disks, create } = this.#parts;
    if (body.disk === undefined) throw OvirtError('OVIRT_INCOMPLETE', { type: 'DiskAttachment', fields: 'disk', action: 'add' });
    if (body.disk.snapshot?.id !== undefined)
      throw OvirtError('OVIRT_UNSUPPORTED', { what: 'attaching the disk of a snapshot; use the backup API' });
    await inventory.vm(caller, vmId);
    const isNew = body.disk.id === undefined || body.disk.provisioned_size !== undefined;
    const made = isNew ? await create.start(caller, body.disk, facts) : undefined;
    const diskId = made === undefined ? (body.disk.id ?? '') : (await made.done).id;
    const volume = await disks.fresh(caller, diskId);
    await made?.tell();
    // The same request again, whose answer was lost.
    if (made !== undefined && volume.virtualmachineid === vmId) return { vm: await inventory.vm(caller, vmId), volume };
    const { done } = await operations.start({
      caller,
      facts,
      action: 'disk.attach',
      detail: { vm: vmId },
      description: `Attaching disk ${volume.name}`,
      objectType: 'disk',
      objectId: diskId,
      locks: [vmLock(vmId), diskLock(diskId)],
      deadlineMs: CHANGE_MS,
      work: (run) => this.#attach(caller, { vmId, diskId, bootable: body.bootable }, run),
    });
    const attached = await done;
    return attached;
  }

  /** Detaches; with `erase` the disk is removed as well. Throws `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`. */
  async remove(
    caller: Caller,
    vmId: string,
    diskId: string,
    options: { readonly erase: boolean; readonly facts: RequestFacts },
  ): Promise<void> {
    const { inventory, operations, disks } = this.#parts;
    const { facts, erase } = options;
    await inventory.vm(caller, vmId);
    const volume = await disks.fresh(caller, diskId);
    if (volume.virtualmachineid !== vmId) throw OvirtError('OVIRT_NOT_FOUND', { id: diskId });
    const { done } = await operations.start({
      caller,
      facts,
      action: 'disk.detach',
      detail: { vm: vmId, erase },
      description: `Detaching disk ${volume.name}`,
      objectType: 'disk',
      objectId: diskId,
      locks: [vmLock(vmId), diskLock(diskId)],
      deadlineMs: CHANGE_MS,
      work: async (run) => {
        await run.cloud(caller.client, 'detachVolume', { id: diskId }, { isLast: !erase });
        await inventory.refreshVolume(diskId, caller);
        if (erase) await disks.erase(caller, diskId, run);
      },
    });
    await done;
  }

  /** Inside the locks, so what is checked stays so. */
  async #attach(
    caller: Caller,
    wish: { vmId: string; diskId: string; bootable: boolean | undefined },
    run: OperationRun,
  ): Promise<Attached> {
    const { inventory, disks } = this.#parts;
    const vm = (await inventory.refreshVm(wish.vmId, caller)) ?? notFound(wish.vmId);
    const volume = (await inventory.refreshVolume(wish.diskId, caller)) ?? notFound(wish.diskId);
    if (volume.virtualmachineid !== undefined)
      throw OvirtError('OVIRT_DISK_IN_USE', { id: volume.id, why: `VM ${volume.vmname ?? volume.virtualmachineid} has it` });
    await disks.requireContent([volume.id]);
    const isRoot = await this.#isRoot(caller, vm, wish.bootable);
    await this.#assign(vm, volume, run);
    const params = { id: volume.id, virtualmachineid: vm.id, deviceid: isRoot ? 0 : undefined };
    const made = readVolume(await run.cloud(caller.client, 'attachVolume', params, { isLast: true }));
    return { vm, volume: (await inventory.refreshVolume(volume.id, caller)) ?? made };
  }

  /** A bootable disk becomes the root disk, device 0; only a stopped VM without one takes it (ovirt 5.9). */
  async #isRoot(caller: Caller, vm: VirtualMachine, bootable: boolean | undefined): Promise<boolean> {
    if (bootable === false) return false;
    const params = { virtualmachineid: vm.id, listall: true, projectid: vm.projectid };
    const others = await caller.client.list('listVolumes', readVolume, params);
    const hasRoot = others.some((volume) => volume.deviceid === 0 || volume.type === 'ROOT');
    if (bootable === undefined) return !hasRoot && (await this.#hasOneDisk(vm));
    if (hasRoot) throw OvirtError('OVIRT_CONFLICT', { text: `VM ${vm.name} has a bootable disk already` });
    if (vm.state !== 'Stopped') throw OvirtError('OVIRT_VM_STATE', { action: 'attach a bootable disk to', name: vm.name, state: vm.state });
    return true;
  }

  /** A client that says nothing about booting restores a VM of one disk. */
  async #hasOneDisk(vm: VirtualMachine): Promise<boolean> {
    const row = await findRestore(this.#parts.store, vm.id);
    return row !== undefined && (JSON.parse(row.body) as RestoreFacts).diskCount === 1;
  }

  /** A volume goes to the owner of the VM; both are seen by the caller (ovirt 5.9). */
  async #assign(vm: VirtualMachine, volume: Volume, run: OperationRun): Promise<void> {
    if (sameOwner(vm, volume)) return;
    const service = await this.#parts.cloud.require();
    const owner = vm.projectid === undefined ? { accountid: await this.#accountId(vm, run.signal) } : { projectid: vm.projectid };
    await service.call('assignVolume', { volumeid: volume.id, ...owner }, { signal: run.signal });
  }

  async #accountId(vm: VirtualMachine, signal: AbortSignal): Promise<string> {
    const service = await this.#parts.cloud.require();
    const accounts = await service.list(
      'listAccounts',
      readAccount,
      { name: vm.account, domainid: vm.domainid, listall: true },
      { signal },
    );
    return accounts.find((account) => account.name === vm.account)?.id ?? notFound(vm.account ?? 'account');
  }
}

function notFound(id: string): never {
  throw OvirtError('OVIRT_NOT_FOUND', { id });
}
