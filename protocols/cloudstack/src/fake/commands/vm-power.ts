import { invalid, runtime } from '../api-error.ts';
import { requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import type { Vm } from '../model.ts';
import { allocateHost, startVm, stopVm } from '../power.ts';
import { vmView } from '../views/vm.ts';
import { placeVolume } from '../volumes.ts';

/** Start, stop and reboot. */
export const vmPowerCommands: CommandTable = {
  startVirtualMachine: (context) => start(context),
  stopVirtualMachine: (context) => stop(context),
  rebootVirtualMachine: (context) => reboot(context),
};

function ownVm({ cloud, caller, params }: Context): Vm {
  const vm = params.row('id', cloud.vms);
  requireUse(caller, vm.owner);
  return vm;
}

function start(context: Context): object {
  const { cloud, caller, job } = context;
  const vm = ownVm(context);
  return job({
    instance: { type: 'VirtualMachine', id: vm.id },
    begin: () => {
      requirePresent(vm);
      if (vm.state === 'Running') throw invalid(`The virtual machine ${vm.id} (${vm.name}) is already running`);
      if (cloud.rootOf(vm) === undefined) throw runtime(`Unable to create deployment, no usable volumes found for the VM: ${vm.id}`);
      vm.state = 'Starting';
    },
    run: async () => {
      allocateHost(cloud, vm, 'Stopped');
      for (const volume of cloud.volumesOf(vm)) if (volume.pool === undefined) await placeVolume(cloud, volume, cloud.pool);
      startVm(cloud, vm);
      cloud.event('VM.START', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      const view = vmView(cloud, caller, vm);
      vm.stats = true;
      return { virtualmachine: view };
    },
  });
}

/** On a stopped instance the job succeeds. */
function stop(context: Context): object {
  const { cloud, caller, job } = context;
  const vm = ownVm(context);
  return job({
    instance: { type: 'VirtualMachine', id: vm.id },
    begin: () => {
      requirePresent(vm);
      if (vm.state === 'Running') vm.state = 'Stopping';
    },
    run: () => {
      if (vm.state !== 'Stopped') stopVm(cloud, vm);
      cloud.event('VM.STOP', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      return { virtualmachine: vmView(cloud, caller, vm) };
    },
  });
}

function reboot(context: Context): object {
  const { cloud, caller, job } = context;
  const vm = ownVm(context);
  return job({
    instance: { type: 'VirtualMachine', id: vm.id },
    run: () => {
      requirePresent(vm);
      if (vm.state !== 'Running') throw invalid(`The Instance ${vm.id} (${vm.name}) is not running, unable to reboot it`);
      return { virtualmachine: vmView(cloud, caller, vm) };
    },
  });
}

function requirePresent(vm: Vm): void {
  if (vm.state === 'Expunging') throw invalid(`unable to find a virtual machine with id ${vm.n}`);
}
