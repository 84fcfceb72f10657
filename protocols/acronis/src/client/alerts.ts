import { GatewayError } from '@fairlead/kernel/errors';
import type { JsonObject } from '../codec/read.ts';
import { type AlertDraft, alertBody, placesFrom, shortened } from './alert-draft.ts';
import type { Caller } from './caller.ts';
import { checkedId } from './ids.ts';
import { listAll } from './listing.ts';
import { objectIn, textIn, uuidIn } from './members.ts';
import type { AlertResource } from './options.ts';
import { acronisClass } from './outcome.ts';
import { anyOf, encodeBody, queryText } from './wire.ts';

/** An alert as Acronis lists it. */
export interface Alert {
  /** In lower case; Acronis writes capitals. */
  readonly id: string;
  readonly type: string;
  readonly category: string | undefined;
  readonly severity: string | undefined;
  readonly createdAt: string | undefined;
  readonly deletedAt: string | undefined;
  readonly details: JsonObject;
  readonly source: string | undefined;
  /** All digits of an int64. */
  readonly sourceTimeStamp: string | undefined;
  /** Not every answer has it, and `tenant.id` is another thing. */
  readonly tenantUuid: string | undefined;
}

/** A bound in nanoseconds since 1970. */
export interface NanosecondBound {
  readonly is: 'eq' | 'lt' | 'gt' | 'le' | 'ge';
  readonly at: bigint;
}

export interface AlertQuery {
  readonly ids?: readonly string[];
  readonly type?: string;
  readonly tenantIds?: readonly string[];
  readonly source?: string;
  readonly sourceTimeStamp?: bigint;
  readonly createdAt?: NanosecondBound;
  readonly updatedAt?: NanosecondBound;
  /** Dismissed ones too. */
  readonly showDeleted?: boolean;
  /** Items on a page. */
  readonly limit?: number;
}

const BASE = '/api/alert_manager/v1';
const ALERTS = `${BASE}/alerts`;

/** Alert Manager v1 (CyberApp 4.4). All methods throw the errors of CyberApp 4.11. */
export class Alerts {
  readonly #caller: Caller;
  #resource: AlertResource;

  constructor(caller: Caller, resource: AlertResource = 'top') {
    this.#caller = caller;
    this.#resource = resource;
  }

  /** Where the next alert will name its workload. */
  get resourcePlace(): AlertResource {
    return this.#resource;
  }

  /**
   * Raises an alert; gives its id. Never sent again by itself when it may have been carried out (`mayHaveHappened`): look it up by
   * `findBySource` first. Too large, it is shortened once; refused with its workload, the workload is named elsewhere, or not at all.
   */
  async create(draft: AlertDraft, signal?: AbortSignal): Promise<string> {
    const places = draft.resource === undefined ? [this.#resource] : placesFrom(this.#resource);
    let first: unknown;
    for (const place of places) {
      try {
        const id = await this.#createShortened(draft, place, signal);
        if (draft.resource !== undefined) this.#resource = place;
        return id;
      } catch (error) {
        if (!isBadRequest(error)) throw error;
        first ??= error;
      }
    }
    throw first;
  }

  /** Each once. */
  list(query: AlertQuery, signal?: AbortSignal): AsyncGenerator<Alert, void, undefined> {
    const filters = {
      id: (query.ids ?? []).map(checkedId),
      type: query.type,
      tenant: anyOf((query.tenantIds ?? []).map(checkedId)),
      source: query.source,
      source_time_stamp: query.sourceTimeStamp,
      created_at: boundText(query.createdAt),
      updated_at: boundText(query.updatedAt),
      show_deleted: query.showDeleted,
      limit: query.limit,
    };
    const path = (after: string | undefined): string => ALERTS + queryText({ ...filters, after });
    return listAll({ name: 'alerts.list', caller: this.#caller, signal, path, read: alertOf, idOf: ({ id }) => id });
  }

  /** The alert that `source` raised with this stamp, dismissed or not; undefined when there is none. */
  async findBySource(source: string, sourceTimeStamp: bigint, signal?: AbortSignal): Promise<Alert | undefined> {
    for await (const alert of this.list({ source, sourceTimeStamp, showDeleted: true }, signal)) {
      if (alert.source === source && alert.sourceTimeStamp === sourceTimeStamp.toString()) return alert;
    }
    return undefined;
  }

  /** Undefined when Acronis does not know it. */
  async get(id: string, signal?: AbortSignal): Promise<Alert | undefined> {
    const path = `${ALERTS}/${checkedId(id)}${queryText({ show_deleted: true })}`;
    const call = { name: 'alerts.get', method: 'GET', path, effect: 'repeatable', expects: 'json', item: true, signal } as const;
    const found = await ignoreGone(this.#caller.call(call));
    if (found === undefined) return undefined;
    const alert = alertOf(found);
    if (alert === undefined) throw this.#caller.unusable(call, 'no alert');
    return alert;
  }

  /** Dismisses one alert; `gone` when somebody had done so. There is no dismissing by filter: without one it dismisses all. */
  async dismiss(id: string, signal?: AbortSignal): Promise<'dismissed' | 'gone'> {
    const path = `${ALERTS}/${checkedId(id)}`;
    const call = { name: 'alerts.dismiss', method: 'DELETE', path, effect: 'repeatable', expects: 'nothing', item: true, signal } as const;
    return (await ignoreGone(this.#caller.call(call))) === undefined ? 'gone' : 'dismissed';
  }

  /** Identifiers of the registered alert types. */
  types(signal?: AbortSignal): Promise<readonly string[]> {
    return this.#registered('types', signal);
  }

  /** Identifiers of the registered categories. */
  categories(signal?: AbortSignal): Promise<readonly string[]> {
    return this.#registered('categories', signal);
  }

  async #registered(what: 'types' | 'categories', signal: AbortSignal | undefined): Promise<readonly string[]> {
    const path = (after: string | undefined): string => `${BASE}/${what}${queryText({ after })}`;
    const read = (item: JsonObject): string | undefined => textIn(item.id) ?? textIn(item.type);
    const found: string[] = [];
    for await (const id of listAll({ name: `alerts.${what}`, caller: this.#caller, signal, path, read, idOf: (one) => one }))
      found.push(id);
    return found;
  }

  async #createShortened(draft: AlertDraft, place: AlertResource, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await this.#createOnce(draft, place, signal);
    } catch (error) {
      if (acronisClass(error) !== 'too_large') throw error;
      return await this.#createOnce({ ...draft, details: shortened(draft.details) }, place, signal);
    }
  }

  async #createOnce(draft: AlertDraft, place: AlertResource, signal: AbortSignal | undefined): Promise<string> {
    const body = encodeBody(alertBody(draft, place));
    const call = { name: 'alerts.create', method: 'POST', path: ALERTS, effect: 'create', expects: 'json', body, signal } as const;
    const id = uuidIn((await this.#caller.call(call)).id);
    if (id === undefined) throw this.#caller.unusable(call, 'no id of the alert');
    return id;
  }
}

/** Nanoseconds since 1970, as filters of Alert Manager count. */
export function nanoseconds(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}

function boundText(bound: NanosecondBound | undefined): string | undefined {
  return bound === undefined ? undefined : `${bound.is}(${bound.at})`;
}

function isBadRequest(error: unknown): boolean {
  return error instanceof GatewayError && acronisClass(error) === 'refused' && error.detail.status === 400;
}

async function ignoreGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (acronisClass(error) === 'gone') return undefined;
    throw error;
  }
}

function alertOf(item: JsonObject): Alert | undefined {
  const [id, type] = [uuidIn(item.id), textIn(item.type)];
  if (id === undefined || type === undefined) return undefined;
  return {
    id,
    type,
    category: textIn(item.category),
    severity: textIn(item.severity),
    createdAt: textIn(item.createdAt),
    deletedAt: textIn(item.deletedAt),
    details: objectIn(item.details),
    source: textIn(item._source),
    sourceTimeStamp: textIn(item._sourceTimeStamp),
    tenantUuid: uuidIn(objectIn(item.tenant).uuid),
  };
}
