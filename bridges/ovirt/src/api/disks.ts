import type { VirtualMachine, Volume } from '@fairlead/cloudstack';
import { OvirtError } from '../errors.ts';
import { pick } from '../service/lookup.ts';
import type { Parts } from '../service/parts.ts';
import { done, factsOf, idOf } from './answers.ts';
import { listed, selected } from './lists.ts';
import type { Call, OneAnswer, Route } from './route.ts';

const FIELDS = ['name', 'alias', 'id', 'description', 'vm_names', 'storage', 'status', 'bootable'];
/** Nothing that a client relies on is left undone: the format of a disk is what it is. */
const UNSUPPORTED = ['copy', 'move', 'export', 'refreshlun', 'sparsify'];

/** Disks (ovirt 5.8). */
export function diskRoutes(parts: Parts): readonly Route[] {
  const { inventory, disks, diskView } = parts;
  const one = async (call: Call, volume: Volume, status = 200): Promise<OneAnswer> => ({
    status,
    type: 'disk',
    object: await diskView.toDisk(call.caller, volume),
  });
  return [
    listed('/disks', 'disk', async (call) => found(parts, call, await inventory.volumes(call.caller))),
    listed('/storagedomains/:pool/disks', 'disk', async (call) => {
      const pool = pick(await inventory.pools(call.caller), idOf(call, 'pool'));
      return found(
        parts,
        call,
        (await inventory.volumes(call.caller)).filter((volume) => volume.storageid === pool.id),
      );
    }),
    { method: 'GET', path: '/disks/:disk', handle: async (call) => one(call, await inventory.volume(call.caller, idOf(call, 'disk'))) },
    {
      method: 'POST',
      path: '/disks',
      handle: async (call) => {
        const { volume, isReady } = await disks.add(call.caller, call.body('disk'), factsOf(call));
        return one(call, volume, isReady ? 201 : 202);
      },
    },
    {
      method: 'PUT',
      path: '/disks/:disk',
      handle: async (call) => one(call, await disks.change(call.caller, idOf(call, 'disk'), call.body('disk'), factsOf(call))),
    },
    {
      method: 'DELETE',
      path: '/disks/:disk',
      handle: async (call) => {
        await disks.remove(call.caller, idOf(call, 'disk'), factsOf(call));
        return done();
      },
    },
    ...diskActions(parts),
  ];
}

function diskActions({ inventory, diskView }: Parts): readonly Route[] {
  const action = (name: string, handle: Route['handle']): Route => ({ method: 'POST', path: `/disks/:disk/${name}`, handle });
  const known = async (call: Call) => diskView.toDisk(call.caller, await inventory.volume(call.caller, idOf(call, 'disk')));
  return [
    // A volume holds no space that an ended snapshot left behind: there is nothing to give back (ovirt 5.8).
    action('reduce', async (call) => {
      await known(call);
      return done();
    }),
    action('convert', async (call) => {
      const disk = await known(call);
      const wanted = call.body('action').disk ?? {};
      const isSame = (wanted.format ?? disk.format) === disk.format && (wanted.sparse ?? disk.sparse) === disk.sparse;
      if (!isSame) throw OvirtError('OVIRT_UNSUPPORTED', { what: 'converting a disk' });
      return done();
    }),
    ...UNSUPPORTED.map((name) =>
      action(name, async (call) => {
        await known(call);
        throw OvirtError('OVIRT_UNSUPPORTED', { what: `the action ${name} of disks` });
      }),
    ),
  ];
}

async function found({ inventory, diskView }: Parts, call: Call, volumes: readonly Volume[]): Promise<readonly object[]> {
  const [vms, pools] = call.search === undefined ? [[], []] : await Promise.all([inventory.vms(call.caller), inventory.pools(call.caller)]);
  const vmById = new Map(vms.map((vm): [string, VirtualMachine] => [vm.id, vm]));
  const poolNames = new Map(pools.map((pool) => [pool.id, pool.name]));
  const searchValue = (volume: Volume, field: string): string | readonly string[] | undefined => {
    switch (field) {
      case 'id':
        return volume.id;
      case 'vm_names':
        return vmById.get(volume.virtualmachineid ?? '')?.name ?? volume.vmname;
      case 'storage':
        return [volume.storageid ?? '', poolNames.get(volume.storageid ?? '') ?? ''];
      case 'status':
        return volume.state === 'Ready' || volume.state === 'Allocated' ? 'ok' : 'locked';
      case 'bootable':
        return String(volume.type === 'ROOT');
      default:
        return volume.name;
    }
  };
  return await diskView.toDisks(call.caller, selected(call, volumes, { fields: FIELDS, fieldOf: searchValue }));
}
