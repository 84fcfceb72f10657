import { Faults } from '../faults.ts';
import { type FakeAcronisOptions, unsettledOf } from '../options.ts';
import { Random } from '../random.ts';
import { Recorder } from '../recorder.ts';
import { SigningKeys } from '../signing/signing-keys.ts';
import { TurnableClock } from '../turnable-clock.ts';
import { AlertBook } from './alerts.ts';
import { App } from './apps.ts';
import { Tenants } from './tenants.ts';
import { AccessTokens } from './tokens.ts';
import { WorkloadBook } from './workloads.ts';
import type { World } from './world.ts';

const DEFAULT_KEEP = 10_000;

/** What a fake begins with. @throws RangeError for tenants or codes that cannot be */
export function makeWorld(options: FakeAcronisOptions): World {
  const clock = new TurnableClock(options.clock);
  const random = new Random(options.seed ?? 1);
  const datacenters = options.datacenters ?? ['eu8'];
  const tenants = new Tenants(datacenters, random);
  for (const wish of options.tenants ?? []) tenants.add(wish);
  const recorder = new Recorder(options.keepRequests ?? DEFAULT_KEEP);
  for (const { clientSecret } of options.apps) recorder.guard(clientSecret);
  return {
    clock,
    random,
    unsettled: unsettledOf(options),
    datacenters,
    apps: options.apps.map((app) => new App(app)),
    tenants,
    alerts: new AlertBook(),
    workloads: new WorkloadBook(),
    statuses: [],
    tokens: new AccessTokens(clock, random),
    keys: new SigningKeys(clock),
    faults: new Faults(),
    recorder,
    tripped: [],
  };
}
