import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import type { Resolve } from '../net/public-host.ts';
import type { AcronisClass } from './outcome.ts';

/** The API client of the CyberApp in one data center. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Timeouts {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
  /** One attempt as a whole. */
  readonly callMs: number;
}

/** One attempt, for metrics. */
export interface Attempt {
  /** `workloads.create`, `alerts.dismiss`, `token`, … */
  readonly call: string;
  readonly outcome: 'ok' | AcronisClass;
  readonly ms: number;
}

/** Where an alert says which workload it is about (CyberApp 11.12). */
export type AlertResource = 'top' | 'details' | 'both' | 'off';

export interface AcronisClientOptions {
  /** Its id, as errors and metrics say it. */
  readonly datacenter: string;
  /** The configured address, without path: see `parseApiBase`. Plain http only with `allowPrivate`. */
  readonly url: string;
  /** Asked for each token; `again` when the credentials of before were refused and may have been replaced. */
  readonly credentials: (again: boolean) => Promise<ClientCredentials>;
  readonly clock: Clock;
  readonly log: Log;
  /** Default 5, with a burst of 10. */
  readonly requestsPerSecond?: number | undefined;
  readonly burst?: number | undefined;
  /** PEM of roots to trust instead of the system's. */
  readonly ca?: string | readonly string[] | undefined;
  /** Addresses of private networks may be talked to: for the fake. */
  readonly allowPrivate?: boolean | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Default 16 MiB. */
  readonly maxAnswerBytes?: number | undefined;
  /** Whether workloads carry our key as `external_id` (CyberApp 11.11). Default `auto`: until Acronis refuses it. */
  readonly sendExternalId?: 'auto' | 'yes' | 'no' | undefined;
  /** Default `top`; when that is refused the next one is tried once and remembered. */
  readonly alertResource?: AlertResource | undefined;
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** From 0 to 1, for waits between attempts. */
  readonly random?: (() => number) | undefined;
  readonly resolve?: Resolve | undefined;
}
