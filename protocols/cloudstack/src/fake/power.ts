import type { Cloud } from './cloud.ts';
import type { Vm } from './model.ts';

export function startVm(cloud: Cloud, vm: Vm): void {
  vm.state = 'Running';
  vm.host ??= cloud.host;
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
