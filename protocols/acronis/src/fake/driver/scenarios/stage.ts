import type { DriverOptions } from '../driver-options.ts';

/** Who can log in. */
export interface StageAccount {
  readonly identity: string;
  readonly password: string;
}

/** A customer organization of the handler, and the Acronis tenant that it is to be linked to. */
export interface StageCustomer {
  readonly organizationId: string;
  readonly tenantId: string;
}

/** A partner organization of the handler, and its Acronis tenant. */
export interface StagePartner {
  readonly organizationId: string;
  readonly tenantId: string;
  /** A second one is wanted by `change-credentials`. */
  readonly accounts: readonly [StageAccount, ...StageAccount[]];
  /** Its own customers, none of them linked. */
  readonly customers: readonly [StageCustomer, ...StageCustomer[]];
}

/**
 * What scenarios play on. The handler has these organizations and accounts; nothing is enabled or linked, and scenarios leave it so.
 * Nobody else may use these partners meanwhile.
 */
export interface Stage extends Pick<DriverOptions, 'url' | 'appCode' | 'datacenterUrl' | 'signer' | 'ca' | 'registered' | 'onAccepted'> {
  /** P1, with two customers at least. */
  readonly partner: StagePartner & { readonly customers: readonly [StageCustomer, StageCustomer, ...StageCustomer[]] };
  /** P2, which has nothing to do with P1. */
  readonly stranger: StagePartner;
  /** S, an organization below P1. */
  readonly subPartner: StagePartner;
  /** Acronis tenants that nobody is linked to. */
  readonly spareTenants: readonly [string, string];
  /** Another data center that the handler takes callbacks from. */
  readonly otherDatacenterUrl: string;
  /** The other form of `datacenterUrl`, if it has one: `https://eu8-cloud.acronis.com`. */
  readonly datacenterAlias?: string | undefined;
  /** Turns the clocks of the handler and of the signer; absent: what needs it is skipped. */
  readonly advance?: ((ms: number) => void | Promise<void>) | undefined;
  /** Waits after a 429 with `Retry-After`; default: really. A test whose clock stands still turns it here. */
  readonly pause?: ((ms: number) => Promise<void>) | undefined;
  /** A handler of mirrored enablement; absent: `mirrored` is skipped. */
  readonly mirrored?: MirroredStage | undefined;
  /** The connector; absent: `full-story` is skipped. */
  readonly story?: StoryHooks | undefined;
}

export interface MirroredStage {
  readonly url: string;
  readonly tenantId: string;
  readonly tenantName: string;
  /** Tenants below it. */
  readonly customers: readonly [MirroredTenant, MirroredTenant, ...MirroredTenant[]];
}

export interface MirroredTenant {
  readonly tenantId: string;
  readonly name: string;
}

/** What `full-story` needs beside the handler: a connector that pushes to a fake, and something that can break. */
export interface StoryHooks {
  /** One run of the connector, to its end. */
  readonly run: () => Promise<unknown>;
  /** From the next run on a condition of the first customer holds. */
  readonly breakOne: () => Promise<unknown>;
  readonly repair: () => Promise<unknown>;
  /** What the fake holds for the first two customers. */
  readonly held: () => { readonly workloads: number; readonly openAlerts: number; readonly writes: number };
}
