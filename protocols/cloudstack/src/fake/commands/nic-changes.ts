import { invalid } from '../api-error.ts';
import { requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import type { Nic, Vm } from '../model.ts';
import { vmView } from '../views/vm.ts';

/** Changes of network cards that there are. */
export const nicChangeCommands: CommandTable = {
  updateDefaultNicForVirtualMachine: (context) => updateDefaultNic(context),
  updateVmNicIp: (context) => updateVmNicIp(context),
  updateVmNic: (context) => updateVmNic(context),
};

/** After a change of its cards an instance is answered without template, offering and volume. */
const AFTER_NIC = new Set(['nics']);

function nicOf({ cloud, caller, params }: Context): { vm: Vm; nic: Nic } {
  const nic = params.row(
    'nicid',
    cloud.vms.flatMap((vm) => vm.nics),
  );
  const vm = cloud.vms.find((row) => row.nics.includes(nic));
  if (vm === undefined) throw invalid(`Unable to find a NIC with ID ${nic.n}`);
  requireUse(caller, vm.owner);
  return { vm, nic };
}

function updateDefaultNic(context: Context): object {
  const { cloud, caller, params, job } = context;
  const vm = params.row('virtualmachineid', cloud.vms);
  requireUse(caller, vm.owner);
  const { nic } = nicOf(context);
  return job({
    run: () => {
      if (!vm.nics.includes(nic)) throw invalid(`${nic.id} is not a NIC of Instance ${vm.name}`);
      if (nic.isDefault) throw invalid('Unable to set default NIC: it is the default NIC already');
      if (vm.state !== 'Running' && vm.state !== 'Stopped') throw invalid(`Instance ${vm.name} is in state ${vm.state}`);
      for (const other of vm.nics) other.isDefault = other === nic;
      cloud.event('NIC.UPDATE', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      return { virtualmachine: vmView(cloud, caller, vm, AFTER_NIC) };
    },
  });
}

function updateVmNicIp(context: Context): object {
  const { cloud, caller, params, job } = context;
  const { vm, nic } = nicOf(context);
  const ip = params.text('ipaddress');
  return job({
    run: () => {
      if (vm.state !== 'Stopped') throw invalid('Instance is not Stopped, unable to update its NIC');
      const taken = cloud.vms.flatMap((other) => other.nics).some((other) => other.network === nic.network && other.ip === ip);
      if (ip === undefined || taken || !ip.startsWith('10.1.'))
        throw invalid(`Allocating IP to guest NIC ${nic.id} failed, please choose another IP`);
      nic.ip = ip;
      return { virtualmachine: vmView(cloud, caller, vm, AFTER_NIC) };
    },
  });
}

/** Link state. */
function updateVmNic(context: Context): object {
  const { cloud, caller, params, job } = context;
  const { vm, nic } = nicOf(context);
  return job({
    run: () => {
      if (params.has('enabled')) nic.enabled = params.flag('enabled');
      return { virtualmachine: vmView(cloud, caller, vm, AFTER_NIC) };
    },
  });
}
