import { denied, invalid, runtime } from '../api-error.ts';
import { requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { expungeVm } from '../expunge.ts';
import { checkLimits } from '../limits.ts';
import type { ServiceOffering, Vm } from '../model.ts';
import { vmView } from '../views/vm.ts';

/** Destroyed instances come back or go for good; others get another size or host. */
export const vmLifecycleCommands: CommandTable = {
  recoverVirtualMachine: (context) => recover(context),
  expungeVirtualMachine: (context) => expunge(context),
  scaleVirtualMachine: (context) => scale(context),
  migrateVirtualMachine: (context) => migrate(context),
};

const SETTING = 'can only be done by an Admin. Or when the allow.user.expunge.recover.vm key is set.';

function ownVm({ cloud, caller, params }: Context, name = 'id'): Vm {
  const vm = params.row(name, cloud.vms);
  requireUse(caller, vm.owner);
  return vm;
}

function recover(context: Context): object {
  const { cloud, caller } = context;
  const vm = ownVm(context);
  if (caller.role === 'u') throw denied(`Recovering a vm ${SETTING}`);
  if (vm.state === 'Expunging') throw invalid(`Unable to find an Instance with id ${vm.n}`);
  if (vm.state !== 'Destroyed') throw invalid(`Instance ${vm.name} is in state ${vm.state}, not Destroyed`);
  checkLimits(cloud, vm.owner, { user_vm: 1, cpu: vm.cpu, memory: vm.memoryMiB });
  vm.state = 'Stopped';
  vm.destroyed = undefined;
  cloud.event('VM.RECOVER', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
  return { virtualmachine: vmView(cloud, caller, vm) };
}

function expunge(context: Context): object {
  const { cloud, caller, job } = context;
  const vm = ownVm(context);
  return job({
    instance: { type: 'VirtualMachine', id: vm.id },
    run: async () => {
      if (caller.role === 'u') throw denied(`Expunging a vm ${SETTING}`);
      if (vm.state !== 'Destroyed') throw runtime('Please destroy vm with specified vmId before expunge');
      await expungeVm(cloud, vm);
      cloud.event('VM.EXPUNGE', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      return { success: true };
    },
  });
}

function scale(context: Context): object {
  const { cloud, caller, params, job } = context;
  const vm = ownVm(context);
  const offering = params.row('serviceofferingid', cloud.serviceOfferings);
  const size = offering.fixed ?? customSize(context);
  return job({
    instance: { type: 'VirtualMachine', id: vm.id },
    run: () => {
      if (vm.state === 'Running') throw invalid(`Unable to scale ${vm.name}: it runs and is not dynamically scalable`);
      if (vm.state !== 'Stopped') throw invalid(`Unable to scale ${vm.name} in state ${vm.state}`);
      checkLimits(cloud, vm.owner, { cpu: size.cpu - vm.cpu, memory: size.memoryMiB - vm.memoryMiB });
      resize(vm, offering, size);
      return { virtualmachine: vmView(cloud, caller, vm) };
    },
  });
}

function customSize({ params }: Context): NonNullable<ServiceOffering['fixed']> {
  const { cpuNumber, cpuSpeed, memory } = params.map('details');
  const [cpu, speed, memoryMiB] = [cpuNumber, cpuSpeed, memory].map(Number);
  if (!cpu || !speed || !memoryMiB)
    throw invalid('Need to specify custom parameter values cpu, cpu speed and memory when using custom offering');
  return { cpu, speed, memoryMiB };
}

function resize(vm: Vm, offering: ServiceOffering, { cpu, speed, memoryMiB }: NonNullable<ServiceOffering['fixed']>): void {
  const { cpuNumber: _cpu, cpuSpeed: _speed, memory: _memory, ...rest } = vm.details;
  const custom = { cpuNumber: String(cpu), cpuSpeed: String(speed), memory: String(memoryMiB) };
  Object.assign(vm, { offering, cpu, speed, memoryMiB });
  vm.details = offering.fixed === undefined ? { ...rest, ...custom } : rest;
}

/** Root admins only, by the role's commands. */
function migrate(context: Context): object {
  const { cloud, caller, params, job } = context;
  const vm = ownVm(context, 'virtualmachineid');
  const host = params.optionalRow('hostid', cloud.hosts) ?? cloud.hosts.find((row) => row !== vm.host);
  if (vm.state !== 'Running') throw invalid(`Instance ${vm.name} is not running, unable to migrate it`);
  if (host === undefined || host === vm.host)
    throw invalid('Cannot migrate Instance, Instance is already present on this host, please specify valid destination host');
  return job({
    instance: { type: 'VirtualMachine', id: vm.id },
    run: () => {
      vm.host = host;
      cloud.event('VM.MIGRATE', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      return { virtualmachine: vmView(cloud, caller, vm) };
    },
  });
}
