import type { QuotaSettings } from './access/quota.ts';
import type { FakeClock } from './fake-clock.ts';
import type { ErrorStyle } from './refusal.ts';
import type { Unsettled } from './unsettled.ts';
import type { FixtureKind, Fixtures } from './world/fixtures.ts';
import type { Sizes } from './world/state.ts';

/** PEM of a server. */
export interface FakeTls {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** How a fake API is started; every member may be absent. */
export interface FakeOvhOptions extends Partial<Sizes> {
  /** Of 127.0.0.1; default 0: any free one. */
  readonly port?: number | undefined;
  /** Serves https with it. */
  readonly tls?: FakeTls | undefined;
  /** Default: the machine's time, which `clock.advance` turns on. */
  readonly clock?: FakeClock | undefined;
  /** Seconds by which its clock is ahead of `clock`. Default 0. */
  readonly clockSkew?: number | undefined;
  /** The same seed gives the same keys and the same world. Default 1. */
  readonly seed?: number | undefined;
  /** Objects to show in place of made-up ones; their number counts instead of the size of that kind. `readFixtures` reads a folder of them. */
  readonly fixtures?: Fixtures | undefined;
  /** Default `current`. */
  readonly errorStyle?: ErrorStyle | undefined;
  /** How the header is spelled. Default `X-OVH-QUERYID`; some servers say `X-Ovh-QueryID`. */
  readonly queryIdHeader?: string | undefined;
  /** Seconds by which a timestamp may be away. Default 180. */
  readonly timestampWindow?: number | undefined;
  /** What clients sign instead of scheme and `Host`: behind a proxy, or for a client that leaves out the port. */
  readonly publicOrigin?: string | undefined;
  /** Whether `GET /auth/currentCredential` answers before the validation. Default true. */
  readonly pendingMayAsk?: boolean | undefined;
  /** Whether `/auth/...` needs an access rule as every other path. Default false. */
  readonly ownNeedsRule?: boolean | undefined;
  /** Milliseconds of the clock after which new credentials are valid by themselves. Default: never. */
  readonly autoValidateMs?: number | undefined;
  /** Seconds that credentials count from their validation on, unless the person chooses otherwise. Default: without end. */
  readonly keysValidFor?: number | undefined;
  /** Where the real API may be otherwise. */
  readonly unsettled?: Partial<Unsettled> | undefined;
  /** Default: as many calls as anybody likes. */
  readonly quota?: QuotaSettings | undefined;
  /** Where the token endpoint accepts id and secret. Default `both`. */
  readonly clientAuth?: 'both' | 'basic' | 'body' | undefined;
  /** Seconds that access tokens count. Default 3599. */
  readonly tokenLifetime?: number | undefined;
  /** Whether paths that nobody knows pass the gate and answer with what was received. Default false. */
  readonly echo?: boolean | undefined;
  /** How many calls `log` keeps. Default 10 000. */
  readonly logSize?: number | undefined;
}

const DEFAULT_SIZES: Sizes = { servers: 12, vps: 6, projects: 2, instances: 5, domains: 5, ips: 4, vracks: 1 };
const LARGEST: Sizes = { servers: 10_000, vps: 5_000, projects: 50, instances: 1_000, domains: 20_000, ips: 20_000, vracks: 100 };

/** How much of each kind there shall be. Throws a RangeError when that is more than the addresses suffice for. */
export function sizesOf(options: FakeOvhOptions): Sizes {
  const entries = Object.entries(DEFAULT_SIZES).map(([name, otherwise]): [string, number] => {
    const rows = options.fixtures?.[name as FixtureKind];
    const size = rows?.length ?? options[name as keyof Sizes] ?? otherwise;
    const most = LARGEST[name as keyof Sizes];
    if (!Number.isInteger(size) || size < 0 || size > most) throw new RangeError(`${name} has to be an integer from 0 to ${most}`);
    return [name, size];
  });
  return Object.fromEntries(entries) as unknown as Sizes;
}
