import { denied, invalid } from '../api-error.ts';
import { requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { checkLimits } from '../limits.ts';
import type { Volume } from '../model.ts';
import { volumeView } from '../views/volume.ts';
import { removeVolume } from '../volumes.ts';

/** Volumes that can still be recovered, as destroyed instances can. */
export const volumeTrashCommands: CommandTable = {
  destroyVolume: (context) => destroyVolume(context),
  recoverVolume: (context) => recoverVolume(context),
};

function ownVolume({ cloud, caller, params }: Context): Volume {
  const volume = params.row('id', cloud.volumes);
  requireUse(caller, volume.owner);
  if (volume.state === 'Expunged') throw invalid(`Unable to find volume with ID: ${volume.n}`);
  return volume;
}

function destroyVolume(context: Context): object {
  const { cloud, caller, params, job } = context;
  const volume = ownVolume(context);
  if (params.flag('expunge') && caller.role === 'u') throw denied('Expunging a volume can only be done by an Admin.');
  return job({
    instance: { type: 'Volume', id: volume.id },
    run: async () => {
      if (volume.vm !== undefined) throw invalid('Please specify a volume that is not attached to any Instance.');
      volume.state = 'Destroy';
      volume.destroyed = cloud.clock.now();
      const view = volumeView(cloud, caller, volume);
      if (params.flag('expunge')) await removeVolume(cloud, volume);
      cloud.event('VOLUME.DESTROY', volume.owner, { id: volume.id, type: 'Volume', name: volume.name });
      return { volume: view };
    },
  });
}

function recoverVolume(context: Context): object {
  const { cloud, caller } = context;
  const volume = ownVolume(context);
  if (caller.role === 'u') throw denied('Recovering a volume can only be done by an Admin.');
  if (volume.state !== 'Destroy') throw invalid('Please specify a volume in Destroy state.');
  checkLimits(cloud, volume.owner, { volume: 1, primary_storage: volume.sizeBytes / 1024 ** 3 });
  volume.state = volume.pool === undefined ? 'Allocated' : 'Ready';
  volume.destroyed = undefined;
  return { volume: volumeView(cloud, caller, volume) };
}
