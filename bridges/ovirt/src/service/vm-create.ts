import { readVirtualMachine, type VirtualMachine } from '@fairlead/cloudstack';
import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import { isUuid } from '@fairlead/kernel/ids';
import type { Log } from '@fairlead/kernel/log';
import type { Vm } from '@fairlead/ovirt';
import { type OvfReading, readOvf } from '@fairlead/ovirt/codec';
import { OvirtError } from '../errors.ts';
import { chooseOffering, type OfferingChoice } from '../map/offering-choice.ts';
import { chooseOsType } from '../map/os-choice.ts';
import { planVm, type VmPlan } from '../map/vm-plan.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { findCreation, forgetCreation, keepRestore, nameCreation, noteCreation } from '../store/restores.ts';
import { waitFor } from './background.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { Events } from './events.ts';
import { publicText } from './failure.ts';
import type { Inventory } from './inventory.ts';
import type { OperationRun, Operations } from './operations.ts';
import { findOwner, type Owner, ownerOf } from './owners.ts';

interface VmCreateParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly cloud: Cloud;
  readonly inventory: Inventory;
  readonly operations: Operations;
  readonly events: Events;
}

/** Where and as what a VM is made. */
interface Placement {
  readonly plan: VmPlan;
  readonly zoneId: string;
  readonly clusterId: string;
  readonly choice: OfferingChoice;
  readonly owner: Owner;
}

const WAIT_MS = 120_000;
const DEADLINE_MS = 15 * 60_000;
/** A repeated request within this time gets the same VM (ovirt 10.3). */
const SAME_REQUEST_MS = 60_000;

/** Makes blank VMs for restores and workers: disks and NICs come afterwards (ovirt 5.7.3). */
export class VmCreate {
  readonly #parts: VmCreateParts;

  constructor(parts: VmCreateParts) {
    this.#parts = parts;
  }

  /**
   * @returns the VM; undefined when CloudStack has not named it in time, or its id alone when it is still at work
   * Throws `OVIRT_INCOMPLETE`, `OVIRT_NOT_FOUND`, `OVIRT_NAME_TAKEN`, `OVIRT_NO_OFFERING`, `OVIRT_SERVICE_KEY_NEEDED`, `OVIRT_LOCKED`.
   */
  async add(caller: Caller, body: Vm, facts: RequestFacts): Promise<{ readonly vm: VirtualMachine } | { readonly id: string }> {
    const { clock, store, inventory } = this.#parts;
    const key = `${caller.subject} ${facts.correlationId} ${body.name ?? ''}`;
    const known = await findCreation(store, key);
    if (known !== undefined && known.vm_id !== '' && clock.now() - known.created_ms < SAME_REQUEST_MS)
      return { vm: await inventory.vm(caller, known.vm_id) };
    const placement = await this.#place(caller, body, facts);
    const named = Promise.withResolvers<string>();
    named.promise.catch(() => undefined);
    const { done } = await this.#parts.operations.start({
      caller,
      facts,
      action: 'vm.create',
      description: `Creating VM ${placement.plan.name}`,
      objectType: 'vm',
      objectId: undefined,
      locks: [`name:${Object.values(placement.owner).join('/')}/${placement.plan.name.toLowerCase()}`],
      deadlineMs: DEADLINE_MS,
      madeId: (vm: VirtualMachine) => vm.id,
      work: async (run) => {
        try {
          return await this.#deploy(caller, placement, { key, run, named: named.resolve });
        } catch (error) {
          named.reject(error);
          throw error;
        }
      },
    });
    const outcome = await waitFor(done, { clock, ms: WAIT_MS, signal: facts.signal });
    return outcome.ended ? { vm: outcome.value } : { id: await named.promise };
  }

  async #place(caller: Caller, body: Vm, facts: RequestFacts): Promise<Placement> {
    const ovf = await this.#readOvf(caller, body, facts);
    const plan = planVm(body, ovf);
    const cluster = await this.#cluster(caller, body);
    const zoneId = cluster.zoneid ?? '';
    const choice = chooseOffering(await this.#parts.inventory.serviceOfferings(caller), {
      cpu: plan.cpu,
      memoryMiB: plan.memoryMiB,
      zoneId,
      preferred: plan.offerings,
      domainId: caller.isRootAdmin ? undefined : caller.domainId,
    });
    if (choice === undefined) throw OvirtError('OVIRT_NO_OFFERING', { cpu: plan.cpu, memory: plan.memoryMiB });
    const owner = await this.#owner(caller, plan, facts);
    return { plan, zoneId, clusterId: cluster.id, choice, owner };
  }

  /** A document that cannot be read is passed over with a warning; what is dangerous in it is refused (ovirt 5.7.5). */
  async #readOvf(caller: Caller, body: Vm, facts: RequestFacts): Promise<OvfReading | undefined> {
    const data = body.initialization?.configuration?.data;
    if (data === undefined) return undefined;
    try {
      const reading = readOvf(data);
      for (const warning of reading.warnings) await this.#warn(caller, facts, `VM ${body.name ?? ''}: ${warning}`);
      return reading;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'OVIRT_WIRE_BAD_OVF') throw error;
      await this.#warn(caller, facts, `VM ${body.name ?? ''} is made without its OVF: ${error.publicText}`);
      return undefined;
    }
  }

  async #cluster(caller: Caller, body: Vm) {
    const { id, name } = body.cluster ?? {};
    if (id === undefined && name === undefined) throw OvirtError('OVIRT_INCOMPLETE', { type: 'Vm', fields: 'cluster', action: 'add' });
    const clusters = await this.#parts.inventory.clusters(caller);
    const found = clusters.find((cluster) => (id === undefined ? cluster.name === name : cluster.id === id));
    if (found === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id: id ?? name ?? '' });
    return found;
  }

  async #owner(caller: Caller, plan: VmPlan, facts: RequestFacts): Promise<Owner> {
    if (plan.owner === undefined) return ownerOf(caller);
    const found = await findOwner(caller, plan.owner, facts.signal);
    if (found !== undefined) return found;
    await this.#warn(caller, facts, `VM ${plan.name} is made for ${caller.account}: the owner that its OVF names does not exist here`);
    return ownerOf(caller);
  }

  async #deploy(
    caller: Caller,
    placement: Placement,
    how: { key: string; run: OperationRun; named: (id: string) => void },
  ): Promise<VirtualMachine> {
    const { store, clock, inventory } = this.#parts;
    const { plan } = placement;
    const { run } = how;
    const service = await this.#parts.cloud.require();
    if (!(await this.#parts.cloud.features()).blankInstance)
      throw OvirtError('OVIRT_UNSUPPORTED', { what: 'creating VMs on a CloudStack before 4.23' });
    await this.#requireFreeName(placement, run.signal);
    // The row is there before CloudStack is asked: a second request of the same meaning finds it.
    await noteCreation(store, { key: how.key, vm_id: '', created_ms: clock.now() }, clock.now() - SAME_REQUEST_MS);
    try {
      const onId = async (id: string) => {
        await nameCreation(store, how.key, id);
        how.named(id);
      };
      const vm = readVirtualMachine(await run.cloud(service, 'deployVirtualMachine', deployParams(placement), { onId }));
      await nameCreation(store, how.key, vm.id);
      await keepRestore(store, { vm_id: vm.id, body: JSON.stringify(plan.facts), created_ms: clock.now() });
      await this.#setOs(caller, plan, vm, run);
      await inventory.adopt(caller, 'vm', vm.id);
      return (await inventory.refreshVm(vm.id, caller)) ?? vm;
    } catch (error) {
      await forgetCreation(store, how.key);
      throw error;
    }
  }

  /** A blank instance has no network, so CloudStack does not look for its name (ovirt 5.7.3). Other owners' names are their own. */
  async #requireFreeName({ plan, owner }: Placement, signal: AbortSignal): Promise<void> {
    const service = await this.#parts.cloud.require();
    const found = await service.list('listVirtualMachines', readVirtualMachine, { name: plan.name, ...owner }, { signal });
    const taken = found.some(
      (vm) => vm.name.toLowerCase() === plan.name.toLowerCase() && vm.state !== 'Expunging' && vm.state !== 'Destroyed',
    );
    if (taken) throw OvirtError('OVIRT_NAME_TAKEN', { name: plan.name });
  }

  /** A blank instance has an arbitrary guest OS. Failing here costs a warning, not the VM. */
  async #setOs(caller: Caller, plan: VmPlan, vm: VirtualMachine, run: OperationRun): Promise<void> {
    const os = chooseOsType(await this.#parts.inventory.osTypes(caller), plan.os);
    try {
      if (os !== undefined) await run.cloud(await this.#parts.cloud.require(), 'updateVirtualMachine', { id: vm.id, ostypeid: os.id });
    } catch (error) {
      this.#parts.log.warn({ err: error, vm: vm.id }, 'the guest OS of a new VM could not be set');
      const text = `The guest OS of VM ${vm.name} could not be set: ${publicText(error)}`;
      await this.#parts.events.tell({ severity: 'warning', description: text, owner: caller, vmId: vm.id });
    }
  }

  async #warn(caller: Caller, facts: RequestFacts, description: string): Promise<void> {
    await this.#parts.events.tell({ severity: 'warning', description, owner: caller, correlationId: facts.correlationId });
  }
}

function deployParams({ plan, zoneId, clusterId, choice, owner }: Placement) {
  const details = { ...plan.details, ...choice.details };
  return {
    zoneid: zoneId,
    clusterid: isUuid(clusterId) ? clusterId : undefined,
    serviceofferingid: choice.offering.id,
    blankinstance: true,
    hypervisor: 'KVM',
    name: plan.name,
    displayname: plan.displayName,
    startvm: false,
    ...plan.boot,
    userdata: plan.userdata,
    details: Object.keys(details).length === 0 ? undefined : details,
    ...owner,
  };
}
