import type { VirtualMachine } from '@fairlead/cloudstack';
import type { Vm } from '@fairlead/ovirt/codec';
import { toReportedDevice } from '../map/nic.ts';
import { toOvf } from '../map/ovf.ts';
import { vmStatus } from '../map/status.ts';
import { tagNames } from '../map/tag.ts';
import type { Parts } from '../service/parts.ts';
import type { Surroundings } from '../service/vm-view.ts';
import { listed, only, selected } from './lists.ts';
import type { Call, Route } from './route.ts';

const FIELDS = ['name', 'id', 'status', 'cluster', 'tag', 'host', 'datacenter'];

/** Reading VMs (ovirt 5.7.1, 5.7.2). */
export function vmRoutes(parts: Parts): readonly Route[] {
  const { inventory, href } = parts;
  return [
    listed('/vms', 'vm', async (call) => {
      const around = await parts.vmView.surroundings(call.caller);
      const fieldOf = (vm: VirtualMachine, field: string) => searchValue(vm, field, around);
      const vms = selected(call, await inventory.vms(call.caller), { fields: FIELDS, fieldOf });
      return withContent(parts, call, vms);
    }),
    {
      method: 'GET',
      path: '/vms/:vm',
      handle: async (call) => {
        const vm = await inventory.vm(call.caller, call.params.vm ?? '');
        return { status: 200, type: 'vm', object: only(await withContent(parts, call, [vm])) };
      },
    },
    listed('/vms/:vm/reporteddevices', 'reported_device', async (call) => {
      const vm = await inventory.vm(call.caller, call.params.vm ?? '');
      return vm.nic.map((nic) => toReportedDevice(nic, vm.id, href));
    }),
  ];
}

/** With `all_content` each VM brings its OVF document along. */
async function withContent(parts: Parts, call: Call, vms: readonly VirtualMachine[]): Promise<readonly Vm[]> {
  if (!call.allContent) return parts.vmView.toVms(call.caller, vms);
  const { inventory, href } = parts;
  const [objects, around, volumes, pools, accounts] = await Promise.all([
    parts.vmView.toVms(call.caller, vms),
    parts.vmView.surroundings(call.caller),
    inventory.volumesByVm(call.caller),
    inventory.pools(call.caller),
    inventory.accounts(call.caller),
  ]);
  const poolById = new Map(pools.map((pool) => [pool.id, pool]));
  return vms.map((vm, index) => {
    const object: Vm = objects[index] ?? {};
    const source = {
      vm,
      object,
      clusterName: around.clusterOf(vm)?.name,
      volumes: volumes.get(vm.id) ?? [],
      pools: poolById,
      accountId: accounts.find((account) => account.name === vm.account && account.domainid === vm.domainid)?.id,
    };
    const data = toOvf(source, href, parts.context.clock.now());
    return { ...object, initialization: { configuration: { type: 'ovf', data } } };
  });
}

function searchValue(vm: VirtualMachine, field: string, around: Surroundings): string | readonly string[] | undefined {
  switch (field) {
    case 'name':
      return around.nameOf(vm);
    case 'id':
      return vm.id;
    case 'status':
      return vmStatus(vm.state);
    case 'tag':
      return tagNames(vm);
    case 'cluster':
      return namesOf(around.clusterOf(vm));
    case 'host':
      return namesOf(around.hostOf(vm));
    default:
      return [vm.zonename ?? '', vm.zoneid ?? ''];
  }
}

function namesOf(item: { readonly id: string; readonly name: string } | undefined): readonly string[] {
  return item === undefined ? [] : [item.name, item.id];
}
