import { randomUUID } from 'node:crypto';
import { BackupBook } from './backup-book.ts';
import type { DiskFiles } from './disk-files.ts';
import type { FakeClock } from './fake-clock.ts';
import type { Features } from './features.ts';
import { HostAgent } from './host-agent.ts';
import { JobQueue } from './job-queue.ts';
import type {
  Account,
  CloudEventRow,
  DiskOffering,
  Domain,
  Host,
  ImageStore,
  Iso,
  Network,
  OsType,
  Place,
  Pool,
  Project,
  Role,
  Row,
  ServiceOffering,
  Snapshot,
  Template,
  User,
  Vm,
  VmSnapshot,
  Volume,
  Zone,
} from './model.ts';

/** What a fake cloud consists of. */
export interface CloudSettings {
  readonly clock: FakeClock;
  readonly disks: DiskFiles;
  readonly jobDelayMs: number;
  readonly volumeStats: boolean;
  readonly features: Features;
}

/** All rows of the fake cloud. */
export class Cloud {
  readonly clock: FakeClock;
  readonly disks: DiskFiles;
  readonly jobs: JobQueue;
  readonly features: Features;
  readonly backups: BackupBook;
  /** Of the one KVM host. */
  readonly agent = new HostAgent();
  /** Whether volumes have physical sizes, as after the first run of the statistics collector. */
  volumeStats: boolean;
  readonly managementServerId = randomUUID();
  /** `expunge.delay`: how long a destroyed instance can be recovered. */
  expungeDelayMs = 86_400_000;
  /** `kvm.snapshot.enabled`: snapshots of volumes whose instance runs. */
  snapshotsOfRunning = false;
  readonly roles: Role[] = [];
  readonly domains: Domain[] = [];
  readonly accounts: Account[] = [];
  readonly users: User[] = [];
  readonly projects: Project[] = [];
  readonly zones: Zone[] = [];
  readonly pods: Place[] = [];
  readonly clusters: Place[] = [];
  readonly hosts: Host[] = [];
  readonly pools: Pool[] = [];
  readonly imageStores: ImageStore[] = [];
  readonly networks: Network[] = [];
  readonly osTypes: OsType[] = [];
  readonly serviceOfferings: ServiceOffering[] = [];
  readonly diskOfferings: DiskOffering[] = [];
  readonly templates: Template[] = [];
  readonly isos: Iso[] = [];
  readonly vms: Vm[] = [];
  readonly volumes: Volume[] = [];
  readonly snapshots: Snapshot[] = [];
  /** Deleted ones: their ids are still known. */
  readonly goneVmSnapshots: VmSnapshot[] = [];
  readonly events: CloudEventRow[] = [];
  #last = 0;

  constructor(settings: CloudSettings) {
    this.clock = settings.clock;
    this.disks = settings.disks;
    this.volumeStats = settings.volumeStats;
    this.features = settings.features;
    this.backups = new BackupBook(settings.clock);
    this.jobs = new JobQueue(settings.clock, settings.jobDelayMs);
  }

  /** A new row's identity. */
  row(id: string = randomUUID()): { id: string; n: number } {
    this.#last += 1;
    return { id, n: this.#last };
  }

  get zone(): Zone {
    return first(this.zones);
  }

  get cluster(): Place {
    return first(this.clusters);
  }

  get pod(): Place {
    return first(this.pods);
  }

  get host(): Host {
    return first(this.hosts);
  }

  get pool(): Pool {
    return first(this.pools);
  }

  volumesOf(vm: Vm): Volume[] {
    return this.volumes.filter((volume) => volume.vm === vm).toSorted((a, b) => (a.deviceId ?? 0) - (b.deviceId ?? 0));
  }

  rootOf(vm: Vm): Volume | undefined {
    return this.volumes.find((volume) => volume.vm === vm && volume.type === 'ROOT');
  }

  event(type: string, account: Account, resource?: CloudEventRow['resource']): void {
    const username = this.users.find((user) => user.account === account)?.username ?? 'system';
    this.events.push({ ...this.row(), type, account, username, resource, description: `${type} completed`, created: this.clock.now() });
  }
}

/** Finds by UUID, or by internal number as the real server does. */
export function findRow<T extends Row>(rows: readonly T[], id: string): T | undefined {
  return rows.find((row) => row.id === id || String(row.n) === id);
}

function first<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('the fake cloud is empty');
  return row;
}
