import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, FakeCloudStack, type Vm } from '../../src/fake/index.ts';

/** What was there when the recordings were made, by the names that they have. */
export type Inhabitant = keyof typeof INHABITANTS;

/** A fake cloud with some of those things in it. */
export class World implements AsyncDisposable {
  readonly fake: FakeCloudStack;
  /** Ids that requests stand for in another way than by a name. */
  readonly aliases = new Map<string, string>();

  constructor(fake: FakeCloudStack) {
    this.fake = fake;
  }

  static async open(options: { at?: string | undefined; inhabitants: readonly Inhabitant[] }): Promise<World> {
    const poolPath = await mkdtemp(join(tmpdir(), 'cloudstack-pool-'));
    const clock = options.at === undefined ? new FakeClock() : new FakeClock(Date.parse(options.at));
    const world = new World(await FakeCloudStack.start({ poolPath, clock, volumeStats: false, exportApis: true, backupFramework: true }));
    addNetworks(world);
    for (const name of options.inhabitants) await INHABITANTS[name](world);
    return world;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fake.close();
    await rm(this.fake.poolPath, { recursive: true, force: true });
  }

  /** The id of `noun/name`. */
  idOf(reference: string): string {
    const alias = this.aliases.get(reference);
    if (alias !== undefined) return alias;
    const [noun = '', name = ''] = reference.split(/\/(.*)/s);
    const row = this.#rows(noun).find((candidate) => candidate.name === name);
    if (row === undefined) throw new Error(`nothing here is called ${reference}`);
    return row.id;
  }

  #rows(noun: string): ReadonlyArray<{ id: string; name: string }> {
    const { cloud } = this.fake;
    const nouns: Readonly<Record<string, () => ReadonlyArray<{ id: string; name: string }>>> = {
      virtualmachine: () => cloud.vms.map((vm) => ({ id: vm.id, name: vm.name })),
      volume: () => cloud.volumes,
      network: () => cloud.networks,
      zone: () => cloud.zones,
      cluster: () => cloud.clusters,
      storagepool: () => [
        ...cloud.pools,
        ...cloud.pools.map((pool) => ({ ...pool, name: 'SimulatedAgent.e6796fc8-5083-4935-a827-ebe43e0fb889-local-11a14b0d' })),
      ],
      host: () => cloud.hosts.map((host) => ({ ...host, name: 'Simulator' })),
      serviceoffering: () => cloud.serviceOfferings,
      diskoffering: () => cloud.diskOfferings,
      template: () => cloud.templates.map((template) => ({ ...template, name: 'CentOS 5.6 (64-bit) no GUI (Simulator)' })),
      ostype: () => cloud.osTypes.map((row) => ({ ...row, name: row.description })),
      account: () => cloud.accounts,
      user: () => cloud.users.map((row) => ({ ...row, name: row.username })),
      domain: () => cloud.domains,
      project: () => cloud.projects,
      snapshot: () => cloud.snapshots,
      vmsnapshot: () =>
        [...cloud.vms.flatMap((vm) => vm.snapshots), ...cloud.goneVmSnapshots].map((row) => ({ ...row, name: row.displayname })),
      nic: () => cloud.vms.flatMap((vm) => vm.nics).map((nic) => ({ ...nic, name: nic.network.name })),
    };
    return nouns[noun]?.() ?? [];
  }
}

/** A second network of alice; her first one and admin's are in use. */
function addNetworks({ fake }: World): void {
  const { account } = fake.userRow('alice');
  fake.addNetwork('net-alice-2', account.name);
  for (const network of fake.cloud.networks) network.implemented = network.name === 'net-alice' || network.name === 'net-admin';
}

/** As after a start and a stop. */
function wasRunning(vm: Vm): void {
  vm.state = 'Stopped';
  vm.lastUpdated = vm.created;
  vm.stats = true;
  for (const nic of vm.nics) nic.plugged = false;
}

/** As after a deployment with `startvm=false`: nothing on the pool yet. */
function neverStarted({ fake }: World, vm: Vm): void {
  vm.details = { deployvm: 'true' };
  for (const volume of fake.cloud.volumesOf(vm)) {
    volume.pool = undefined;
    volume.path = undefined;
    volume.state = 'Allocated';
    volume.attached = undefined;
  }
}

/** A volume that is attached to nothing. */
async function looseVolume({ fake }: World, name: string, account: string, ready = true): Promise<void> {
  const vm = await fake.addVm({ name: `holder-${name}`, account, networks: [], disks: [{ name: `root-${name}` }, { name, sizeGiB: 3 }] });
  const volume = fake.volume(name);
  volume.vm = undefined;
  volume.deviceId = undefined;
  volume.attached = undefined;
  if (!ready) {
    volume.pool = undefined;
    volume.path = undefined;
    volume.state = 'Allocated';
  }
  fake.cloud.volumes.splice(fake.cloud.volumes.indexOf(fake.volume(`root-${name}`)), 1);
  fake.cloud.vms.splice(fake.cloud.vms.indexOf(vm), 1);
}

async function blank({ fake }: World, name: string): Promise<Vm> {
  const vm = await fake.addVm({ name, account: 'admin', networks: [], disks: [] });
  const template = fake.cloud.templates.find((row) => row.hidden);
  Object.assign(vm, { template, details: { deployvm: 'true' } });
  return vm;
}

const INHABITANTS = {
  'vm-one': async ({ fake }: World) => {
    const vm = await fake.addVm({
      name: 'vm-one',
      displayname: 'VM one',
      account: 'alice',
      state: 'Running',
      disks: [
        { name: 'ROOT-4', sizeGiB: 2 },
        { name: 'DATA-4', sizeGiB: 5 },
      ],
      tags: { env: 'prod', note: 'a b+c*d~e é' },
    });
    vm.details = { nicAdapter: 'virtio' };
    vm.stats = true;
  },
  'vm-two': async ({ fake }: World) => {
    const disks = [
      { name: 'ROOT-6', sizeGiB: 2 },
      { name: 'DATA-6', sizeGiB: 1 },
    ];
    wasRunning(await fake.addVm({ name: 'vm-two', account: 'alice', cpu: 2, memoryMiB: 1024, disks, tags: { team: 'blue' } }));
  },
  'vm-three': async (world: World) => {
    const vm = await world.fake.addVm({ name: 'vm-three', account: 'alice', disks: [{ name: 'ROOT-7', sizeGiB: 2 }] });
    neverStarted(world, vm);
  },
  'vm-admin': async ({ fake }: World) => {
    const disks = [{ name: 'ROOT-8', sizeGiB: 2 }];
    const vm = await fake.addVm({ name: 'vm-admin', displayname: 'Ädmin VM ünïcode', state: 'Running', disks });
    vm.boot = { type: 'Bios', mode: 'legacy' };
    vm.stats = true;
  },
  'vm-gone': async (world: World) => {
    const vm = await world.fake.addVm({ name: 'vm-gone', account: 'alice', disks: [{ name: 'ROOT-11', sizeGiB: 2 }] });
    neverStarted(world, vm);
    vm.lastUpdated = vm.created;
    vm.state = 'Destroyed';
  },
  proj: ({ fake }: World) => {
    fake.addProject('proj', ['alice']);
    return Promise.resolve();
  },
  'vm-proj': async (world: World) => {
    const { fake } = world;
    if (fake.cloud.projects.length === 0) fake.addProject('proj', ['alice']);
    const account = fake.cloud.accounts.find((row) => row.project !== undefined)?.name;
    const network = fake.addNetwork('net-proj', account ?? '');
    const vm = await fake.addVm({ name: 'vm-proj', account, networks: [network.name], disks: [{ name: 'ROOT-21', sizeGiB: 2 }] });
    neverStarted(world, vm);
  },
  'vm-blank': (world: World) => blank(world, 'vm-blank'),
  'vm-blank-2': (world: World) => blank(world, 'vm-blank-2'),
  'data-two': (world: World) => looseVolume(world, 'data-two', 'alice'),
  'data-three': (world: World) => looseVolume(world, 'data-three', 'alice'),
  'DATA-13': (world: World) => looseVolume(world, 'DATA-13', 'admin', false),
  x: (world: World) => looseVolume(world, 'x', 'alice', false),
  foreign: (world: World) => looseVolume(world, 'foreign', 'bob', false),
  'restore-two': (world: World) => looseVolume(world, 'restore-two', 'admin'),
  'root-for-blank': (world: World) => looseVolume(world, 'root-for-blank', 'admin'),
} as const;

export const EVERYBODY = Object.keys(INHABITANTS) as Inhabitant[];

/** What was there when most lists were recorded. */
export const USUAL: readonly Inhabitant[] = ['vm-one', 'vm-two', 'vm-three', 'vm-admin'];
