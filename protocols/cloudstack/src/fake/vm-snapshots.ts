import type { Cloud } from './cloud.ts';
import type { Vm, VmSnapshot } from './model.ts';

/** A snapshot of an instance's disks, still without any content; the chain goes on from it. */
export function addVmSnapshotRow(cloud: Cloud, vm: Vm, wish: Pick<VmSnapshot, 'displayname' | 'description' | 'type'>): VmSnapshot {
  const parent = vm.snapshots.find((snapshot) => snapshot.current);
  const snapshot: VmSnapshot = { ...cloud.row(), ...wish, created: cloud.clock.now(), state: 'Creating', parent, current: false };
  vm.snapshots.push(snapshot);
  makeCurrent(vm, snapshot);
  return snapshot;
}

/** Keeps what the disks hold now, inside their files. */
export async function takeVmSnapshot(cloud: Cloud, vm: Vm, snapshot: VmSnapshot): Promise<void> {
  for (const name of filesOf(cloud, vm)) await cloud.disks.takeInside(name, snapshot.id);
  snapshot.state = 'Ready';
}

/** Puts the disks back. */
export async function revertVm(cloud: Cloud, vm: Vm, snapshot: VmSnapshot): Promise<void> {
  for (const name of filesOf(cloud, vm))
    if (await cloud.disks.hasInside(name, snapshot.id)) await cloud.disks.revertInside(name, snapshot.id);
  snapshot.state = 'Ready';
  makeCurrent(vm, snapshot);
}

/** Takes it out of the chain: its children follow its parent. */
export async function dropVmSnapshot(cloud: Cloud, vm: Vm, snapshot: VmSnapshot): Promise<void> {
  for (const name of filesOf(cloud, vm))
    if (await cloud.disks.hasInside(name, snapshot.id)) await cloud.disks.dropInside(name, snapshot.id);
  cloud.goneVmSnapshots.push(snapshot);
  vm.snapshots = vm.snapshots.filter((row) => row !== snapshot);
  for (const child of vm.snapshots) if (child.parent === snapshot) child.parent = snapshot.parent;
  if (snapshot.current && snapshot.parent !== undefined) makeCurrent(vm, snapshot.parent);
}

function makeCurrent(vm: Vm, current: VmSnapshot): void {
  for (const snapshot of vm.snapshots) snapshot.current = snapshot === current;
}

function filesOf(cloud: Cloud, vm: Vm): string[] {
  return cloud.volumesOf(vm).flatMap((volume) => volume.path ?? []);
}
