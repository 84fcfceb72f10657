import type { ObjectOf } from '../schema/index.ts';

type Vm = ObjectOf<'vm'>;
export type BiosType = NonNullable<ObjectOf<'bios'>['type']>;
export type DiskInterface = NonNullable<ObjectOf<'disk'>['interface']>;
export type NicInterface = NonNullable<ObjectOf<'nic'>['interface']>;

/** Who wrote a document: this gateway, CloudStack's own plug-in, the older Python gateway, or a real engine (oVirt 5.7.5). */
export type OvfDialect = 'fairlead' | 'cloudstack' | 'ovirtapi' | 'ovirt';

/** A virtual machine as an OVF document tells it, in plain words: sizes in bytes, dates in milliseconds since 1970. */
export interface OvfDescription {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly comment?: string;
  readonly creationDate?: number;
  /** Free text of the engine, `rhel_9x64`. */
  readonly osType?: string;
  readonly biosType?: BiosType;
  readonly vmType?: NonNullable<Vm['type']>;
  readonly cpu?: OvfCpu;
  readonly memory?: number;
  readonly minimumMemory?: number;
  readonly deleteProtected?: boolean;
  readonly highlyAvailable?: boolean;
  readonly stateless?: boolean;
  readonly timeZone?: string;
  readonly clusterName?: string;
  readonly templateId?: string;
  readonly templateName?: string;
  readonly disks: readonly OvfDisk[];
  readonly nics: readonly OvfNic[];
  readonly owner?: OvfOwner;
  readonly cloud?: OvfCloud;
}

export interface OvfCpu {
  readonly sockets: number;
  /** In each socket. */
  readonly cores: number;
  /** In each core. */
  readonly threads: number;
}

export interface OvfDisk {
  readonly id: string;
  readonly storageDomainId?: string;
  readonly alias?: string;
  readonly description?: string;
  /** Bytes; a document holds whole GiB, rounded up, at least one. */
  readonly size: number;
  readonly actualSize?: number;
  readonly format: 'cow' | 'raw';
  readonly sparse: boolean;
  readonly interface?: DiskInterface;
  readonly boot: boolean;
  readonly readOnly: boolean;
  readonly shareable: boolean;
  readonly incrementalBackup: boolean;
  readonly diskOfferingId?: string;
}

export interface OvfNic {
  readonly id?: string;
  readonly name?: string;
  readonly mac?: string;
  readonly networkName?: string;
  readonly profileName?: string;
  readonly interface?: NicInterface;
  readonly linked: boolean;
  readonly networkId?: string;
  readonly ipAddress?: string;
}

/** To whom the machine belonged; whoever restores it checks that they still exist. */
export interface OvfOwner {
  readonly accountId?: string;
  readonly accountName?: string;
  readonly domainId?: string;
  readonly projectId?: string;
}

/** What only CloudStack knows about a machine. */
export interface OvfCloud {
  readonly serviceOfferingId?: string;
  readonly guestOsId?: string;
  readonly guestOsName?: string;
  readonly userDataId?: string;
  readonly affinityGroupIds: readonly string[];
  readonly keyPairs: readonly string[];
  /** Written and read are only those that are harmless to give back. */
  readonly details: readonly OvfDetail[];
}

export interface OvfDetail {
  readonly key: string;
  readonly value: string;
}

export interface OvfReading {
  readonly dialect: OvfDialect;
  readonly description: OvfDescription;
  /** What was passed over, in words for an operator; names only, never values. */
  readonly warnings: readonly string[];
}
