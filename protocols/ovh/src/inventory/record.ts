/** What an account runs at OVHcloud (spec 10.3). */
export type RecordKind = 'baremetal' | 'vps' | 'cloud-instance' | 'domain' | 'ip';

export type RecordState = 'running' | 'stopped' | 'transition' | 'rescue' | 'maintenance' | 'blocked' | 'error' | 'unknown';

/** Something under way on a server. */
export interface OpenWork {
  readonly kind: 'task' | 'intervention';
  readonly id: string;
  /** As OVHcloud says: `todo`, `doing`, `planned` … */
  readonly status: string;
  readonly function?: string;
  /** When it is planned, RFC 3339. */
  readonly planned?: string;
}

export interface RecordAddress {
  /** An address, or a block with its length. */
  readonly address: string;
  readonly version: 4 | 6;
  /** `primary`, `failover`, `public`, `private` … */
  readonly kind: string;
}

export interface RecordHardware {
  /** Cores and threads of all processors together. */
  readonly cpu?: { readonly name?: string; readonly cores?: number; readonly threads?: number; readonly count?: number };
  readonly memoryMiB?: number;
  readonly disks?: readonly { readonly count: number; readonly sizeGB: number; readonly type?: string }[];
}

export interface RecordService {
  readonly id: number;
  /** `ok`, `expired`, `unPaid`, `pendingDebt` … */
  readonly status: string;
  /** Plain days, `2026-12-01`. */
  readonly created?: string;
  readonly expires?: string;
  readonly autoRenew?: boolean;
  /** Months. */
  readonly period?: number;
  readonly engagedUpTo?: string;
  readonly contacts?: Readonly<Record<'admin' | 'billing' | 'tech', string>>;
}

/** A call that failed while a record was read; the record stays. */
export interface RecordError {
  /** Template: `GET /vps/{serviceName}/ips`. */
  readonly route: string;
  /** 0 when nothing answered. */
  readonly status: number;
  /** `OVH_…` code of the error. */
  readonly code: string;
  readonly class?: string;
  readonly queryId?: string;
  /** The access rule that the key lacks, when that is the reason. */
  readonly missingRule?: string;
  /** The IAM actions that the identity lacks, when that is the reason. */
  readonly missingActions?: readonly string[];
  readonly message: string;
}

/** One thing that an account runs. Members that its kind does not have, or that could not be read, are absent. */
export interface InventoryRecord {
  /** The URN when it is known, else `ovh:<endpoint>:<kind>:<name>`. */
  readonly id: string;
  readonly provider: 'ovh';
  /** Name of the endpoint, `ovh-eu`; the URL of one without a name. */
  readonly endpoint: string;
  /** Nichandle, or the name that the caller gives the account; empty when it could not be read. */
  readonly account: string;
  readonly kind: RecordKind;
  /** Service name, instance id, domain, or block. */
  readonly name: string;
  readonly displayName: string;
  readonly hostname?: string;
  readonly model?: string;
  readonly state: RecordState;
  /** In the API's words; of a dedicated server `<state>/<powerState>`, of a block `routed` or `parked`, empty when it could not be read. */
  readonly rawState: string;
  /** Of a dedicated server: whether OVHcloud watches it and intervenes when it does not answer. */
  readonly monitoring?: boolean;
  /** The tasks and interventions that are not over. */
  readonly open?: readonly OpenWork[];
  readonly location?: {
    readonly datacenter?: string;
    readonly rack?: string;
    readonly region?: string;
    readonly zone?: string;
    readonly country?: string;
  };
  readonly ips?: readonly RecordAddress[];
  readonly macs?: readonly string[];
  readonly hardware?: RecordHardware;
  readonly os?: string;
  /** The service to which a block of addresses leads. */
  readonly routedTo?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly service?: RecordService;
  /** Public cloud project of an instance. */
  readonly project?: { readonly id: string; readonly name?: string };
  /** RFC 3339 in UTC. */
  readonly fetchedAt: string;
  readonly errors: readonly RecordError[];
}

/** All that an account runs, in a stable order: by kind, then by name. */
export interface Inventory {
  /** False when a list could not be read, or a record has an error. */
  readonly complete: boolean;
  readonly account: string;
  readonly endpoint: string;
  readonly fetchedAt: string;
  readonly records: readonly InventoryRecord[];
  /** Lists that failed as a whole: what they hold is missing from `records`. */
  readonly errors: readonly RecordError[];
  /** Every access rule that the key lacks, once, as `GET /vps/*`. */
  readonly missingRules: readonly string[];
  /** Every IAM action that the identity lacks, once, as `vps:apiovh:get`. */
  readonly missingActions: readonly string[];
}
