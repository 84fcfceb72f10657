import type { Nic as CloudNic } from '@fairlead/cloudstack';
import type { Nic } from '@fairlead/ovirt';
import { toNic, toReportedDevice } from '../map/nic.ts';
import type { Parts } from '../service/parts.ts';
import { done, factsOf, idOf } from './answers.ts';
import { listed } from './lists.ts';
import type { Call, OneAnswer, Route } from './route.ts';

/** Network cards of a VM (ovirt 5.10). */
export function nicRoutes(parts: Parts): readonly Route[] {
  const { inventory, nics, href } = parts;
  const path = '/vms/:vm/nics';
  const one = (call: Call, nic: CloudNic, status = 200): OneAnswer => {
    const object: Nic = toNic(nic, idOf(call, 'vm'), href);
    return { status, type: 'nic', object };
  };
  return [
    listed(path, 'nic', async (call) => {
      const vm = await inventory.vm(call.caller, idOf(call, 'vm'));
      return vm.nic.slice(0, call.max).map((nic) => toNic(nic, vm.id, href, { nicAdapter: vm.details.nicAdapter }));
    }),
    {
      method: 'GET',
      path: `${path}/:nic`,
      handle: async (call) => one(call, (await nics.get(call.caller, idOf(call, 'vm'), idOf(call, 'nic'))).nic),
    },
    listed(`${path}/:nic/reporteddevices`, 'reported_device', async (call) => {
      const { vm, nic } = await nics.get(call.caller, idOf(call, 'vm'), idOf(call, 'nic'));
      return [toReportedDevice(nic, vm.id, href)];
    }),
    {
      method: 'POST',
      path,
      handle: async (call) => one(call, await nics.add(call.caller, idOf(call, 'vm'), call.body('nic'), factsOf(call)), 201),
    },
    {
      method: 'PUT',
      path: `${path}/:nic`,
      handle: async (call) => {
        const what = { body: call.body('nic'), facts: factsOf(call) };
        return one(call, await nics.change(call.caller, idOf(call, 'vm'), idOf(call, 'nic'), what));
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:nic`,
      handle: async (call) => {
        await nics.remove(call.caller, idOf(call, 'vm'), idOf(call, 'nic'), factsOf(call));
        return done();
      },
    },
    ...(['activate', 'deactivate'] as const).map((action): Route => linkRoute(parts, `${path}/:nic/${action}`, action === 'activate')),
  ];
}

function linkRoute({ nics }: Parts, path: string, linked: boolean): Route {
  return {
    method: 'POST',
    path,
    handle: async (call) => {
      await nics.change(call.caller, idOf(call, 'vm'), idOf(call, 'nic'), { body: { linked }, facts: factsOf(call) });
      return done();
    },
  };
}
