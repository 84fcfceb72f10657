import type { Cloud } from './cloud.ts';
import type { Vm } from './model.ts';
import { detach, removeVolume } from './volumes.ts';

/** Ends an instance for good; its data disks outlive it, detached. */
export async function expungeVm(cloud: Cloud, vm: Vm): Promise<void> {
  vm.state = 'Expunging';
  for (const volume of cloud.volumesOf(vm)) {
    if (volume.type === 'ROOT') await removeVolume(cloud, volume);
    else detach(volume);
  }
  vm.nics = [];
  cloud.goneVmSnapshots.push(...vm.snapshots);
  vm.snapshots = [];
}

/** `expunge.interval`: what was destroyed `expunge.delay` ago goes. */
export async function expungeOld(cloud: Cloud): Promise<void> {
  const before = cloud.clock.now() - cloud.expungeDelayMs;
  for (const vm of cloud.vms)
    if (vm.state === 'Destroyed' && (vm.destroyed ?? Number.POSITIVE_INFINITY) <= before) await expungeVm(cloud, vm);
  for (const volume of cloud.volumes)
    if (volume.state === 'Destroy' && (volume.destroyed ?? Number.POSITIVE_INFINITY) <= before) await removeVolume(cloud, volume);
}
