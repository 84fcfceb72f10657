import { readVolume, type VirtualMachine, type Volume } from '@fairlead/cloudstack';
import type { Vm } from '@fairlead/ovirt';
import { OvirtError } from '../errors.ts';
import { toHostName } from '../map/host-name.ts';
import { chooseOsType } from '../map/os-choice.ts';
import { forgetCreationsOf } from '../store/creations.ts';
import { forgetDisk } from '../store/disks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { forgetRestore } from '../store/restores.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import { isGone, refusalText } from './failure.ts';
import type { Inventory } from './inventory.ts';
import { diskLock, vmLock } from './locks.ts';
import type { OperationRun, Operations, Started } from './operations.ts';

interface VmParts {
  readonly store: OvirtStore;
  readonly cloud: Cloud;
  readonly inventory: Inventory;
  readonly operations: Operations;
}

const CHANGE_MS = 15 * 60_000;
const MIB = 1024 * 1024;
/** A tenant may not expunge unless the cloud allows it (ovirt 5.7.4). */
const MAY_NOT_EXPUNGE = /permission for expunging|not allowed to expunge/i;

/** Changes and ends of VMs (ovirt 5.7.4). */
export class Vms {
  readonly #parts: VmParts;

  constructor(parts: VmParts) {
    this.#parts = parts;
  }

  /** Name, description, guest OS, protection, high availability. Throws `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`, `OVIRT_UNSUPPORTED` (CPU, memory). */
  async change(caller: Caller, id: string, body: Vm, facts: RequestFacts): Promise<VirtualMachine> {
    const { inventory, operations } = this.#parts;
    const vm = await inventory.vm(caller, id);
    refuseNewSize(vm, body);
    const params = await this.#changes(caller, vm, body);
    if (Object.values(params).every((value) => value === undefined)) return vm;
    const { done } = await operations.start({
      caller,
      facts,
      action: 'vm.change',
      description: `Changing VM ${vm.name}`,
      objectType: 'vm',
      objectId: id,
      locks: [vmLock(id)],
      deadlineMs: CHANGE_MS,
      work: async (run) => {
        await run.cloud(caller.client, 'updateVirtualMachine', { id, ...params }, { isLast: true });
        return (await inventory.refreshVm(id, caller)) ?? notFound(id);
      },
    });
    const changed = await done;
    return changed;
  }

  /**
   * Removes a VM, with its data disks unless `keepDisks`.
   * Throws `OVIRT_NOT_FOUND`, `OVIRT_LOCKED` (a backup or transfer is open), `OVIRT_VM_STATE` (running, without `force`).
   */
  async remove(caller: Caller, id: string, how: { keepDisks: boolean; force: boolean; facts: RequestFacts }): Promise<Started<void>> {
    const { inventory, operations } = this.#parts;
    const { facts } = how;
    await inventory.vm(caller, id);
    const vm = (await inventory.refreshVm(id, caller)) ?? notFound(id);
    if (vm.state !== 'Stopped' && vm.state !== 'Error' && !how.force)
      throw OvirtError('OVIRT_VM_STATE', { action: 'remove', name: vm.name, state: vm.state });
    const volumes = await this.#volumes(caller, vm, facts.signal);
    const started = await operations.start({
      caller,
      facts,
      action: 'vm.remove',
      detail: { keepDisks: how.keepDisks, force: how.force },
      description: `Removing VM ${vm.name}`,
      objectType: 'vm',
      objectId: id,
      locks: [vmLock(id), ...volumes.map((volume) => diskLock(volume.id))],
      deadlineMs: CHANGE_MS,
      work: (run) => this.#destroy(caller, vm, { volumes, keepDisks: how.keepDisks }, run),
    });
    return started;
  }

  async #changes(caller: Caller, vm: VirtualMachine, body: Vm) {
    const name = body.name === undefined || toHostName(body.name) === vm.name ? undefined : toHostName(body.name);
    // A new name alone would overwrite the display name (ovirt 5.7.4).
    const displayname = body.description ?? (name === undefined ? undefined : (vm.displayname ?? name));
    const os =
      body.os?.type === undefined ? undefined : chooseOsType(await this.#parts.inventory.osTypes(caller), { oVirtType: body.os.type });
    return {
      name,
      displayname: displayname === vm.displayname && name === undefined ? undefined : displayname,
      ostypeid: os?.id,
      haenable: body.high_availability?.enabled,
      deleteprotection: body.delete_protected,
    };
  }

  async #volumes(caller: Caller, vm: VirtualMachine, signal: AbortSignal): Promise<readonly Volume[]> {
    const params = { virtualmachineid: vm.id, listall: true, projectid: vm.projectid };
    return await caller.client.list('listVolumes', readVolume, params, { signal });
  }

  async #destroy(
    caller: Caller,
    vm: VirtualMachine,
    { volumes, keepDisks }: { volumes: readonly Volume[]; keepDisks: boolean },
    run: OperationRun,
  ): Promise<void> {
    if (keepDisks) {
      for (const volume of volumes) {
        await run.cloud(caller.client, 'detachVolume', { id: volume.id });
        await this.#parts.inventory.refreshVolume(volume.id, caller);
      }
    }
    const volumeids = keepDisks ? [] : volumes.filter((volume) => volume.type === 'DATADISK').map((volume) => volume.id);
    try {
      await this.#expunge(caller, vm.id, volumeids, run);
    } catch (error) {
      if (!isGone(error)) throw error;
      await this.#forget(vm.id, keepDisks ? [] : volumes);
      throw OvirtError('OVIRT_NOT_FOUND', { id: vm.id }, { cause: error });
    }
    await this.#forget(vm.id, keepDisks ? [] : volumes);
  }

  /** Where the cloud lets only root admins expunge, the VM is destroyed; CloudStack expunges it later (ovirt 5.7.4). */
  async #expunge(caller: Caller, id: string, volumeids: readonly string[], run: OperationRun): Promise<void> {
    const params = { id, volumeids: volumeids.length === 0 ? undefined : volumeids };
    try {
      await run.cloud(caller.client, 'destroyVirtualMachine', { ...params, expunge: true }, { isLast: true });
    } catch (error) {
      if (!MAY_NOT_EXPUNGE.test(refusalText(error))) throw error;
      await run.cloud(caller.client, 'destroyVirtualMachine', params, { isLast: true });
    }
  }

  async #forget(id: string, volumes: readonly Volume[]): Promise<void> {
    const { inventory, store } = this.#parts;
    await forgetCreationsOf(store, id);
    await forgetRestore(store, id);
    for (const volume of volumes) {
      await forgetCreationsOf(store, volume.id);
      await forgetDisk(store, volume.id);
      await inventory.forgetVolume(volume.id);
    }
    await inventory.forgetVm(id);
  }
}

/** CloudStack would need another compute offering. */
function refuseNewSize(vm: VirtualMachine, body: Vm): void {
  const topology = body.cpu?.topology;
  const cpu = topology === undefined ? vm.cpunumber : (topology.sockets ?? 1) * (topology.cores ?? 1) * (topology.threads ?? 1);
  const memory = body.memory === undefined ? vm.memory : Math.ceil(body.memory / MIB);
  if (cpu === vm.cpunumber && memory === vm.memory) return;
  throw OvirtError('OVIRT_UNSUPPORTED', { what: 'changing CPU or memory of a VM; change its compute offering in CloudStack' });
}

function notFound(id: string): never {
  throw OvirtError('OVIRT_NOT_FOUND', { id });
}
