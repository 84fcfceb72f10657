import { Random } from './random.ts';

/** What the fake does instead of answering well. Waits are real ones. */
export type Fault =
  /** Nothing is done. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 401, and the token that was shown is dead. */
  | { readonly kind: 'unauthorized' }
  /** 429; a number of seconds, or a date as the header has it. */
  | { readonly kind: 'throttle'; readonly retryAfter: number | string }
  | { readonly kind: 'throttleNoHeader' }
  | { readonly kind: 'html'; readonly status: number }
  /** Answers well, so many ms later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Nothing is done, and nothing comes. */
  | { readonly kind: 'hang' }
  /** The connection is reset before the request is read. */
  | { readonly kind: 'reset' }
  /** The connection is reset after the effect was stored. */
  | { readonly kind: 'resetAfterWrite' }
  /** The effect is stored; the length is right, half of the body comes, the connection ends. */
  | { readonly kind: 'half' }
  /** The right answer, a byte at a time. */
  | { readonly kind: 'trickle'; readonly bytesPerSecond: number }
  /** The effect is stored; 200 with what is no JSON. */
  | { readonly kind: 'garbage' }
  /** The effect is stored; 200 with an array. */
  | { readonly kind: 'wrongType' }
  /** The effect is stored; 200 with nothing. */
  | { readonly kind: 'emptyOk' }
  /** A token without `expires_on`. */
  | { readonly kind: 'noExpiry' }
  | { readonly kind: 'shortToken'; readonly seconds: number }
  /** There are new signing keys before the answer. */
  | { readonly kind: 'rotateKeys' }
  /** For the route `signer`: the next request token is signed by a key that nobody publishes. */
  | { readonly kind: 'wrongKey' }
  /** The row that the cursor points at vanishes, and the next page repeats so many rows of this one. */
  | { readonly kind: 'losePages'; readonly rows: number }
  /** The `Date` header and the times of tokens are so many ms ahead. */
  | { readonly kind: 'clockSkew'; readonly ms: number };

export const ROUTE_NAMES = [
  'token',
  'token.revoke',
  'keys',
  'alerts.create',
  'alerts.list',
  'alerts.get',
  'alerts.dismiss',
  'alerts.dismissMany',
  'alerts.falsePositive',
  'alerts.types',
  'alerts.categories',
  'workloads.create',
  'workloads.list',
  'workloads.update',
  'workloads.delete',
  'accounts.client',
  'accounts.tenants',
  'accounts.tenant',
  'accounts.children',
  'status',
  'signer',
] as const;

/** `signer` is no route: request tokens are made there. */
export type RouteName = (typeof ROUTE_NAMES)[number];

/** Where a fault strikes; what is absent does not matter. */
export interface FaultPlace {
  readonly tenant?: string | undefined;
  readonly datacenter?: string | undefined;
}

interface Armed {
  readonly route: RouteName | '*';
  readonly place: FaultPlace;
  readonly pick: () => Fault | undefined;
  times: number;
}

const USUAL: readonly [Fault, ...Fault[]] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'throttle', retryAfter: 1 },
  { kind: 'html', status: 503 },
  { kind: 'reset' },
  { kind: 'resetAfterWrite' },
  { kind: 'half' },
  { kind: 'garbage' },
  { kind: 'emptyOk' },
];

/** Faults that wait for their request (CyberApp 6.3). The oldest that fits strikes. */
export class Faults {
  #armed: Armed[] = [];

  /** @param route `*` for all but `signer` */
  next(route: RouteName | '*', fault: Fault, { times = 1, ...place }: FaultPlace & { readonly times?: number | undefined } = {}): void {
    this.#armed.push({ route, place, pick: () => fault, times });
  }

  /** Until `clear`. */
  always(route: RouteName | '*', fault: Fault, place: FaultPlace = {}): void {
    this.next(route, fault, { ...place, times: Number.POSITIVE_INFINITY });
  }

  /** A share (0 to 1) of the requests goes wrong until `clear`; the same seed strikes the same ones. */
  random(
    rate: number,
    seed: number,
    what: { readonly route?: RouteName | '*'; readonly faults?: readonly [Fault, ...Fault[]] } = {},
  ): void {
    const random = new Random(seed);
    const { route = '*', faults = USUAL } = what;
    const pick = () => (random.chance(rate) ? random.pick(faults) : undefined);
    this.#armed.push({ route, place: {}, pick, times: Number.POSITIVE_INFINITY });
  }

  /** Takes back what waits for a route, or everything. */
  clear(route?: RouteName | '*'): void {
    this.#armed = this.#armed.filter((one) => route !== undefined && one.route !== route);
  }

  /** The fault of a request; it is used up. */
  take(route: RouteName, datacenter: string, tenants: readonly string[]): Fault | undefined {
    for (const one of this.#armed) {
      if (!fits(one, route, datacenter, tenants)) continue;
      const fault = one.pick();
      if (fault === undefined) continue;
      one.times -= 1;
      if (one.times <= 0) this.#armed = this.#armed.filter((other) => other !== one);
      return fault;
    }
    return undefined;
  }
}

function fits({ route, place }: Armed, wanted: RouteName, datacenter: string, tenants: readonly string[]): boolean {
  if (route === '*' ? wanted === 'signer' : route !== wanted) return false;
  if (place.datacenter !== undefined && place.datacenter !== datacenter) return false;
  return place.tenant === undefined || tenants.includes(place.tenant.toLowerCase());
}
