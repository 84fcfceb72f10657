/** The rows of the fake cloud. `n` is the internal number that the real server accepts as an id too. */
export interface Row {
  readonly id: string;
  readonly n: number;
}

export interface Domain extends Row {
  readonly name: string;
  readonly parent: Domain | undefined;
  /** `ROOT/tenants`. */
  readonly path: string;
  readonly created: number;
}

/** 0 user, 1 root admin, 2 domain admin. */
export type AccountType = 0 | 1 | 2;

export interface Account extends Row {
  readonly name: string;
  readonly type: AccountType;
  readonly domain: Domain;
  readonly created: number;
  state: 'enabled' | 'disabled' | 'locked';
  /** Limits of its own, by the number of the resource's type; -1: none (`limits.ts`). */
  readonly limits: Map<number, number>;
  /** A project owns things through an account of its own. */
  readonly project?: Project | undefined;
}

export interface Project extends Row {
  readonly name: string;
  readonly domain: Domain;
  readonly members: readonly string[];
  readonly created: number;
}

/** A role of the server's own; which commands it may call, `API_TABLE` says by its type. */
export interface Role extends Row {
  readonly name: string;
  readonly type: 'Admin' | 'ResourceAdmin' | 'DomainAdmin' | 'User';
  readonly description: string;
  readonly isPublic: boolean;
}

/** API key and secret; a user may have several, and all of them work. */
export interface KeyPair extends Row {
  readonly name: string;
  readonly apiKey: string;
  readonly secretKey: string;
  readonly created: number;
  readonly description?: string | undefined;
  /** Unix times in ms between which it works. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

export interface User extends Row {
  username: string;
  password: string;
  readonly account: Account;
  /** The newest is the last. */
  readonly keys: KeyPair[];
  readonly created: number;
  enabled: boolean;
  /** May look at things with its keys, but not log in. */
  locked: boolean;
  /** Whether its keys may be used; INHERIT: yes. */
  apiKeyAccess: 'INHERIT' | 'ENABLED' | 'DISABLED';
  firstname: string;
  lastname: string;
  email: string;
}

export interface Place extends Row {
  readonly name: string;
}

export interface Zone extends Place {
  /** Settings of the zone that differ, such as `backup.framework.provider.plugin`. */
  details: Record<string, string>;
}

export interface Pool extends Place {
  readonly path: string;
  readonly created: number;
}

export interface Host extends Place {
  readonly ipaddress: string;
  readonly created: number;
  /** What instances on it may have together; undefined: any amount. */
  capacity?: { readonly cpu: number; readonly memoryMiB: number } | undefined;
}

/** Secondary storage. */
export interface ImageStore extends Place {
  readonly url: string;
}

export interface Iso extends Place {
  readonly displaytext: string;
  readonly osType: OsType;
}

export interface Network extends Place {
  readonly owner: Account;
  readonly vlan: number;
  implemented: boolean;
  readonly created: number;
  /** Last number of the last address that was handed out. */
  lastAddress: number;
}

export interface OsType extends Row {
  readonly description: string;
  readonly category: string;
}

export interface ServiceOffering extends Place {
  /** Absent where customized. */
  readonly fixed?: { readonly cpu: number; readonly speed: number; readonly memoryMiB: number } | undefined;
  readonly diskOfferingId: string;
  readonly created: number;
}

export interface DiskOffering extends Place {
  readonly displaytext: string;
  /** 0 where customized. */
  readonly sizeGiB: number;
  readonly created: number;
}

export interface Template extends Place {
  readonly osType: OsType;
  readonly sizeBytes: number;
  /** Blank instances point at a template that no list shows. */
  readonly hidden: boolean;
  readonly created: number;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Nic extends Row {
  readonly network: Network;
  readonly mac: string;
  ip: string;
  readonly deviceId: number;
  isDefault: boolean;
  /** Link state. */
  enabled: boolean;
  /** A stop takes the VLAN away, a start gives it back. */
  plugged: boolean;
}

export interface VmSnapshot extends Row {
  readonly displayname: string;
  readonly description: string | undefined;
  readonly type: 'Disk' | 'DiskAndMemory';
  readonly created: number;
  state: 'Creating' | 'Ready' | 'Reverting' | 'Expunging';
  /** The one that was current when it was made. */
  parent: VmSnapshot | undefined;
  /** What the disks are a continuation of. */
  current: boolean;
}

/** A copy of a volume on the secondary storage. */
export interface Snapshot extends Row {
  readonly name: string;
  readonly volume: Volume;
  readonly owner: Account;
  readonly created: number;
  /** Of the volume, at that time. */
  readonly sizeBytes: number;
  state: 'Allocated' | 'Creating' | 'BackingUp' | 'BackedUp' | 'Destroyed' | 'Error';
  /** Its file in the pool's folder; undefined for a volume that had none. */
  path: string | undefined;
  tags: Tag[];
}

export type VmState = 'Starting' | 'Running' | 'Stopping' | 'Stopped' | 'Destroyed' | 'Expunging' | 'Error';

export interface Vm extends Row {
  name: string;
  displayname: string;
  owner: Account;
  readonly user: User;
  state: VmState;
  readonly created: number;
  lastUpdated: number | undefined;
  /** Where it runs; where it ran last. */
  host: Host | undefined;
  /** When it was destroyed; it is expunged some time later. */
  destroyed: number | undefined;
  readonly template: Template;
  offering: ServiceOffering;
  cpu: number;
  speed: number;
  memoryMiB: number;
  osType: OsType;
  details: Record<string, string>;
  nics: Nic[];
  tags: Tag[];
  snapshots: VmSnapshot[];
  haEnable: boolean;
  deleteProtection: boolean;
  userdata: string | undefined;
  boot: { readonly type: string; readonly mode: string } | undefined;
  /** The statistics collector has seen it. */
  stats: boolean;
}

/** `Restoring` while an image is uploaded to it. */
export type VolumeState = 'Allocated' | 'Creating' | 'Ready' | 'Restoring' | 'Snapshotting' | 'Resizing' | 'Destroy' | 'Expunged';

export interface Volume extends Row {
  name: string;
  type: 'ROOT' | 'DATADISK';
  state: VolumeState;
  sizeBytes: number;
  owner: Account;
  vm: Vm | undefined;
  deviceId: number | undefined;
  offering: DiskOffering | undefined;
  readonly template: Template | undefined;
  /** File name in the pool; undefined while it has none. */
  path: string | undefined;
  pool: Pool | undefined;
  readonly created: number;
  attached: number | undefined;
  /** When it was destroyed; it is expunged some time later. */
  destroyed: number | undefined;
  tags: Tag[];
  /** The statistics collector has seen it. */
  stats: { readonly physical: number; readonly virtual: number } | undefined;
}

export interface CloudEventRow extends Row {
  readonly type: string;
  readonly description: string;
  readonly account: Account;
  readonly username: string;
  readonly resource: { readonly id: string; readonly type: string; readonly name: string } | undefined;
  readonly created: number;
}
