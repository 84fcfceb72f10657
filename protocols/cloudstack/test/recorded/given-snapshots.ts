import type { VmSnapshot } from '../../src/fake/model.ts';
import { addSnapshotRow } from '../../src/fake/snapshots.ts';
import { addVmSnapshotRow } from '../../src/fake/vm-snapshots.ts';
import type { Given, GivenTable } from './given.ts';
import type { World } from './world.ts';

/** A snapshot of a volume of alice's first instance. */
function snapshot(volume: string, name: string, state: 'BackedUp' | 'Destroyed' = 'BackedUp'): Given {
  return {
    with: ['vm-one'],
    world: ({ fake }) => {
      const row = fake.volume(volume);
      addSnapshotRow(fake.cloud, row, name, row.owner).state = state;
    },
  };
}

function vmSnapshots(...names: string[]): Given {
  return { with: ['vm-admin'], world: (world) => names.map((name) => vmSnapshot(world, name)) };
}

function vmSnapshot({ fake }: World, displayname: string): VmSnapshot {
  const row = addVmSnapshotRow(fake.cloud, fake.vm('vm-admin'), { displayname, description: undefined, type: 'DiskAndMemory' });
  return Object.assign(row, { state: 'Ready' as const });
}

/** `kvm.snapshot.enabled`: the simulator takes snapshots of everything. */
function anySnapshots({ fake }: World): void {
  fake.cloud.snapshotsOfRunning = true;
}

const TAKEN = 'vm-one_ROOT-4_20261121204323';

/** An image that no volume has. */
async function stranger({ fake }: World): Promise<void> {
  await fake.cloud.disks.create('disk-a.qcow2', 1024 ** 3);
}

/** Snapshots and imports. */
export const GIVEN_SNAPSHOTS: GivenTable = [
  [/^14-createSnapshot/, { world: anySnapshots }],
  [/^14-deleteSnapshot$/, snapshot('ROOT-4', TAKEN)],
  [/^14-deleteSnapshot-again$/, snapshot('ROOT-4', TAKEN, 'Destroyed')],
  [/^14-listSnapshots(-admin|-by-volume)?$/, snapshot('DATA-4', 'snap-one')],
  [/^14-createVMSnapshot-second$/, vmSnapshots('vmsnap-admin')],
  [/^26-kvm-createVMSnapshot-running-memory$/, vmSnapshots('vmsnap-admin', 'vmsnap-admin-2')],
  [
    /^26-kvm-createVMSnapshot-running-disk-only$/,
    {
      // The simulated host did not know the agent's command.
      world: ({ fake }) => fake.faults.next('createVMSnapshot', { kind: 'job', errorcode: 530, errortext: 'Unsupported command issued' }),
    },
  ],
  [/^14-(deleteVMSnapshot|revertToVMSnapshot-running)$/, vmSnapshots('vmsnap-admin')],
  [
    /^14-deleteVMSnapshot-again$/,
    {
      with: ['vm-admin'],
      world: (world) => {
        const gone = vmSnapshot(world, 'vmsnap-admin');
        world.fake.vm('vm-admin').snapshots = [];
        world.fake.cloud.goneVmSnapshots.push(gone);
      },
    },
  ],
  [/^(22-createSnapshot-during-backup|26-kvm-createSnapshot-running)$/, { with: ['vm-admin'] }],
  [
    /^26-kvm-createSnapshot-stopped$/,
    {
      with: ['vm-one', 'data-three'],
      world: ({ fake }) => Object.assign(fake.volume('data-three'), { vm: fake.vm('vm-one'), deviceId: 2 }),
    },
  ],
  // The zone of the recording had no KVM yet; the fake's has nothing else.
  [
    /^17-getUploadParamsForVolume$/,
    { request: (out) => Object.assign(out, { params: out.params.map(([name, value]) => [name, name === 'format' ? 'VHD' : value]) }) },
  ],
  [
    /^26-kvm-listVolumesForImport-agent-unsupported$/,
    {
      world: ({ fake }) =>
        fake.faults.next('listVolumesForImport', { kind: 'error', errorcode: 530, cserrorcode: 4250, errortext: 'Cannot get volumes' }),
    },
  ],
  [/^26-kvm-(importVolume|listVolumesForImport)$/, { world: stranger }],
];
