import { InvalidCallError } from '../errors/errors.ts';
import { dayAt } from './map/days.ts';
import { byDay, type ExpiringService, fromService, fromServiceInfos, type Horizon } from './map/expiring.ts';
import type { InventoryClient } from './options.ts';
import { Asker } from './read/asker.ts';
import { isRefusal, missingIn } from './read/failure.ts';
import { eachOf } from './read/pool.ts';
import { byRoute } from './read/run.ts';
import { SERVICE_TYPES } from './read/service-types.ts';
import { Sheet } from './read/sheet.ts';
import type { RecordError } from './record.ts';

export interface Expiring {
  /** False when something could not be read: it is in `errors`, or in `refused` with 403. */
  readonly complete: boolean;
  readonly endpoint: string;
  /** The day that was compared with, in UTC. */
  readonly today: string;
  readonly days: number;
  /** By day, then by list and name; those without a day first. */
  readonly services: readonly ExpiringService[];
  /** What the key or the endpoint does not give: 403, 404, 410 and 460. */
  readonly refused: readonly RecordError[];
  readonly errors: readonly RecordError[];
  /** Each once. */
  readonly missingRules: readonly string[];
  /** Each once. */
  readonly missingActions: readonly string[];
}

export interface ExpiringOptions {
  /** From today to so many days later; 0 is today alone. What is expired or unpaid is always told. */
  readonly days: number;
  readonly signal?: AbortSignal | undefined;
  /** ms since 1970. Default: the machine's time. */
  readonly now?: number | undefined;
  /** Calls at once, at most. Default 10. */
  readonly concurrency?: number | undefined;
}

const SERVICES = '/services';
const TOLERATED: ReadonlySet<number> = new Set([403, 404, 410, 460]);
const DEFAULT_CONCURRENCY = 10;

/**
 * Services that end within so many days, that are expired, and those with an open bill. They come from `/services`; where that is
 * refused, from the lists of each kind. Days are compared as days, as the API writes them.
 * Throws the reason of the signal when that aborts; the error of the first call when not one was answered well; InvalidCallError
 * for `days` that are no number of days.
 */
export async function readExpiring(client: InventoryClient, options: ExpiringOptions): Promise<Expiring> {
  const { days, signal, now = Date.now(), concurrency = DEFAULT_CONCURRENCY } = options;
  if (!Number.isInteger(days) || days < 0) throw new InvalidCallError('days has to be a whole number, 0 or more');
  signal?.throwIfAborted();
  const ending = new AbortController();
  const both = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
  const search = new Search(new Asker(client, { concurrency, signal: both }), { today: dayAt(now), days }, Math.ceil(concurrency));
  try {
    if (!(await search.services())) await search.types();
    return search.result(client.endpoint.name);
  } finally {
    ending.abort();
  }
}

/** One search, as far as it is. */
class Search {
  readonly #asker: Asker;
  readonly #horizon: Horizon;
  readonly #concurrency: number;
  readonly #found: ExpiringService[] = [];
  readonly #failures: RecordError[] = [];

  constructor(asker: Asker, horizon: Horizon, concurrency: number) {
    this.#asker = asker;
    this.#horizon = horizon;
    this.#concurrency = concurrency;
  }

  /** All services by their one list; false when there is no such list for us. */
  async services(): Promise<boolean> {
    const ids = await this.#ids(SERVICES);
    if (ids === undefined) return false;
    const route = `${SERVICES}/{serviceId}`;
    await eachOf(ids, this.#concurrency, async (serviceId) => {
      const service = await this.#row(route, { serviceId });
      if (service !== undefined) this.#note(fromService(serviceId, service, this.#horizon));
    });
    return true;
  }

  /** Each kind by itself. */
  async types(): Promise<void> {
    await eachOf(SERVICE_TYPES, this.#concurrency, async (type) => {
      const names = (await this.#ids(type)) ?? [];
      await eachOf(names, this.#concurrency, async (serviceName) => {
        const infos = await this.#row(`${type}/{serviceName}/serviceInfos`, { serviceName });
        if (infos !== undefined) this.#note(fromServiceInfos(type, serviceName, infos, this.#horizon));
      });
    });
  }

  result(endpoint: string): Expiring {
    const failures = this.#failures.sort(byRoute);
    const { successes, firstError } = this.#asker;
    if (successes === 0 && firstError !== undefined && !(failures.length > 0 && failures.every(isRefusal))) throw firstError;
    const refused = failures.filter(({ status }) => TOLERATED.has(status));
    const errors = failures.filter(({ status }) => !TOLERATED.has(status));
    const complete = errors.length === 0 && refused.every(({ status }) => status !== 403);
    return { complete, endpoint, ...this.#horizon, services: this.#found.sort(byDay), refused, errors, ...missingIn(failures) };
  }

  #note(service: ExpiringService | undefined): void {
    if (service !== undefined) this.#found.push(service);
  }

  async #ids(route: string): Promise<readonly string[] | undefined> {
    const sheet = new Sheet(this.#asker, {}, undefined);
    const ids = await sheet.ids(route);
    this.#failures.push(...sheet.errors);
    return ids;
  }

  async #row(route: string, variables: Readonly<Record<string, string>>): Promise<unknown> {
    const sheet = new Sheet(this.#asker, variables, undefined);
    const row = await sheet.row(route);
    this.#failures.push(...sheet.errors);
    return row;
  }
}
