import type { Cloud } from './cloud.ts';
import type { ServiceOffering, Vm } from './model.ts';
import { addNic } from './nics.ts';
import { startVm } from './power.ts';
import { accountOf } from './seed.ts';
import { addVmSnapshotRow } from './vm-snapshots.ts';
import { addVmRow } from './vms.ts';
import { addVolume, attach, placeVolume } from './volumes.ts';

/** A disk of a ready-made instance: empty, or an image that exists. */
export interface NewDisk {
  readonly name?: string | undefined;
  /** Whole GiB. Default 1. */
  readonly sizeGiB?: number | undefined;
  /** A qcow2 image: used where it lies when that is the pool, else copied into it. */
  readonly file?: string | undefined;
}

/** A ready-made instance. */
export interface NewWorkVm {
  readonly name: string;
  readonly displayname?: string | undefined;
  /** Default `admin`. */
  readonly account?: string | undefined;
  /** Default 1. Without a fixed offering of that size the customized one is taken. */
  readonly cpu?: number | undefined;
  /** Default 512. */
  readonly memoryMiB?: number | undefined;
  /** The first one is the root disk. */
  readonly disks?: readonly NewDisk[] | undefined;
  /** Default: one card in the account's own network. */
  readonly networks?: readonly string[] | undefined;
  /** Description. Default that of the template. */
  readonly osType?: string | undefined;
  /** Default `Stopped`. */
  readonly state?: 'Running' | 'Stopped' | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

const GIB = 1024 ** 3;

/** Makes an instance with files and cards, without a job. */
export async function addWorkVm(cloud: Cloud, wish: NewWorkVm): Promise<Vm> {
  const owner = accountOf(cloud, wish.account ?? 'admin');
  const user = cloud.users.find((row) => row.account === owner) ?? cloud.users[0];
  const template = cloud.templates.find((row) => !row.hidden);
  if (user === undefined || template === undefined) throw new Error('the fake cloud is empty');
  const size = { cpu: wish.cpu ?? 1, memoryMiB: wish.memoryMiB ?? 512 };
  const offering = offeringFor(cloud, size);
  const speed = offering.fixed?.speed ?? 1000;
  const vm = addVmRow(cloud, { name: wish.name, displayname: wish.displayname, owner, user, template, offering, ...size, speed });
  if (offering.fixed === undefined) vm.details = { cpuNumber: String(size.cpu), cpuSpeed: String(speed), memory: String(size.memoryMiB) };
  vm.osType = cloud.osTypes.find((row) => row.description === wish.osType) ?? vm.osType;
  vm.tags = Object.entries(wish.tags ?? {}).map(([key, value]) => ({ key, value }));
  for (const name of wish.networks ?? [`net-${owner.name}`]) {
    const network = cloud.networks.find((row) => row.name === name);
    if (network !== undefined) addNic(cloud, vm, network);
  }
  for (const [index, disk] of (wish.disks ?? []).entries()) await addDisk(cloud, vm, index, disk);
  if (wish.state === 'Running') startVm(cloud, vm);
  return vm;
}

/** A snapshot of an instance. */
export function addSnapshot(cloud: Cloud, vm: Vm, displayname: string, description?: string): void {
  addVmSnapshotRow(cloud, vm, { displayname, description, type: 'Disk' }).state = 'Ready';
}

async function addDisk(cloud: Cloud, vm: Vm, index: number, disk: NewDisk): Promise<void> {
  const root = index === 0;
  const volume = addVolume(cloud, {
    name: disk.name ?? (root ? `ROOT-${vm.n}` : `DATA-${vm.n}-${index}`),
    type: root ? 'ROOT' : 'DATADISK',
    sizeBytes: (disk.sizeGiB ?? 1) * GIB,
    owner: vm.owner,
    offering: root ? undefined : cloud.diskOfferings.find((row) => row.sizeGiB === 0),
    template: root ? vm.template : undefined,
  });
  await placeVolume(cloud, volume, cloud.pool, disk.file);
  // Device 3 is kept for the CD-ROM.
  attach(cloud, volume, vm, index < 3 ? index : index + 1);
  volume.attached = undefined;
}

function offeringFor(cloud: Cloud, size: { cpu: number; memoryMiB: number }): ServiceOffering {
  const fixed = cloud.serviceOfferings.find((row) => row.fixed?.cpu === size.cpu && row.fixed.memoryMiB === size.memoryMiB);
  const offering = fixed ?? cloud.serviceOfferings.find((row) => row.fixed === undefined);
  if (offering === undefined) throw new Error('the fake cloud has no customized offering');
  return offering;
}
