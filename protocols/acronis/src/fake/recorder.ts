import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../codec/read.ts';
import type { RouteName } from './faults.ts';
import { type Call, tenantsOf } from './http/call.ts';

/** What was asked and what became of it. Nothing in it is a secret. */
export interface Recorded {
  /** Unix ms of the fake's clock. */
  readonly at: number;
  readonly datacenter: string;
  readonly method: string;
  /** With its query. */
  readonly target: string;
  /** Undefined for what the fake does not know. */
  readonly route: RouteName | undefined;
  readonly headers: IncomingHttpHeaders;
  /** JSON, the fields of a form, or the text; secrets replaced. */
  readonly body: unknown;
  /** That the request names. */
  readonly tenants: readonly string[];
  /** 0 until, or unless, something was answered. */
  status: number;
  /** The kind of the fault that struck. */
  fault: string | undefined;
}

const WRITES: readonly RouteName[] = [
  'alerts.create',
  'alerts.dismiss',
  'alerts.dismissMany',
  'alerts.falsePositive',
  'workloads.create',
  'workloads.update',
  'workloads.delete',
];
const HIDDEN = '<redacted>';
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-cyberapp-auth', 'x-cyberapp-extra']);
const SECRET_MEMBERS = /secret|password|token/i;

/** The latest requests, and counts of all. Its assertions throw. */
export class Recorder {
  readonly #keep: number;
  readonly #counts = new Map<string, number>();
  readonly #secrets = new Set<string>();
  /** Each tenant that was ever named, with the first request that did. */
  readonly #tenants = new Map<string, string>();
  #entries: Recorded[] = [];
  #leaks: string[] = [];
  #unexpected: string[] = [];

  /** @param keep how many requests are kept */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** Oldest first; those of a route, or all. */
  of(route?: RouteName): readonly Recorded[] {
    return route === undefined ? [...this.#entries] : this.#entries.filter((one) => one.route === route);
  }

  /** How many ever came, kept or not. */
  count(route?: RouteName): number {
    if (route !== undefined) return this.#counts.get(route) ?? 0;
    return [...this.#counts.values()].reduce((sum, one) => sum + one, 0);
  }

  /** How many requests changed, or were meant to change, alerts and workloads. */
  get writes(): number {
    return WRITES.reduce((sum, route) => sum + this.count(route), 0);
  }

  /** Requests that the fake has no answer for: `GET /x`. */
  get unexpected(): readonly string[] {
    return this.#unexpected;
  }

  /** From now on no URL may hold this. */
  guard(secret: string): void {
    if (secret !== '') this.#secrets.add(secret);
  }

  note(call: Call, where: Pick<Recorded, 'at' | 'datacenter' | 'route'>): Recorded {
    const { method, target, headers } = call;
    const name = where.route ?? '';
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (where.route === undefined) this.#unexpected.push(`${method} ${target}`);
    if (this.#holdsSecret(target)) this.#leaks.push(`${method} ${call.path}`);
    const tenants = tenantsOf(call);
    for (const tenant of tenants) if (!this.#tenants.has(tenant)) this.#tenants.set(tenant, `${method} ${target}`);
    const kept = this.#keep > 0;
    const entry: Recorded = {
      ...where,
      method,
      target,
      headers: kept ? hideHeaders(headers) : {},
      body: kept ? bodyOf(call) : undefined,
      tenants,
      status: 0,
      fault: undefined,
    };
    if (kept && this.#entries.push(entry) > this.#keep) this.#entries.shift();
    return entry;
  }

  clear(): void {
    this.#entries = [];
    this.#counts.clear();
    this.#tenants.clear();
    this.#leaks = [];
    this.#unexpected = [];
  }

  /** Requests to these routes came in this order; others between them do not matter. */
  expectOrder(...routes: readonly RouteName[]): void {
    if (this.count() > this.#entries.length) throw new Error('not all requests are kept: see keepRequests');
    let at = 0;
    for (const { route } of this.#entries) if (route === routes[at]) at += 1;
    if (at < routes.length) throw new Error(`${routes[at]} did not come where it should: ${this.#list()}`);
  }

  expectCount(route: RouteName, wanted: number): void {
    const count = this.count(route);
    if (count !== wanted) throw new Error(`${count} requests to ${route}, not ${wanted}: ${this.#list()}`);
  }

  expectNoRequestFor(tenantId: string): void {
    const found = this.#tenants.get(tenantId.toLowerCase());
    if (found !== undefined) throw new Error(`a request for the tenant ${tenantId}: ${found}`);
  }

  /** No URL held a client secret, an access token or what `guard` was told. */
  expectNoSecretInUrl(): void {
    if (this.#leaks.length > 0) throw new Error(`a secret in the URL of ${this.#leaks.join(', ')}`);
  }

  expectNothingUnexpected(): void {
    if (this.#unexpected.length > 0) throw new Error(`nobody answers ${this.#unexpected.join(', ')}`);
  }

  #holdsSecret(target: string): boolean {
    for (const secret of this.#secrets) if (target.includes(secret) || target.includes(encodeURIComponent(secret))) return true;
    return false;
  }

  #list(): string {
    return this.#entries.map(({ route, method, target }) => route ?? `${method} ${target}`).join(' → ');
  }
}

function hideHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const rows = Object.entries(headers).map(([name, value]) => {
    if (!SECRET_HEADERS.has(name)) return [name, value] as const;
    const [scheme, rest] = String(value).split(' ');
    return [name, rest === undefined ? HIDDEN : `${scheme} ${HIDDEN}`] as const;
  });
  return Object.fromEntries(rows);
}

function bodyOf({ value, text, headers }: Call): unknown {
  if (value !== undefined) return hideMembers(value);
  if (!String(headers['content-type']).startsWith('application/x-www-form-urlencoded')) return text;
  return hideMembers(Object.fromEntries(new URLSearchParams(text)));
}

function hideMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideMembers);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_MEMBERS.test(name) && typeof member === 'string' ? HIDDEN : hideMembers(member),
    ]),
  );
}
