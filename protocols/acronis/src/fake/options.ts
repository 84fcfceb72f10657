import type { Tenant } from './world/tenants.ts';

export const SEVERITIES = ['ok', 'information', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** PEM of a server. */
export interface FakeTls {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** A type of workloads as it is registered in the Vendor Portal. */
export interface FakeWorkloadType {
  /** `virtual_machine`, or the whole identifier. */
  readonly code: string;
  /** What `attributes` must fit; absent: any object. */
  readonly schema?: object | undefined;
}

/** A CyberApp: its API client, what it has registered, and who has enabled it. Codes may be short or whole identifiers. */
export interface FakeApp {
  /** `vendor.application` */
  readonly code: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the API client lives; default: the first tenant without parent. */
  readonly tenantId?: string | undefined;
  /** A type without severity is an error. */
  readonly alertTypes?: readonly (string | { readonly code: string; readonly severity?: Severity | undefined })[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly workloadTypes?: readonly (string | FakeWorkloadType)[] | undefined;
  readonly actions?: readonly string[] | undefined;
  /** Tenants that have enabled it; what is below them counts too. Default: every tenant. */
  readonly enabledFor?: readonly string[] | undefined;
  /** Whether its client may read the tree of tenants. Default true. */
  readonly tenantStructure?: boolean | undefined;
}

/** A tenant to begin with; what is absent is made up. */
export type TenantWish = Partial<Tenant> & { readonly name: string };

/** Where the documentation leaves open what the real service does. May be changed while the fake runs. */
export interface Unsettled {
  /** What a second workload of the same kind and `external_id` does: a second row, a change of the first, or 409. Default `duplicate`. */
  duplicates: 'duplicate' | 'upsert' | 'conflict';
  /** What one bad item of a batch does: nothing is stored, or the good ones are (400 either way). Default `all-or-nothing`. */
  batch: 'all-or-nothing' | 'partial';
  /** How long (ms of the clock) new workloads and alerts are missing in lists. Default 0. */
  visibilityDelayMs: number;
  /** True: workloads must name `client_id`. `reject-unknown`: also, members that the documentation does not list are 400. Default false. */
  strict: boolean | 'reject-unknown';
  /** How workloads name their tenant in lists. Default `uuid`. */
  tenantIdForm: 'uuid' | 'legacy';
  /** Where an alert names its workload; elsewhere it is 400 under `reject-unknown`. Default `top`. */
  resourceMembers: 'top' | 'details' | 'nowhere';
  /** Default false: tokens have `expires_on` alone. */
  expiresIn: boolean;
  /** Seconds that access tokens count. Default 7200. */
  tokenLifeS: number;
  /** Rows of a page when no limit is asked for. Default 100. */
  pageSize: number;
  /** How long (real ms) every answer takes. Default 0. */
  answerMs: number;
}

export interface FakeAcronisOptions extends Partial<Unsettled> {
  /** Ids; each has a listener of its own. Default `eu8`. */
  readonly datacenters?: readonly string[] | undefined;
  readonly apps: readonly FakeApp[];
  readonly tenants?: readonly TenantWish[] | undefined;
  /** What its own clock follows. Default: the machine's. */
  readonly clock?: { now(): number } | undefined;
  /** Serves https: with this pair, or (`own`) with one that who trusts `fake.ca` trusts. Default: http. */
  readonly tls?: FakeTls | 'own' | undefined;
  /** The same seed gives the same ids and tokens; keys are always new. Default 1. */
  readonly seed?: number | undefined;
  /** How many requests are kept with their bodies; counts go on. Default 10 000; 0 for benches. */
  readonly keepRequests?: number | undefined;
  /** Who signs request tokens. Default `https://acronis.cloud`. */
  readonly issuer?: string | undefined;
  /** Ports of 127.0.0.1, one for each data center. Default: free ones. */
  readonly ports?: readonly number[] | undefined;
}

const DEFAULTS: Unsettled = {
  duplicates: 'duplicate',
  batch: 'all-or-nothing',
  visibilityDelayMs: 0,
  strict: false,
  tenantIdForm: 'uuid',
  resourceMembers: 'top',
  expiresIn: false,
  tokenLifeS: 7200,
  pageSize: 100,
  answerMs: 0,
};

export function unsettledOf(options: Partial<Unsettled>): Unsettled {
  const names = Object.keys(DEFAULTS) as (keyof Unsettled)[];
  const given = names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
