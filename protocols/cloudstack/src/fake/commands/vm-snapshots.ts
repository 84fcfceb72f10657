import { invalid } from '../api-error.ts';
import { inScope, requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import type { Vm, VmSnapshot } from '../model.ts';
import { pageOf } from '../paging.ts';
import { scopeOf } from '../scope.ts';
import { vmSnapshotView } from '../views/snapshot.ts';
import { vmView } from '../views/vm.ts';
import { addVmSnapshotRow, dropVmSnapshot, revertVm, takeVmSnapshot } from '../vm-snapshots.ts';

/** `vmsnapshot.max`. */
const MOST = 10;

/** Snapshots of instances, kept inside the files of their disks. */
export const vmSnapshotCommands: CommandTable = {
  listVMSnapshot: (context) => listVmSnapshot(context),
  createVMSnapshot: (context) => createVmSnapshot(context),
  deleteVMSnapshot: (context) => deleteVmSnapshot(context),
  revertToVMSnapshot: (context) => revertToVmSnapshot(context),
};

function listVmSnapshot({ cloud, caller, params }: Context): object {
  const vmId = params.text('virtualmachineid');
  const rows = cloud.vms
    .filter((vm) => inScope(caller, vm.owner, { ...scopeOf(params), byId: vmId !== undefined }) && (vmId ?? vm.id) === vm.id)
    .flatMap((vm) => vm.snapshots.toReversed().map((snapshot) => ({ vm, snapshot })));
  return pageOf(params, 'vmSnapshot', rows, ({ vm, snapshot }) => vmSnapshotView(cloud, vm, snapshot));
}

function createVmSnapshot({ cloud, caller, params, job }: Context): object {
  const vm = params.row('virtualmachineid', cloud.vms);
  requireUse(caller, vm.owner);
  const memory = params.flag('snapshotmemory');
  if (vm.state !== 'Running' && vm.state !== 'Stopped')
    throw invalid(`Creating Instance Snapshot failed due to Instance: ${vm.name} is not in the running or Stopped state`);
  if (memory && vm.state !== 'Running') throw invalid('Can not Snapshot memory when Instance is not in Running state');
  if (vm.snapshots.length >= MOST)
    throw invalid(
      `Creating Instance Snapshot failed due to an Instance can just have : ${MOST} Instance Snapshots. Please delete old ones`,
    );
  const displayname = params.text('name') ?? `${vm.name}_VS_${cloud.clock.now()}`;
  const type = memory ? 'DiskAndMemory' : 'Disk';
  const snapshot = addVmSnapshotRow(cloud, vm, { displayname, description: params.text('description'), type });
  return job({
    id: snapshot.id,
    instance: { type: 'VmSnapshot' },
    run: async () => {
      await takeVmSnapshot(cloud, vm, snapshot);
      cloud.event('VMSNAPSHOT.CREATE', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      return { vmsnapshot: vmSnapshotView(cloud, vm, snapshot) };
    },
  });
}

/** A deleted snapshot is still known by its id. */
function snapshotOf({ cloud, caller, params }: Context): { vm: Vm | undefined; snapshot: VmSnapshot } {
  const all = [...cloud.vms.flatMap((vm) => vm.snapshots), ...cloud.goneVmSnapshots];
  const snapshot = params.row('vmsnapshotid', all);
  const vm = cloud.vms.find((row) => row.snapshots.includes(snapshot));
  if (vm !== undefined) requireUse(caller, vm.owner);
  return { vm, snapshot };
}

function deleteVmSnapshot(context: Context): object {
  const { cloud, job } = context;
  const { vm, snapshot } = snapshotOf(context);
  return job({
    instance: { type: 'VmSnapshot' },
    begin: () => {
      if (vm !== undefined) snapshot.state = 'Expunging';
    },
    run: async () => {
      if (vm === undefined) throw invalid(`Unable to find the Instance Snapshot with id ${snapshot.n}`);
      await dropVmSnapshot(cloud, vm, snapshot);
      cloud.event('VMSNAPSHOT.DELETE', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      return { success: true };
    },
  });
}

const STATE_WOULD_CHANGE =
  'Instance Snapshot revert not allowed. This will result in Instance state change. You can revert running Instance to disk and memory type ' +
  'Snapshot and stopped Instance to disk type Snapshot';

function revertToVmSnapshot(context: Context): object {
  const { cloud, caller, job } = context;
  const { vm, snapshot } = snapshotOf(context);
  if (vm === undefined) throw invalid('unable to find the Instance Snapshot');
  return job({
    instance: { type: 'VmSnapshot' },
    begin: () => {
      const fits = vm.state === (snapshot.type === 'Disk' ? 'Stopped' : 'Running');
      if (!fits) throw invalid(STATE_WOULD_CHANGE);
      if (snapshot.state !== 'Ready') throw invalid('Instance Snapshot is not ready');
      snapshot.state = 'Reverting';
    },
    run: async () => {
      await revertVm(cloud, vm, snapshot);
      cloud.event('VMSNAPSHOT.REVERTTO', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      return { virtualmachine: vmView(cloud, caller, vm) };
    },
  });
}
