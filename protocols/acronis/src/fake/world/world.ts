import type { Faults } from '../faults.ts';
import type { Unsettled } from '../options.ts';
import type { Random } from '../random.ts';
import type { Recorder } from '../recorder.ts';
import type { SigningKeys } from '../signing/signing-keys.ts';
import type { TurnableClock } from '../turnable-clock.ts';
import type { AlertBook } from './alerts.ts';
import type { App } from './apps.ts';
import type { StatusReport } from './statuses.ts';
import type { Tenants } from './tenants.ts';
import type { AccessTokens } from './tokens.ts';
import type { WorkloadBook } from './workloads.ts';

/** Everything a fake knows. */
export interface World {
  readonly clock: TurnableClock;
  readonly random: Random;
  readonly unsettled: Unsettled;
  readonly datacenters: readonly string[];
  readonly apps: readonly App[];
  readonly tenants: Tenants;
  readonly alerts: AlertBook;
  readonly workloads: WorkloadBook;
  readonly statuses: StatusReport[];
  readonly tokens: AccessTokens;
  readonly keys: SigningKeys;
  readonly faults: Faults;
  readonly recorder: Recorder;
  /** What no client may ever do, in words; not empty fails a test at its end. */
  readonly tripped: string[];
}
