import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { Account, DiskOffering, Pool, Template, Vm, Volume } from './model.ts';

/** What a new volume is. */
interface NewVolume {
  readonly id?: string | undefined;
  readonly name: string;
  readonly sizeBytes: number;
  readonly owner: Account;
  readonly type?: 'ROOT' | 'DATADISK' | undefined;
  readonly offering?: DiskOffering | undefined;
  readonly template?: Template | undefined;
}

/** A row without a file: `Allocated`. */
export function addVolume(cloud: Cloud, wish: NewVolume): Volume {
  const volume: Volume = {
    ...cloud.row(wish.id),
    name: wish.name,
    type: wish.type ?? 'DATADISK',
    state: 'Allocated',
    sizeBytes: wish.sizeBytes,
    owner: wish.owner,
    vm: undefined,
    deviceId: undefined,
    offering: wish.offering,
    template: wish.template,
    path: undefined,
    pool: undefined,
    created: cloud.clock.now(),
    attached: undefined,
    destroyed: undefined,
    tags: [],
    stats: undefined,
  };
  cloud.volumes.push(volume);
  return volume;
}

/** Makes the volume's file: `Ready`. With `file` an existing image is taken over. */
export async function placeVolume(cloud: Cloud, volume: Volume, pool: Pool, file?: string): Promise<void> {
  const name = randomUUID();
  if (file === undefined) await cloud.disks.create(name, volume.sizeBytes);
  volume.path = file === undefined ? name : await cloud.disks.adopt(file, name);
  if (file !== undefined) volume.sizeBytes = await cloud.disks.virtualSize(volume.path);
  volume.pool = pool;
  volume.state = 'Ready';
}

/** Device 0 makes a volume the root. */
export function attach(cloud: Cloud, volume: Volume, vm: Vm, deviceId: number): void {
  volume.vm = vm;
  volume.deviceId = deviceId;
  volume.attached = cloud.clock.now();
  if (deviceId === 0) volume.type = 'ROOT';
}

export function detach(volume: Volume): void {
  volume.vm = undefined;
  volume.deviceId = undefined;
  volume.attached = undefined;
}

/** The first free slot; 3 is kept for the CD-ROM. */
export function nextDeviceId(cloud: Cloud, vm: Vm): number {
  const taken = new Set([3, ...cloud.volumesOf(vm).map((volume) => volume.deviceId)]);
  let deviceId = 1;
  while (taken.has(deviceId)) deviceId += 1;
  return deviceId;
}

/** Row and file go. */
export async function removeVolume(cloud: Cloud, volume: Volume): Promise<void> {
  const { path } = volume;
  detach(volume);
  volume.state = 'Expunged';
  volume.pool = undefined;
  volume.path = undefined;
  if (path !== undefined) await cloud.disks.remove(path);
}

/** What the statistics collector would have seen; a file that is in somebody's hands may not be readable. */
export async function readStats(cloud: Cloud, volume: Volume): Promise<void> {
  if (volume.path === undefined || volume.state !== 'Ready') return;
  const physical = await cloud.disks.physicalSize(volume.path).catch(() => undefined);
  volume.stats = physical === undefined ? undefined : { physical, virtual: volume.sizeBytes };
}
