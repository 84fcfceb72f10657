import { invalid, runtime } from '../api-error.ts';
import { inScope, requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { checkLimits } from '../limits.ts';
import type { Snapshot, Volume } from '../model.ts';
import { pageOf } from '../paging.ts';
import { scopeOf } from '../scope.ts';
import { addSnapshotRow, dropSnapshot, takeSnapshot } from '../snapshots.ts';
import { snapshotView } from '../views/snapshot.ts';

/** Snapshots of volumes: copies of their files. */
export const snapshotCommands: CommandTable = {
  listSnapshots: (context) => pageOf(context.params, 'snapshot', snapshots(context), (row) => snapshotView(context.cloud, row)),
  createSnapshot: (context) => createSnapshot(context),
  deleteSnapshot: (context) => deleteSnapshot(context),
};

function snapshots({ cloud, caller, params }: Context): Snapshot[] {
  const [volumeId, name, keyword] = ['volumeid', 'name', 'keyword'].map((param) => params.text(param));
  const ids = new Set(params.has('id') ? [params.text('id')] : params.list('ids'));
  return cloud.snapshots
    .filter((row) => row.state !== 'Destroyed' && inScope(caller, row.owner, scopeOf(params)))
    .filter((row) => ids.size === 0 || ids.has(row.id) || ids.has(String(row.n)))
    .filter((row) => (volumeId ?? row.volume.id) === row.volume.id && (name ?? row.name) === row.name && row.name.includes(keyword ?? ''));
}

const OF_RUNNING =
  'KVM Snapshot is not supported for Running VMs. It is disabled by default due to a possible volume corruption in certain cases. ' +
  'To enable it set global settings kvm.snapshot.enabled to True.';

function createSnapshot(context: Context): object {
  const { cloud, params, job } = context;
  const volume = volumeOf(context);
  checkLimits(cloud, volume.owner, { snapshot: 1, secondary_storage: volume.sizeBytes / 1024 ** 3 });
  const now = new Date(cloud.clock.now()).toISOString().replace(/\D/g, '').slice(0, 14);
  const name = params.text('name') ?? `${volume.vm?.name ?? 'detached'}_${volume.name}_${now}`;
  const snapshot = addSnapshotRow(cloud, volume, name, volume.owner);
  return job({
    id: snapshot.id,
    instance: { type: 'Snapshot', id: snapshot.id },
    begin: () => {
      volume.state = 'Snapshotting';
      snapshot.state = 'Creating';
    },
    run: async () => {
      await takeSnapshot(cloud, snapshot);
      volume.state = 'Ready';
      snapshot.state = params.flag('asyncbackup') ? 'BackingUp' : 'BackedUp';
      cloud.event('SNAPSHOT.CREATE', snapshot.owner, { id: snapshot.id, type: 'Snapshot', name });
      const view = { ...snapshotView(cloud, snapshot), snapshottype: 'MANUAL' };
      // An asynchronous copy to the secondary storage ends after the job; here with the next call.
      snapshot.state = 'BackedUp';
      return { snapshot: view };
    },
  });
}

/** @throws ApiError when it cannot be copied now */
function volumeOf({ cloud, caller, params }: Context): Volume {
  const volume = params.row('volumeid', cloud.volumes);
  requireUse(caller, volume.owner);
  if (volume.state !== 'Ready') throw invalid(`VolumeId: ${volume.n} is not in Ready state but ${volume.state}. Cannot take snapshot.`);
  if (volume.vm?.state === 'Running' && !cloud.snapshotsOfRunning) throw runtime(OF_RUNNING);
  return volume;
}

function deleteSnapshot({ cloud, caller, params, job }: Context): object {
  const snapshot = params.row('id', cloud.snapshots);
  requireUse(caller, snapshot.owner);
  return job({
    instance: { type: 'Snapshot', id: snapshot.id },
    run: async () => {
      if (snapshot.state === 'Destroyed') throw invalid(`Snapshot [${snapshot.name}] is already destroyed`);
      await dropSnapshot(cloud, snapshot);
      cloud.event('SNAPSHOT.DELETE', snapshot.owner, { id: snapshot.id, type: 'Snapshot', name: snapshot.name });
      return { success: true };
    },
  });
}
