import { ApiError } from './api-error.ts';
import type { Cloud } from './cloud.ts';
import type { Host, Vm, VmState } from './model.ts';

export function startVm(cloud: Cloud, vm: Vm): void {
  vm.host = hostFor(cloud, vm);
  vm.state = 'Running';
  vm.lastUpdated = cloud.clock.now();
  for (const nic of vm.nics) {
    nic.plugged = true;
    nic.network.implemented = true;
  }
}

export function stopVm(cloud: Cloud, vm: Vm): void {
  vm.state = 'Stopped';
  vm.lastUpdated = cloud.clock.now();
  for (const nic of vm.nics) nic.plugged = false;
}

/**
 * Chooses where an instance is to run: where it ran last, else the first host with room.
 * @param otherwise its state when there is none
 * @throws ApiError 533
 */
export function allocateHost(cloud: Cloud, vm: Vm, otherwise: VmState): void {
  try {
    vm.host = hostFor(cloud, vm);
  } catch (error) {
    vm.state = otherwise;
    throw error;
  }
}

function hostFor(cloud: Cloud, vm: Vm): Host {
  const last = vm.host === undefined ? [] : [vm.host];
  const found = [...last, ...cloud.hosts].find((host) => hasRoom(cloud, host, vm));
  if (found === undefined) throw new ApiError(533, undefined, `Unable to create a deployment for the instance ${vm.name}`);
  return found;
}

/** Whether what runs on the host leaves enough for it. */
function hasRoom(cloud: Cloud, host: Host, vm: Vm): boolean {
  const { capacity } = host;
  if (capacity === undefined) return true;
  const others = cloud.vms.filter((row) => row !== vm && row.host === host && (row.state === 'Running' || row.state === 'Stopping'));
  const sum = (value: (row: Vm) => number) => [vm, ...others].reduce((total, row) => total + value(row), 0);
  return sum((row) => row.cpu) <= capacity.cpu && sum((row) => row.memoryMiB) <= capacity.memoryMiB;
}
