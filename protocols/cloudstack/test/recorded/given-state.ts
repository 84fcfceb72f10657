import type { Given, GivenTable } from './given.ts';
import { expunge, zoneDetails } from './given-request.ts';
import type { World } from './world.ts';

/** An instance that runs, with its disks on the pool. */
function running(name: string): Given {
  return {
    world: ({ fake }) => {
      const vm = fake.vm(name);
      vm.state = 'Running';
      vm.lastUpdated = vm.created;
      for (const nic of vm.nics) nic.plugged = true;
      for (const volume of fake.cloud.volumesOf(vm)) Object.assign(volume, { pool: fake.cloud.pool, state: 'Ready' });
    },
  };
}

function attached(volume: string, to: string, deviceId: number): Given {
  return { with: [to as 'vm-one'], world: (world) => attach(world, volume, to, deviceId) };
}

function attach({ fake }: World, name: string, to: string, deviceId: number): void {
  const volume = fake.volume(name);
  Object.assign(volume, { vm: fake.vm(to), deviceId, attached: fake.clock.now(), type: deviceId === 0 ? 'ROOT' : 'DATADISK' });
}

function snapshots(name: 'vm-one' | 'vm-two' | 'vm-admin', count: number): Given {
  return {
    with: [name],
    world: ({ fake }) => {
      for (let index = 0; index < count; index++)
        fake.addVmSnapshot(name, `snapshot ${index}`, name === 'vm-one' ? 'before update' : undefined);
    },
  };
}

function addNic({ fake }: World, vm: string, network: string): void {
  const found = fake.cloud.networks.find((row) => row.name === network);
  if (found !== undefined) fake.addNic(vm, found.name);
}

/** What only hosts of KVM say. */
const KVM_HOST = /^\.listhosts(metrics)?response\.host\.(details|encryptionsupported|instanceconversionsupported)$/;

/** State that was there when a call was recorded and that its request does not name. */
export const GIVEN_STATE: GivenTable = [
  [/^04-error-bad-(boolean|state)$/, { with: [] }],
  [
    /^04-error-insufficient-capacity$/,
    {
      world: (world) => {
        world.aliases.set('id', world.idOf('serviceoffering/Small Instance'));
        world.fake.cloud.host.capacity = { cpu: 1, memoryMiB: 256 };
      },
    },
  ],
  [/^04-lockAccount-afterwards-key-works$/, { world: zoneDetails }],
  [
    /^09-listEvents$/,
    { world: ({ fake }) => fake.cloud.event('VM.START', fake.userRow('alice').account, { id: 'x', type: 'VirtualMachine', name: 'x' }) },
  ],
  [/^(05-listHosts|05-listHosts-routing|11-listHostsMetrics)$/, { tolerate: [KVM_HOST] }],
  [/^05-listHosts-by-vm$/, { with: ['vm-one'], tolerate: [KVM_HOST], world: ({ fake }) => fake.addHost('kvm2', '127.0.0.2') }],
  [/^10-deployVirtualMachine-name-taken$/, { with: ['vm-one'] }],
  [/^11-listVirtualMachines-(admin-no-listall|hypervisor)/, { with: ['vm-admin'] }],
  [/^11-listVirtualMachines-by-host$/, { with: ['vm-one'] }],
  [/^11-listVirtualMachines-state-Stopped$/, { with: ['vm-two'] }],
  [/^12-destroyVirtualMachine-deleteprotection$/, { world: ({ fake }) => Object.assign(fake.vm('vm-two'), { deleteProtection: true }) }],
  [
    /^12-destroyVirtualMachine-(expunge|with-data-volume)(-user)?$/,
    { with: ['vm-gone'], world: (world) => world.aliases.set('id', world.idOf('virtualmachine/vm-gone')) },
  ],
  [
    /^12-(destroy|start|recover|list)VirtualMachines?-expunged/,
    {
      with: ['vm-gone'],
      world: (world) => [world.aliases.set('virtualmachine/vm-gone', world.idOf('virtualmachine/vm-gone')), expunge(world)],
    },
  ],
  [/^12-destroyVirtualMachine-running$/, running('vm-gone')],
  [/^12-(rebootVirtualMachine|startVirtualMachine-running)$/, running('vm-two')],
  [/^12-stopVirtualMachine$/, { world: ({ fake }) => Object.assign(fake.volume('DATA-6'), { vm: undefined }) }],
  [/^12-startVirtualMachine-foreign$/, { with: ['vm-one'] }],
  [/^13-attachVolume-again$/, attached('data-two', 'vm-one', 2)],
  [/^13-detachVolume$/, attached('data-two', 'vm-one', 2)],
  [
    /^13-(deleteVolume-again|listVolumes-deleted)$/,
    {
      with: ['data-two'],
      world: (world) => [
        world.aliases.set('volume/data-two', world.idOf('volume/data-two')),
        Object.assign(world.fake.volume('data-two'), { state: 'Expunged', pool: undefined }),
      ],
    },
  ],
  [/^13-listVolumes-admin-no-listall$/, { with: ['vm-admin'] }],
  [/^13-listVolumes-by-storage$/, { with: [] }],
  [
    /^13-listVolumes-page$/,
    {
      with: ['vm-one', 'data-two'],
      world: (world) => {
        attach(world, 'data-two', 'vm-one', 2);
        // The recorded page begins with the newest.
        const { volumes } = world.fake.cloud;
        volumes.splice(0, volumes.length, ...volumes.filter((row) => row.type === 'DATADISK'));
        Object.assign(world.fake.volume('DATA-4'), { attached: world.fake.clock.now() });
      },
    },
  ],
  [/^13-resizeVolume-custom$/, attached('data-three', 'vm-two', 2)],
  [/^14-listVMSnapshot-user$/, snapshots('vm-one', 1)],
  [/^14-listVMSnapshot(-by-vm)?$/, snapshots('vm-admin', 1)],
  [/^14-listVMSnapshot-two$/, snapshots('vm-admin', 2)],
  [/^26-kvm-listVMSnapshot$/, snapshots('vm-admin', 3)],
  [/^15-addNicToVirtualMachine-again$/, { world: (world) => addNic(world, 'vm-one', 'net-alice-2') }],
  [/^15-addNicToVirtualMachine-again-stopped$/, { world: (world) => addNic(world, 'vm-three', 'net-alice-2') }],
  [/^15-addNicToVirtualMachine-mac-ip$/, snapshots('vm-two', 1)],
  [/^15-addNicToVirtualMachine-mac$/, { world: ({ fake }) => fake.cloud.networks.map((row) => Object.assign(row, { implemented: true })) }],
  [/^15-updateDefaultNicForVirtualMachine$/, { world: (world) => addNic(world, 'vm-one', 'net-alice-2') }],
  [
    /^15-updateDefaultNicForVirtualMachine-back$/,
    {
      world: (world) => {
        addNic(world, 'vm-one', 'net-alice-2');
        for (const nic of world.fake.vm('vm-one').nics) nic.isDefault = nic.network.name === 'net-alice-2';
      },
    },
  ],
  [/^15-removeNicFromVirtualMachine$/, { world: (world) => addNic(world, 'vm-one', 'net-alice-2') }],
  [
    /^15-removeNicFromVirtualMachine-default$/,
    {
      world: (world) => {
        addNic(world, 'vm-one', 'net-alice-2');
        for (const nic of world.fake.vm('vm-one').nics) nic.isDefault = nic.network.name === 'net-alice-2';
      },
    },
  ],
  [
    /^15-removeNicFromVirtualMachine-again$/,
    {
      with: ['vm-three'],
      world: (world) => {
        addNic(world, 'vm-three', 'net-alice-2');
      },
    },
  ],
  [/^15-listVirtualMachines-two-nics$/, { with: ['vm-one'], world: (world) => addNic(world, 'vm-one', 'net-alice-2') }],
  [
    /^16-createTags(-two-vms)?$/,
    { with: ['vm-one', 'vm-two'], world: ({ fake }) => fake.cloud.vms.map((vm) => Object.assign(vm, { tags: [] })) },
  ],
  [/^16-deleteTags-absent$/, { world: ({ fake }) => Object.assign(fake.vm('vm-two'), { tags: [] }) }],
  [
    /^18-listVirtualMachines-admin-listall/,
    {
      with: ['vm-one', 'vm-two', 'vm-three', 'vm-admin', 'vm-proj'],
      world: ({ fake }) => Object.assign(fake.vm('vm-admin'), { boot: undefined }),
    },
  ],
  [/^18-listVirtualMachines-user-no-projectid$/, { with: ['vm-one', 'vm-two'] }],
  [/^18-deployVirtualMachine-project$/, { with: ['proj'] }],
  [/^18-/, { with: ['vm-one', 'vm-two', 'vm-three', 'vm-admin', 'vm-proj'] }],
  [
    /^21-kvm-list(VirtualMachines|Volumes)-user$/,
    { with: ['vm-one', 'vm-two'], world: ({ fake }) => Object.assign(fake.cloud, { volumeStats: true }) },
  ],
  [
    /^21-kvm-listVolumes$/,
    { with: ['vm-one', 'vm-two', 'vm-three', 'vm-admin'], world: ({ fake }) => Object.assign(fake.cloud, { volumeStats: true }) },
  ],
  [
    /^22-listVirtualMachines-details-after-backup$/,
    {
      with: ['vm-admin'],
      world: ({ fake }) => {
        const vm = fake.vm('vm-admin');
        Object.assign(vm, { state: 'Stopped', boot: undefined });
        for (const nic of vm.nics) nic.plugged = false;
      },
    },
  ],
  [/^23-startVirtualMachine$/, { world: ({ fake }) => Object.assign(fake.vm('vm-admin'), { state: 'Stopped', boot: undefined }) }],
  [/^26-createVolume-customid-taken$/, { with: ['data-two'], world: (world) => [world.aliases.set('id', world.idOf('volume/data-two'))] }],
  [/^26-kvm-addNicToVirtualMachine-mac-taken$/, { world: ({ fake }) => fake.addVmSnapshot(fake.cloud.vms[0]?.name ?? '', 'snapshot') }],
  [
    /^26-kvm-addNicToVirtualMachine-(mac|ip)-taken/,
    {
      with: ['vm-admin'],
      world: ({ fake }) => Object.assign(fake.vm('vm-admin').nics[0] ?? {}, { mac: '02:00:00:00:0a:01', ip: '10.1.1.99' }),
    },
  ],
  [
    /^26-kvm-listVirtualMachines-blank-started$/,
    {
      with: ['vm-blank-2', 'root-for-blank'],
      world: (world) => {
        attach(world, 'root-for-blank', 'vm-blank-2', 0);
        Object.assign(world.fake.vm('vm-blank-2'), { lastUpdated: world.fake.clock.now() });
      },
    },
  ],
  [
    /^26-kvm-listVolumes-root-for-blank$/,
    { with: ['vm-blank-2', 'root-for-blank'], world: (world) => attach(world, 'root-for-blank', 'vm-blank-2', 0) },
  ],
  [
    /^26-kvm-startVirtualMachine-blank-with-root$/,
    {
      with: ['root-for-blank'],
      world: (world) => {
        attach(world, 'root-for-blank', 'vm-blank-2', 0);
        // The simulator could not start a bare volume; this stands for its reason.
        world.fake.faults.next('startVirtualMachine', {
          kind: 'job',
          errorcode: 530,
          errortext: 'Command failed due to Internal Server Error',
        });
      },
    },
  ],
];
