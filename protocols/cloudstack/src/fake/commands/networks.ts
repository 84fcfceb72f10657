import { ApiError, invalid, runtime, serverApi } from '../api-error.ts';
import { inScope, requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { SAMPLES } from '../data/samples.ts';
import type { Network, Nic, Vm } from '../model.ts';
import { addNic } from '../nics.ts';
import { pageOf } from '../paging.ts';
import { scopeOf } from '../scope.ts';
import { dateText } from '../time.ts';
import { nicView } from '../views/nic.ts';
import { ownerView } from '../views/owner.ts';
import { vmView } from '../views/vm.ts';

/** Networks and network cards. */
export const networkCommands: CommandTable = {
  listNetworks: (context) => pageOf(context.params, 'network', networks(context), (row) => networkView(context, row)),
  listNics: (context) => listNics(context),
  addNicToVirtualMachine: (context) => addNicToVirtualMachine(context),
  removeNicFromVirtualMachine: (context) => removeNicFromVirtualMachine(context),
};

function networks({ cloud, caller, params }: Context): Network[] {
  const id = params.text('id');
  const traffic = params.text('traffictype') ?? 'Guest';
  const type = params.text('type') ?? 'Isolated';
  // Other than instances, a network is not found by its id alone, not even by a root admin.
  const scope = { ...scopeOf(params), byId: false };
  return cloud.networks
    .filter((row) => traffic === 'Guest' && type === 'Isolated' && inScope(caller, row.owner, scope))
    .filter((row) => (id ?? row.id) === row.id && row.name.includes(params.text('keyword') ?? ''));
}

function networkView({ cloud, caller }: Context, row: Network): object {
  const {
    broadcasturi: _uri,
    vlan: _vlan,
    account: _account,
    details,
    displaynetwork,
    keepmacaddressonpublicnic,
    ...rest
  } = SAMPLES.network;
  const admin = caller.role === 'a';
  const vlan = admin && row.implemented ? { broadcasturi: `vlan://${row.vlan}`, vlan: String(row.vlan) } : {};
  return {
    ...rest,
    id: row.id,
    name: row.name,
    displaytext: row.name,
    related: row.id,
    zoneid: cloud.zone.id,
    zonename: cloud.zone.name,
    state: row.implemented ? 'Implemented' : 'Allocated',
    ...vlan,
    ...ownerView(row.owner),
    ...(admin ? { details, displaynetwork, keepmacaddressonpublicnic } : {}),
    created: dateText(row.created),
  };
}

function listNics(context: Context): object {
  const { cloud, caller, params } = context;
  const vm = params.row('virtualmachineid', cloud.vms);
  try {
    requireUse(caller, vm.owner);
  } catch {
    throw serverApi(530, 'Caller does not have permission to operate with provided resource.');
  }
  const nicId = params.text('nicid');
  const found = vm.nics.filter((nic) => (nicId ?? nic.id) === nic.id);
  return pageOf(params, 'nic', found, (nic) => {
    const { secondaryip: _none, enabled, ...rest } = nicView(nic) as Record<string, unknown>;
    return { ...rest, virtualmachineid: vm.id, enabled };
  });
}

/** After a change of its cards an instance is answered without template, offering and volume. */
const AFTER_NIC = new Set(['nics']);

function addNicToVirtualMachine({ cloud, caller, params, job }: Context): object {
  const vm = params.row('virtualmachineid', cloud.vms);
  const network = params.row('networkid', cloud.networks);
  requireUse(caller, vm.owner);
  requireUse(caller, network.owner);
  return job({
    run: () => {
      checkNic(cloud.vms, vm, network, { mac: params.text('macaddress'), ip: params.text('ipaddress') });
      addNic(cloud, vm, network, { mac: params.text('macaddress'), ip: params.text('ipaddress') });
      cloud.event('NIC.CREATE', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      return { virtualmachine: vmView(cloud, caller, vm, AFTER_NIC) };
    },
    instance: { type: 'VirtualMachine', id: vm.id },
  });
}

function checkNic(vms: readonly Vm[], vm: Vm, network: Network, wish: { mac: string | undefined; ip: string | undefined }): void {
  if (vm.snapshots.length > 0) throw invalid('NIC cannot be added to Instance with Instance Snapshots');
  if (wish.mac !== undefined && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(wish.mac)) throw invalid(`Mac address is not valid: ${wish.mac}`);
  if (vm.nics.some((nic) => nic.network === network)) throw runtime(`A NIC already exists for VM:${vm.name} in network: ${network.id}`);
  const others = vms.flatMap((other) => other.nics).filter((nic) => nic.network === network);
  if (wish.mac !== undefined && others.some((nic) => nic.mac === wish.mac))
    throw runtime(`A NIC with this MAC address exists for network: ${network.id}`);
  const taken = wish.ip !== undefined && (!wish.ip.startsWith('10.1.1.') || others.some((nic) => nic.ip === wish.ip));
  if (taken)
    throw new ApiError(
      530,
      undefined,
      `Insufficient capacity when adding NIC to VM instance ${vm.name}: Unable to acquire Guest IP address`,
    );
}

function removeNicFromVirtualMachine({ cloud, caller, params, job }: Context): object {
  const vm = params.row('virtualmachineid', cloud.vms);
  requireUse(caller, vm.owner);
  const nic = params.row<Nic>(
    'nicid',
    cloud.vms.flatMap((other) => other.nics),
  );
  return job({
    run: () => {
      if (!vm.nics.includes(nic)) throw invalid(`Unable to find a NIC with ID ${nic.n}`);
      if (nic.isDefault) throw invalid(`Unable to remove NIC from VM instance ${vm.name}, as it is the default NIC`);
      vm.nics = vm.nics.filter((other) => other !== nic);
      return { virtualmachine: vmView(cloud, caller, vm, AFTER_NIC) };
    },
  });
}
