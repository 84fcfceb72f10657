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
  /** Most volumes it may own; undefined: any number. */
  volumeLimit?: number | undefined;
  /** A project owns things through an account of its own. */
  readonly project?: Project | undefined;
}

export interface Project extends Row {
  readonly name: string;
  readonly domain: Domain;
  readonly members: readonly string[];
  readonly created: number;
}

export interface User extends Row {
  readonly username: string;
  readonly password: string;
  readonly account: Account;
  readonly apiKey: string;
  readonly secretKey: string;
  readonly created: number;
  enabled: boolean;
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
  readonly ip: string;
  readonly deviceId: number;
  isDefault: boolean;
  /** A stop takes the VLAN away, a start gives it back. */
  plugged: boolean;
}

export interface VmSnapshot extends Row {
  readonly displayname: string;
  readonly description: string | undefined;
  readonly type: 'Disk' | 'DiskAndMemory';
  readonly created: number;
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
export type VolumeState = 'Allocated' | 'Creating' | 'Ready' | 'Restoring' | 'Destroy' | 'Expunged';

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
