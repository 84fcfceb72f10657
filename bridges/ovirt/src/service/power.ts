import type { Params } from '@fairlead/cloudstack';
import { isUuid } from '@fairlead/kernel/ids';
import type { Action } from '@fairlead/ovirt';
import { OvirtError } from '../errors.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { openTransfersOf } from '../store/transfers.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Disks } from './disks.ts';
import { refusalText } from './failure.ts';
import type { Inventory } from './inventory.ts';
import { vmLock } from './locks.ts';
import type { OperationRun, Operations, Started } from './operations.ts';

interface PowerParts {
  readonly store: OvirtStore;
  readonly inventory: Inventory;
  readonly operations: Operations;
  readonly disks: Disks;
}

export type PowerAction = 'start' | 'stop' | 'shutdown' | 'reboot' | 'reset';

interface Plan {
  readonly command: string;
  readonly params: Params;
  readonly doing: string;
  readonly deadlineMs: number;
}

const MINUTE = 60_000;
const PLANS: Readonly<Record<PowerAction, Plan>> = {
  start: { command: 'startVirtualMachine', params: {}, doing: 'Starting', deadlineMs: 10 * MINUTE },
  stop: { command: 'stopVirtualMachine', params: { forced: true }, doing: 'Stopping', deadlineMs: 15 * MINUTE },
  shutdown: { command: 'stopVirtualMachine', params: { forced: false }, doing: 'Shutting down', deadlineMs: 15 * MINUTE },
  reboot: { command: 'rebootVirtualMachine', params: {}, doing: 'Rebooting', deadlineMs: 15 * MINUTE },
  reset: { command: 'rebootVirtualMachine', params: { forced: true }, doing: 'Resetting', deadlineMs: 15 * MINUTE },
};

/** Power of VMs (ovirt 5.7.4). */
export class Power {
  readonly #parts: PowerParts;

  constructor(parts: PowerParts) {
    this.#parts = parts;
  }

  /**
   * Begins; what is so already is done at once. A VM with an open backup can only be stopped by force.
   * Throws `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`, `OVIRT_DISK_IN_USE`, `OVIRT_DISK_ILLEGAL`.
   */
  async start(
    caller: Caller,
    id: string,
    action: PowerAction,
    { body, facts }: { body: Action; facts: RequestFacts },
  ): Promise<Started<void>> {
    const { inventory, operations } = this.#parts;
    const vm = await inventory.vm(caller, id);
    const { command, params, doing, deadlineMs } = PLANS[action];
    const isForcedStop = (action === 'stop' || action === 'shutdown') && body.force === true;
    const host = body.vm?.placement_policy?.hosts?.[0]?.id;
    const hostid = action === 'start' && caller.isRootAdmin && host !== undefined && isUuid(host) ? host : undefined;
    const started = await operations.start({
      caller,
      facts,
      action: `vm.${action}`,
      description: `${doing} VM ${vm.name}`,
      objectType: 'vm',
      objectId: id,
      locks: isForcedStop ? [] : [vmLock(id)],
      deadlineMs,
      work: async (run) => {
        if (action === 'start') await this.#checkDisks(caller, id);
        await this.#run(run, caller, { command, params: { id, ...params, hostid } });
        await inventory.refreshVm(id, caller);
      },
    });
    return started;
  }

  /** Inside the VM's lock: nothing can open a transfer on its disks meanwhile. */
  async #checkDisks(caller: Caller, vmId: string): Promise<void> {
    const { store, inventory, disks } = this.#parts;
    const [transfer] = await openTransfersOf(store, 'vm_id', vmId);
    if (transfer) throw OvirtError('OVIRT_DISK_IN_USE', { id: transfer.disk_id, why: `image transfer ${transfer.id} is open` });
    const volumes = await inventory.volumesOf(caller, vmId);
    await disks.requireContent(volumes.map((volume) => volume.id));
  }

  async #run(run: OperationRun, caller: Caller, { command, params }: { command: string; params: Params }): Promise<void> {
    try {
      await run.cloud(caller.client, command, params, { isLast: true });
    } catch (error) {
      // A client that repeats a start has what it wants (ovirt 10.3).
      if (command !== 'startVirtualMachine' || !/already running/i.test(refusalText(error))) throw error;
    }
  }
}
