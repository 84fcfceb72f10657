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
import { keepRestore } from '../store/restores.ts';
import type { CreationRow } from '../store/write-tables.ts';
import { waitFor } from './background.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { Creations } from './creations.ts';
import type { Events } from './events.ts';
import { isPassing, publicText } from './failure.ts';
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
  readonly creations: Creations;
}

/** Where and as what a VM is made. */
interface Placement {
  readonly plan: VmPlan;
  readonly zoneId: string;
  readonly clusterId: string;
  readonly choice: OfferingChoice;
  readonly owner: Owner;
}

/** A deployment under way. */
interface Deploying {
  readonly key: string;
  readonly run: OperationRun;
  readonly named: (id: string) => void;
  /** What an earlier request of the same meaning has noted. */
  readonly former: CreationRow | undefined;
}

const WAIT_MS = 120_000;
const DEADLINE_MS = 15 * 60_000;

/** Makes blank VMs for restores and workers: disks and NICs come afterwards (ovirt 5.7.3). */
export class VmCreate {
  readonly #parts: VmCreateParts;

  constructor(parts: VmCreateParts) {
    this.#parts = parts;
  }

  /**
   * A repeated request gets the VM that the first one made, also when nobody was told of it (ovirt 10.3).
   * @returns the VM; undefined when CloudStack has not named it in time, or its id alone when it is still at work
   * Throws `OVIRT_INCOMPLETE`, `OVIRT_NOT_FOUND`, `OVIRT_NAME_TAKEN`, `OVIRT_NO_OFFERING`, `OVIRT_SERVICE_KEY_NEEDED`, `OVIRT_LOCKED`.
   */
  async add(caller: Caller, body: Vm, facts: RequestFacts): Promise<{ readonly vm: VirtualMachine } | { readonly id: string }> {
    const { clock, creations } = this.#parts;
    const key = creations.key('vm', caller, facts, body.name ?? '');
    const known = await creations.known(key, { kind: 'vm', subject: caller.subject, name: body.name ?? '' });
    const vm = known?.told_ms == null ? undefined : await this.#again(caller, known.object_id);
    if (vm !== undefined) return { vm };
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
          return await this.#deploy(caller, placement, { key, run, named: named.resolve, former: known });
        } catch (error) {
          named.reject(error);
          throw error;
        }
      },
    });
    const outcome = await waitFor(done, { clock, ms: WAIT_MS, signal: facts.signal });
    const id = outcome.ended ? undefined : await named.promise;
    await creations.tell(key);
    return outcome.ended ? { vm: outcome.value } : { id: id ?? '' };
  }

  /** What was told once, as it is now; undefined when it is gone. */
  async #again(caller: Caller, id: string): Promise<VirtualMachine | undefined> {
    const { inventory } = this.#parts;
    if ((await inventory.refreshVm(id, caller)) === undefined) return undefined;
    return await inventory.vm(caller, id);
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

  /** CloudStack may have made it for an earlier request whose answer was lost: then only what follows is left to do. */
  async #deploy(caller: Caller, placement: Placement, how: Deploying): Promise<VirtualMachine> {
    const { store, clock, inventory, creations } = this.#parts;
    const { plan, owner } = placement;
    const { run, key, former } = how;
    if (!(await this.#parts.cloud.features()).blankInstance)
      throw OvirtError('OVIRT_UNSUPPORTED', { what: 'creating VMs on a CloudStack before 4.23' });
    const there = await this.#named(placement, run.signal);
    if (there !== undefined && !isMadeBy(former, there)) throw OvirtError('OVIRT_NAME_TAKEN', { name: plan.name });
    const wish = { kind: 'vm', name: plan.name, owner, objectId: there?.id ?? '', jobId: run.jobId } as const;
    await creations.note(key, caller, wish, former);
    const vm = there ?? (await this.#make(placement, how));
    how.named(vm.id);
    await keepRestore(store, { vm_id: vm.id, body: JSON.stringify(plan.facts), created_ms: clock.now() });
    await this.#setOs(caller, plan, vm, run);
    await inventory.adopt(caller, 'vm', vm.id);
    return (await inventory.refreshVm(vm.id, caller)) ?? vm;
  }

  async #make(placement: Placement, { key, run, named }: Deploying): Promise<VirtualMachine> {
    const { cloud, creations } = this.#parts;
    const onId = async (id: string) => {
      await creations.named(key, id);
      named(id);
    };
    try {
      const service = await cloud.require();
      const vm = readVirtualMachine(await run.cloud(service, 'deployVirtualMachine', deployParams(placement), { onId }));
      await creations.named(key, vm.id);
      return vm;
    } catch (error) {
      // Where CloudStack may have begun all the same, the row stays for whoever asks again.
      if (!isPassing(error) && !run.signal.aborted) await creations.forget(key);
      throw error;
    }
  }

  /** A blank instance has no network, so CloudStack does not look for its name (ovirt 5.7.3). Other owners' names are their own. */
  async #named({ plan, owner }: Placement, signal: AbortSignal): Promise<VirtualMachine | undefined> {
    const service = await this.#parts.cloud.require();
    const found = await service.list('listVirtualMachines', readVirtualMachine, { name: plan.name, ...owner }, { signal });
    return found.find((vm) => vm.name.toLowerCase() === plan.name.toLowerCase() && vm.state !== 'Expunging' && vm.state !== 'Destroyed');
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

/** The earlier request had found the name free and nobody was told how it ended: the instance of that name is the one that it made. */
function isMadeBy(former: CreationRow | undefined, vm: VirtualMachine): boolean {
  if (former === undefined || former.told_ms !== null) return false;
  return former.object_id === '' || former.object_id === vm.id;
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
