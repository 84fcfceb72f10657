import { isObject, type JsonObject } from '../../codec/read.ts';
import { type Fault, type FaultPlace, ROUTE_NAMES, type RouteName } from '../faults.ts';

/** A fault that another program asks for. */
export interface FaultWish extends FaultPlace {
  readonly route: RouteName | '*';
  readonly fault: Fault;
  readonly times: number;
}

type Check = (value: unknown) => boolean;

const count: Check = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const status: Check = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
const text: Check = (value) => typeof value === 'string';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** What each kind wants besides its name. */
const MEMBERS: Readonly<Record<Fault['kind'], Readonly<Record<string, Check>>>> = {
  status: { status, headers: optional((value) => isObject(value) && Object.values(value).every(text)) },
  unauthorized: {},
  throttle: { retryAfter: (value) => count(value) || text(value) },
  throttleNoHeader: {},
  html: { status },
  slow: { ms: count },
  hang: {},
  reset: {},
  resetAfterWrite: {},
  half: {},
  trickle: { bytesPerSecond: (value) => typeof value === 'number' && value > 0 },
  garbage: {},
  wrongType: {},
  emptyOk: {},
  noExpiry: {},
  shortToken: { seconds: count },
  rotateKeys: {},
  wrongKey: {},
  losePages: { rows: count },
  clockSkew: { ms: (value) => typeof value === 'number' && Number.isFinite(value) },
};

/** Undefined when it is none. */
export function faultWish(body: JsonObject): FaultWish | undefined {
  const { route, fault, times = 1, always = false, tenant, datacenter } = body;
  if (!isRoute(route) || !isFault(fault) || !count(times) || typeof always !== 'boolean') return undefined;
  if (!optional(text)(tenant) || !optional(text)(datacenter)) return undefined;
  const place = { tenant: tenant as string | undefined, datacenter: datacenter as string | undefined };
  return { route, fault, times: always ? Number.POSITIVE_INFINITY : Number(times), ...place };
}

function isRoute(value: unknown): value is RouteName | '*' {
  return value === '*' || ROUTE_NAMES.some((name) => name === value);
}

function isFault(value: unknown): value is Fault {
  if (!isObject(value) || typeof value.kind !== 'string' || !Object.hasOwn(MEMBERS, value.kind)) return false;
  return Object.entries(MEMBERS[value.kind as Fault['kind']]).every(([name, check]) => check(value[name]));
}
