import { invalid, runtime, serverApi } from '../api-error.ts';
import { findAccount, requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { expungeVm } from '../expunge.ts';
import type { Vm, Volume } from '../model.ts';
import { addNic } from '../nics.ts';
import { stopVm } from '../power.ts';
import { vmView } from '../views/vm.ts';
import { removeVolume } from '../volumes.ts';

/** Changes, owners and ends of instances. */
export const vmChangeCommands: CommandTable = {
  updateVirtualMachine: (context) => updateVirtualMachine(context),
  assignVirtualMachine: (context) => assignVirtualMachine(context),
  destroyVirtualMachine: (context) => destroyVirtualMachine(context),
};

function ownVm({ cloud, caller, params }: Context, name = 'id'): Vm {
  const vm = params.row(name, cloud.vms);
  requireUse(caller, vm.owner);
  return vm;
}

function updateVirtualMachine(context: Context): object {
  const { cloud, caller, params } = context;
  const vm = ownVm(context);
  if (params.has('extraconfig')) throw runtime('Failed to update Instance: extra config is not enabled');
  updateDetails(context, vm);
  const name = params.text('name');
  // A new name alone overwrites the display name as well.
  vm.displayname = params.text('displayname') ?? name ?? vm.displayname;
  vm.name = name ?? vm.name;
  vm.osType = params.optionalRow('ostypeid', cloud.osTypes) ?? vm.osType;
  vm.userdata = params.text('userdata') ?? vm.userdata;
  if (params.has('haenable')) vm.haEnable = params.flag('haenable');
  if (params.has('deleteprotection')) vm.deleteProtection = params.flag('deleteprotection');
  return { virtualmachine: vmView(cloud, caller, vm) };
}

/** On a custom offering cpuNumber and memory must be repeated (fact 42 of the recordings). */
function updateDetails({ params }: Context, vm: Vm): void {
  const details = params.map('details');
  if (Object.keys(details).length === 0) return;
  const complete = details.cpuNumber !== undefined && details.memory !== undefined;
  if (vm.offering.fixed === undefined && !complete)
    throw runtime('Failed to update Instance, due to: Invalid CPU cores value, specify a value between 1 and 2147483647');
  vm.details = { ...details };
}

function assignVirtualMachine(context: Context): object {
  const { cloud, caller, params } = context;
  const vm = ownVm(context, 'virtualmachineid');
  const project = params.text('projectid');
  const owner =
    project === undefined
      ? findAccount(cloud, params.text('account') ?? '', params.text('domainid'))
      : cloud.accounts.find((row) => row.project?.id === project);
  if (owner === undefined) throw invalid('Invalid accountid or projectid');
  requireUse(caller, owner);
  if (vm.state !== 'Stopped') throw serverApi(431, `Failed to move Instance due to [${vm.n}].`);
  const networks = params.rowsOf('networkids', cloud.networks);
  const chosen = networks.length > 0 || vm.nics.length === 0 ? networks : cloud.networks.filter((row) => row.owner === owner).slice(0, 1);
  vm.owner = owner;
  vm.nics = [];
  for (const network of chosen) addNic(cloud, vm, network);
  for (const volume of cloud.volumesOf(vm)) volume.owner = owner;
  return { virtualmachine: vmView(cloud, caller, vm) };
}

function destroyVirtualMachine(context: Context): object {
  const { cloud, caller, params, job } = context;
  const vm = ownVm(context);
  const expunge = params.flag('expunge');
  return job({
    instance: { type: 'VirtualMachine', id: vm.id },
    run: async () => {
      if (vm.state === 'Expunging') throw invalid(`unable to find a virtual machine with id ${vm.n}`);
      if (vm.deleteProtection)
        throw invalid(`Instance [id = ${vm.id}, name = ${vm.name}] has delete protection enabled and cannot be deleted.`);
      if (expunge && caller.role !== 'a') throw runtime('Account does not have permission for expunging.');
      const data = dataVolumes(context, vm);
      if (vm.state === 'Running') stopVm(cloud, vm);
      for (const volume of data) await removeVolume(cloud, volume);
      cloud.event('VM.DESTROY', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      vm.state = 'Destroyed';
      vm.destroyed = cloud.clock.now();
      if (!expunge) return { virtualmachine: vmView(cloud, caller, vm) };
      await expungeVm(cloud, vm);
      return { virtualmachine: { securitygroup: [], nic: [], affinitygroup: [], deleteprotection: false, tags: [] } };
    },
  });
}

function dataVolumes({ cloud, params }: Context, vm: Vm): Volume[] {
  const volumes = params.rowsOf('volumeids', cloud.volumes);
  const wrong = volumes.find((volume) => volume.vm !== vm || volume.type !== 'DATADISK');
  if (wrong !== undefined) throw invalid(`The following supplied volumes are not DATADISK attached to the VM: ${wrong.name}; `);
  return volumes;
}
