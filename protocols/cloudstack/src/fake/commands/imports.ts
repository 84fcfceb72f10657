import { invalid, runtime } from '../api-error.ts';
import type { CommandTable, Context } from '../command.ts';
import type { Pool } from '../model.ts';
import { pageOf } from '../paging.ts';
import { volumeView } from '../views/volume.ts';
import { addVolume, placeVolume } from '../volumes.ts';

/** What comes in from outside: volumes that lie in the pool already; uploads are refused, there is no agent of the secondary storage. */
export const importCommands: CommandTable = {
  listVolumesForImport: (context) => listVolumesForImport(context),
  importVolume: (context) => importVolume(context),
  unmanageVolume: (context) => unmanageVolume(context),
  listUnmanagedInstances: () => ({}),
  importVm: (context) => importVm(context),
  uploadVolume: (context) => uploadVolume(context),
  getUploadParamsForVolume: (context) => uploadParams(context),
  getUploadParamsForTemplate: (context) => uploadParams(context),
};

/** Files of the pool that no volume has. */
async function strangersOf({ cloud }: Context): Promise<string[]> {
  const known = new Set([...cloud.volumes, ...cloud.snapshots].map((row) => row.path));
  return (await cloud.disks.names()).filter((name) => !known.has(name));
}

function poolOf({ cloud, params }: Context): Pool {
  return params.row('storageid', cloud.pools);
}

async function listVolumesForImport(context: Context): Promise<object> {
  const { cloud, params } = context;
  const pool = poolOf(context);
  const path = params.text('path');
  const names = (await strangersOf(context)).filter((name) => (path ?? name) === name);
  const rows = await Promise.all(
    names.map(async (name) => ({
      name,
      path: name,
      fullpath: cloud.disks.pathOf(name),
      format: 'QCOW2',
      size: await cloud.disks.physicalSize(name),
      virtualsize: await cloud.disks.virtualSize(name),
      storageid: pool.id,
      storage: pool.name,
      storagetype: 'SharedMountPoint',
      details: {},
    })),
  );
  return pageOf(params, 'volumeforimport', rows, (row) => row);
}

function importVolume(context: Context): object {
  const { cloud, caller, params, job } = context;
  const pool = poolOf(context);
  const path = params.text('path') ?? '';
  return job({
    run: async () => {
      if (!(await strangersOf(context)).includes(path)) throw runtime(`Volume ${path} not found on storage pool ${pool.name}`);
      const offering = params.optionalRow('diskofferingid', cloud.diskOfferings) ?? cloud.diskOfferings.find((row) => row.sizeGiB === 0);
      const volume = addVolume(cloud, { name: params.text('name') ?? path, sizeBytes: 0, owner: caller.account, offering });
      await placeVolume(cloud, volume, pool, cloud.disks.pathOf(path));
      cloud.event('VOLUME.IMPORT', volume.owner, { id: volume.id, type: 'Volume', name: volume.name });
      return { volume: { ...volumeView(cloud, caller, volume), deviceid: 1 } };
    },
  });
}

/** The row goes, the file stays. */
function unmanageVolume({ cloud, params, job }: Context): object {
  const volume = params.row('id', cloud.volumes);
  return job({
    run: () => {
      if (volume.state !== 'Ready') throw invalid(`Volume (ID: ${volume.id}) is not ready`);
      if (volume.vm !== undefined) throw invalid(`Volume (ID: ${volume.id}) is attached to an Instance`);
      Object.assign(volume, { state: 'Expunged', pool: undefined, path: undefined });
      return { success: true };
    },
  });
}

function importVm({ params, job }: Context): object {
  return job({
    run: () => {
      const local = ['shared', 'local'].includes(params.text('importsource') ?? '');
      if (local && !params.has('storageid')) throw invalid('Storage Pool is required for Import from shared/local storage');
      throw runtime('This fake of CloudStack does not simulate imports of instances.');
    },
  });
}

function uploadVolume({ job }: Context): object {
  return job({
    run: () => {
      throw runtime('Illegal host specified in URL.');
    },
  });
}

function uploadParams({ params }: Context): object {
  const format = params.text('format')?.toUpperCase();
  if (format !== 'QCOW2' && format !== 'RAW') throw invalid(`The hypervisor supported for ${format} file format, is not found on the zone`);
  throw runtime('Failed to upload: there is no agent of the secondary storage');
}
