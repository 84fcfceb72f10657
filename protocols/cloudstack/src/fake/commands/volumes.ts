import { ApiError, invalid, runtime } from '../api-error.ts';
import { findAccount, inScope, requireUse } from '../caller.ts';
import { findRow } from '../cloud.ts';
import type { CommandTable, Context } from '../command.ts';
import { checkLimits } from '../limits.ts';
import type { Account, Volume } from '../model.ts';
import { pageOf } from '../paging.ts';
import { scopeOf } from '../scope.ts';
import { volumeView } from '../views/volume.ts';
import { addVolume, attach, detach, nextDeviceId, placeVolume, readStats, removeVolume } from '../volumes.ts';

const GIB = 1024 ** 3;

/** Volumes: rows, and qcow2 files in the pool. */
export const volumeCommands: CommandTable = {
  listVolumes: (context) => listVolumes(context),
  createVolume: (context) => createVolume(context),
  attachVolume: (context) => attachVolume(context),
  detachVolume: (context) => detachVolume(context),
  deleteVolume: (context) => deleteVolume(context),
  resizeVolume: (context) => resizeVolume(context),
  updateVolume: (context) => updateVolume(context),
  assignVolume: (context) => assignVolume(context),
};

async function listVolumes(context: Context): Promise<object> {
  const { cloud, caller, params } = context;
  const [vm, pool, type, name] = ['virtualmachineid', 'storageid', 'type', 'name'].map((param) => params.text(param));
  const ids = new Set(params.has('id') ? [params.text('id')] : params.list('ids'));
  const rows = cloud.volumes
    .filter((row) => inScope(caller, row.owner, scopeOf(params)))
    .filter((row) => row.state !== 'Expunged' && (row.state !== 'Destroy' || params.text('state') === 'Destroy'))
    .filter((row) => (ids.size === 0 || ids.has(row.id) || ids.has(String(row.n))) && (vm ?? row.vm?.id) === row.vm?.id)
    .filter((row) => (pool ?? row.pool?.id) === row.pool?.id && (type ?? row.type) === row.type && (name ?? row.name) === row.name)
    .filter((row) => row.name.includes(params.text('keyword') ?? '') && (params.text('state') ?? row.state) === row.state);
  if (cloud.volumeStats) await Promise.all(rows.map((row) => readStats(cloud, row)));
  return pageOf(params, 'volume', rows, (row) => volumeView(cloud, caller, row));
}

function createVolume(context: Context): object {
  const { cloud, caller, params, job } = context;
  if (params.has('snapshotid')) return createFromSnapshot(context);
  const offering = params.optionalRow('diskofferingid', cloud.diskOfferings);
  if (offering === undefined) throw invalid('At least one of disk Offering ID or snapshot ID must be passed whilst creating volume');
  const custom = offering.sizeGiB === 0;
  const size = params.number('size');
  if (custom && size === undefined) throw invalid('This disk offering requires a custom size specified');
  if (custom && (size ?? 0) <= 0) throw invalid('Disk size must be larger than 0');
  const customId = params.text('customid');
  if (customId !== undefined && findRow(cloud.volumes, customId) !== undefined)
    throw invalid(`UUID: ${customId} already exists so can't create/update with custom id`);
  const sizeBytes = (custom ? (size ?? 0) : offering.sizeGiB) * GIB;
  const owner = ownerOf(context);
  checkLimits(cloud, owner, { volume: 1, primary_storage: sizeBytes / GIB });
  const volume = addVolume(cloud, { id: customId, name: params.text('name') ?? '', sizeBytes, owner, offering });
  // An ordinary account's storageid is silently ignored (fact 39 of the recordings).
  const pool = caller.role === 'a' ? params.optionalRow('storageid', cloud.pools) : undefined;
  return job({
    id: volume.id,
    instance: { type: 'Volume', id: volume.id },
    begin: () => {
      volume.state = pool === undefined ? 'Allocated' : 'Creating';
    },
    run: async () => {
      if (pool !== undefined) await placeVolume(cloud, volume, pool);
      cloud.event('VOLUME.CREATE', volume.owner, { id: volume.id, type: 'Volume', name: volume.name });
      return { volume: volumeView(cloud, caller, volume) };
    },
  });
}

/** A volume with the content of a snapshot; it lies on the pool at once. */
function createFromSnapshot(context: Context): object {
  const { cloud, caller, params, job } = context;
  const snapshot = params.row('snapshotid', cloud.snapshots);
  requireUse(caller, snapshot.owner);
  if (snapshot.state !== 'BackedUp')
    throw invalid(`Snapshot id=${snapshot.n} is not in BackedUp state yet and can't be used for volume creation`);
  const owner = ownerOf(context);
  checkLimits(cloud, owner, { volume: 1, primary_storage: snapshot.sizeBytes / GIB });
  const offering = params.optionalRow('diskofferingid', cloud.diskOfferings) ?? snapshot.volume.offering;
  const volume = addVolume(cloud, { name: params.text('name') ?? '', sizeBytes: snapshot.sizeBytes, owner, offering });
  return job({
    id: volume.id,
    instance: { type: 'Volume', id: volume.id },
    begin: () => {
      volume.state = 'Creating';
    },
    run: async () => {
      const copy = snapshot.path === undefined ? undefined : `${volume.id}-copy`;
      if (copy !== undefined) await cloud.disks.copy(snapshot.path ?? '', copy);
      await placeVolume(cloud, volume, cloud.pool, copy === undefined ? undefined : cloud.disks.pathOf(copy));
      return { volume: volumeView(cloud, caller, volume) };
    },
  });
}

/** Whom the caller creates for. */
function ownerOf({ cloud, caller, params }: Context): Account {
  const project = params.text('projectid');
  const wanted =
    project === undefined
      ? findAccount(cloud, params.text('account') ?? caller.account.name, params.text('domainid'))
      : cloud.accounts.find((row) => row.project?.id === project);
  if (wanted === undefined) throw invalid(`Unable to find account ${params.text('account')}`);
  requireUse(caller, wanted);
  return wanted;
}

function ownVolume({ cloud, caller, params }: Context, name = 'id'): Volume {
  const volume = params.row(name, cloud.volumes);
  if (volume.state === 'Expunged') throw invalid(`Unable to find volume with ID: ${volume.n}`);
  requireUse(caller, volume.owner);
  return volume;
}

function attachVolume(context: Context): object {
  const { cloud, caller, params, job } = context;
  const volume = ownVolume(context);
  const vm = params.row('virtualmachineid', cloud.vms);
  requireUse(caller, vm.owner);
  return job({
    instance: { type: 'Volume', id: volume.id },
    run: async () => {
      if (volume.vm !== undefined) throw invalid('Please specify a volume that is not attached to any VM.');
      if (volume.state !== 'Ready' && volume.state !== 'Allocated')
        throw invalid(`Volume state must be in Allocated, Ready or in Uploaded state, is ${volume.state}`);
      if (vm.snapshots.length > 0)
        throw invalid('Unable to attach volume, please specify an Instance that does not have Instance Snapshots');
      const deviceId = params.number('deviceid') ?? nextDeviceId(cloud, vm);
      const other = cloud.volumesOf(vm).find((row) => row.deviceId === deviceId);
      if (other !== undefined) throw runtime(`deviceId ${deviceId} is used by vol ${other.name} on vm ${vm.name}`);
      if (deviceId === 0 && vm.state !== 'Stopped') throw invalid('Root volume can be attached only to a stopped VM');
      const placed = cloud.rootOf(vm)?.pool ?? (vm.state === 'Running' ? cloud.pool : undefined);
      if (volume.pool === undefined && placed !== undefined) await placeVolume(cloud, volume, placed);
      attach(cloud, volume, vm, deviceId);
      return { volume: volumeView(cloud, caller, volume) };
    },
  });
}

function detachVolume(context: Context): object {
  const { cloud, caller, params, job } = context;
  const volume = params.has('id') ? ownVolume(context) : volumeOfSlot(context);
  return job({
    instance: { type: 'Volume', id: volume.id },
    run: () => {
      const { vm } = volume;
      if (vm === undefined) throw invalid('The specified volume is not attached to a VM.');
      if (volume.type === 'ROOT' && vm.state !== 'Stopped' && vm.state !== 'Destroyed')
        throw invalid('Root volume detach can happen only when vm is in states: Stopped or Destroyed');
      detach(volume);
      return { volume: volumeView(cloud, caller, volume) };
    },
  });
}

function volumeOfSlot({ cloud, caller, params }: Context): Volume {
  const vm = params.row('virtualmachineid', cloud.vms);
  requireUse(caller, vm.owner);
  const volume = cloud.volumesOf(vm).find((row) => row.deviceId === params.number('deviceid'));
  if (volume === undefined) throw invalid('No volume attached at that device');
  return volume;
}

async function deleteVolume(context: Context): Promise<object> {
  const volume = ownVolume(context);
  if (volume.vm !== undefined) throw invalid('Please specify a volume that is not attached to any VM.');
  if (volume.state === 'Restoring') throw runtime(`Volume ${volume.name} is being restored`);
  await removeVolume(context.cloud, volume);
  return { success: true };
}

function resizeVolume(context: Context): object {
  const { cloud, params, job } = context;
  const volume = ownVolume(context);
  const offering = params.optionalRow('diskofferingid', cloud.diskOfferings) ?? volume.offering;
  const sizeBytes = (params.number('size') ?? offering?.sizeGiB ?? 0) * GIB;
  const before = volume.state;
  return job({
    instance: { type: 'Volume', id: volume.id },
    begin: () => {
      if (before === 'Ready') volume.state = 'Resizing';
    },
    run: () => {
      volume.state = before;
      return resize(context, volume, { sizeBytes, offering });
    },
  });
}

async function resize({ cloud, caller, params }: Context, volume: Volume, to: Pick<Volume, 'sizeBytes' | 'offering'>): Promise<object> {
  const shrink = to.sizeBytes < volume.sizeBytes;
  if (shrink && !params.flag('shrinkok')) throw new ApiError(432, undefined, shrinkText(volume.sizeBytes, to.sizeBytes));
  checkLimits(cloud, volume.owner, { primary_storage: (to.sizeBytes - volume.sizeBytes) / GIB });
  if (volume.path !== undefined) await cloud.disks.resize(volume.path, to.sizeBytes, shrink);
  Object.assign(volume, to);
  return { volume: volumeView(cloud, caller, volume) };
}

function shrinkText(from: number, to: number): string {
  return `Going from existing size of ${from} to size of ${to} would shrink the volume.Need to sign off by supplying the shrinkok parameter with value of true.`;
}

function updateVolume(context: Context): object {
  const { cloud, caller, params, job } = context;
  const volume = ownVolume(context);
  return job({
    instance: { type: 'Volume', id: volume.id },
    run: () => {
      volume.name = params.text('name') ?? volume.name;
      return { volume: volumeView(cloud, caller, volume) };
    },
  });
}

function assignVolume(context: Context): object {
  const { cloud, caller, params } = context;
  const volume = ownVolume(context, 'volumeid');
  const project = params.text('projectid');
  const owner =
    params.optionalRow('accountid', cloud.accounts) ??
    cloud.accounts.find((row) => row.project !== undefined && row.project.id === project);
  if (owner === undefined) throw invalid('Either the account or the project must be given.');
  requireUse(caller, owner);
  if (volume.vm !== undefined) throw invalid('The volume is attached to an Instance.');
  volume.owner = owner;
  const { storagetype, hypervisor, ...view } = volumeView(cloud, caller, volume) as Record<string, unknown>;
  // This one answer does not say where a volume without a pool would lie.
  return { volume: volume.pool === undefined ? view : { ...view, storagetype, hypervisor } };
}
