import { type Nic as CloudNic, CloudStackError, type Params, readVirtualMachine, type VirtualMachine } from '@fairlead/cloudstack';
import { isUuid } from '@fairlead/kernel/ids';
import type { Nic } from '@fairlead/ovirt';
import { OvirtError } from '../errors.ts';
import type { RestoreFacts } from '../map/vm-plan.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { findRestore } from '../store/restores.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { Events } from './events.ts';
import type { Inventory } from './inventory.ts';
import { vmLock } from './locks.ts';
import type { OperationRun, Operations } from './operations.ts';

interface NicParts {
  readonly store: OvirtStore;
  readonly cloud: Cloud;
  readonly inventory: Inventory;
  readonly operations: Operations;
  readonly events: Events;
}

/** Addresses that a card would like to have. */
interface Addresses {
  readonly macaddress?: string | undefined;
  readonly ipaddress?: string | undefined;
}

const CHANGE_MS = 10 * 60_000;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

/** Network cards of VMs (ovirt 5.10). */
export class Nics {
  readonly #parts: NicParts;

  constructor(parts: NicParts) {
    this.#parts = parts;
  }

  /** A card that is not kept may have been added elsewhere: CloudStack is asked once. Throws `OVIRT_NOT_FOUND`. */
  async get(caller: Caller, vmId: string, nicId: string): Promise<{ vm: VirtualMachine; nic: CloudNic }> {
    const { inventory } = this.#parts;
    const kept = await inventory.vm(caller, vmId);
    const vm = kept.nic.some((nic) => nic.id === nicId) ? kept : ((await inventory.refreshVm(vmId, caller)) ?? kept);
    return { vm, nic: vm.nic.find((nic) => nic.id === nicId) ?? notFound(nicId) };
  }

  /**
   * Adds a card, with the addresses that were asked for or kept from the OVF when they are free, else with new ones.
   * Throws `OVIRT_INCOMPLETE`, `OVIRT_BAD_REQUEST`, `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`.
   */
  async add(caller: Caller, vmId: string, body: Nic, facts: RequestFacts): Promise<CloudNic> {
    const vm = await this.#parts.inventory.vm(caller, vmId);
    const networkId = await this.#networkOf(caller, body);
    const addresses = await this.#addresses(vm, networkId, body);
    const nic = await this.#change(caller, vm, { facts, action: 'nic.add', description: `Adding a NIC to VM ${vm.name}` }, (run) =>
      this.#add(caller, vm.id, { networkId, addresses, facts }, run),
    );
    return nic;
  }

  /** Link state, or another network. Throws `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`, `OVIRT_UNSUPPORTED`. */
  async change(caller: Caller, vmId: string, nicId: string, { body, facts }: { body: Nic; facts: RequestFacts }): Promise<CloudNic> {
    const { vm, nic } = await this.get(caller, vmId, nicId);
    const networkId = body.vnic_profile === undefined && body.network === undefined ? nic.networkid : await this.#networkOf(caller, body);
    const link = body.linked === undefined || body.linked === (nic.enabled ?? true) ? undefined : body.linked;
    if (link !== undefined && !(await this.#parts.cloud.features()).updateVmNic)
      throw OvirtError('OVIRT_UNSUPPORTED', { what: 'changing the link state on this CloudStack' });
    if (networkId === nic.networkid && link === undefined) return nic;
    const what = { facts, action: 'nic.change', description: `Changing a NIC of VM ${vm.name}` };
    return await this.#change(caller, vm, what, async (run) => {
      const moved = networkId === nic.networkid ? nic : await this.#replace(caller, vm, { nic, networkId: networkId ?? '', facts }, run);
      if (link !== undefined) await run.cloud(caller.client, 'updateVmNic', { nicid: moved.id, enabled: link }, { isLast: true });
      const now = await this.#parts.inventory.refreshVm(vmId, caller);
      return now?.nic.find((one) => one.id === moved.id) ?? moved;
    });
  }

  /** Throws `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`; the default card cannot go. */
  async remove(caller: Caller, vmId: string, nicId: string, facts: RequestFacts): Promise<void> {
    const { vm } = await this.get(caller, vmId, nicId);
    await this.#change(caller, vm, { facts, action: 'nic.remove', description: `Removing a NIC of VM ${vm.name}` }, async (run) => {
      await run.cloud(caller.client, 'removeNicFromVirtualMachine', { virtualmachineid: vmId, nicid: nicId }, { isLast: true });
      await this.#parts.inventory.refreshVm(vmId, caller);
    });
  }

  async #change<T>(
    caller: Caller,
    vm: VirtualMachine,
    what: { facts: RequestFacts; action: string; description: string },
    work: (run: OperationRun) => Promise<T>,
  ): Promise<T> {
    const { done } = await this.#parts.operations.start({
      caller,
      facts: what.facts,
      action: what.action,
      description: what.description,
      objectType: 'nic',
      objectId: vm.id,
      locks: [vmLock(vm.id)],
      deadlineMs: CHANGE_MS,
      work,
    });
    return await done;
  }

  async #add(
    caller: Caller,
    vmId: string,
    wish: { networkId: string; addresses: Addresses; facts: RequestFacts },
    run: OperationRun,
  ): Promise<CloudNic> {
    const { inventory } = this.#parts;
    const before = (await inventory.refreshVm(vmId, caller)) ?? notFound(vmId);
    const command: Params = { virtualmachineid: vmId, networkid: wish.networkId };
    const result = await this.#withFallBack(caller, before, wish, (addresses) =>
      run.cloud(caller.client, 'addNicToVirtualMachine', { ...command, ...addresses }, { isLast: true }),
    );
    const after = (await inventory.refreshVm(vmId, caller)) ?? readVirtualMachine(result);
    const known = new Set(before.nic.map((nic) => nic.id));
    return after.nic.find((nic) => !known.has(nic.id)) ?? notFound(wish.networkId);
  }

  /** Addresses that are taken meanwhile are given up, first the IP, then the MAC (ovirt 5.10). */
  async #withFallBack<T>(
    caller: Caller,
    vm: VirtualMachine,
    wish: { addresses: Addresses; facts: RequestFacts },
    add: (addresses: Addresses) => Promise<T>,
  ): Promise<T> {
    const { macaddress, ipaddress } = wish.addresses;
    const attempts: Addresses[] = [{ macaddress, ipaddress }];
    if (ipaddress !== undefined && macaddress !== undefined) attempts.push({ macaddress });
    if (ipaddress !== undefined || macaddress !== undefined) attempts.push({});
    for (const [index, addresses] of attempts.entries()) {
      try {
        return await add(addresses);
      } catch (error) {
        const isRefusal = error instanceof CloudStackError && error.code === 'CLOUDSTACK_JOB_FAILED';
        if (!isRefusal || index === attempts.length - 1) throw error;
        await this.#parts.events.tell({
          severity: 'warning',
          description: `VM ${vm.name} could not keep an address of its NIC: ${error.errorText ?? 'no reason was given'}`,
          owner: caller,
          vmId: vm.id,
          correlationId: wish.facts.correlationId,
        });
      }
    }
    throw new Error('unreachable');
  }

  async #replace(
    caller: Caller,
    vm: VirtualMachine,
    wish: { nic: CloudNic; networkId: string; facts: RequestFacts },
    run: OperationRun,
  ): Promise<CloudNic> {
    await run.cloud(caller.client, 'removeNicFromVirtualMachine', { virtualmachineid: vm.id, nicid: wish.nic.id });
    const addresses = { macaddress: wish.nic.macaddress };
    return await this.#add(caller, vm.id, { networkId: wish.networkId, addresses, facts: wish.facts }, run);
  }

  /** A profile is a network (ovirt 5.6); by id, else by name. */
  async #networkOf(caller: Caller, body: Nic): Promise<string> {
    const { inventory } = this.#parts;
    const { id, name } = body.vnic_profile ?? body.network ?? {};
    if (id !== undefined) return isUuid(id) ? (await inventory.network(caller, id)).id : notFound(id);
    if (name === undefined) throw OvirtError('OVIRT_INCOMPLETE', { type: 'Nic', fields: 'vnic_profile', action: 'add' });
    const found = (await inventory.networks(caller)).filter((network) => network.name === name);
    if (found.length > 1)
      throw OvirtError('OVIRT_CONFLICT', { text: `There are ${found.length} networks of the name ${name}: say which by its id` });
    return found[0]?.id ?? notFound(name);
  }

  async #addresses(vm: VirtualMachine, networkId: string, body: Nic): Promise<Addresses> {
    const mac = body.mac?.address;
    if (mac !== undefined && !MAC.test(mac))
      throw OvirtError('OVIRT_BAD_REQUEST', { text: 'mac.address is six pairs of hexadecimal digits with colons between' });
    const row = await findRestore(this.#parts.store, vm.id);
    const facts = row && (JSON.parse(row.body) as RestoreFacts);
    const kept = facts?.nics.find((nic) => nic.networkId === networkId);
    const staticIp = vm.nic.length === 0 ? facts?.staticIp : undefined;
    return { macaddress: mac ?? kept?.mac, ipaddress: staticIp ?? kept?.ip };
  }
}

function notFound(id: string): never {
  throw OvirtError('OVIRT_NOT_FOUND', { id });
}
