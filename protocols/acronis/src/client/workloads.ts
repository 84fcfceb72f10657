import type { JsonObject } from '../codec/read.ts';
import type { Caller } from './caller.ts';
import { checkedId, checkedIds, type NonEmpty } from './ids.ts';
import { listAll } from './listing.ts';
import { objectIn, textIn, uuidIn } from './members.ts';
import { acronisClass } from './outcome.ts';
import { anyOf, encodeBody, queryText } from './wire.ts';

/** A workload as it is created. Our client id is added. */
export interface WorkloadDraft {
  readonly type: string;
  readonly name: string;
  readonly attributes: JsonObject;
  readonly tenantId: string;
  readonly enabled: boolean;
  readonly allowedActions?: readonly string[];
  /** Our own key; left out where Acronis does not take it. */
  readonly externalId?: string;
}

/** What may be changed; only what is named is. */
export interface WorkloadChange {
  readonly name?: string;
  readonly attributes?: JsonObject;
  readonly allowedActions?: readonly string[];
  readonly enabled?: boolean;
}

/** A workload as Acronis lists it. */
export interface Workload {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly attributes: JsonObject;
  readonly clientId: string | undefined;
  /** A UUID, or a legacy number: no proof of another tenant. */
  readonly tenantId: string | undefined;
  readonly externalId: string | undefined;
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
  readonly enabled: boolean;
}

export interface WorkloadQuery {
  readonly tenantId?: string;
  /** At most 100. */
  readonly ids?: readonly string[];
  /** At most 10. */
  readonly types?: readonly string[];
  /** RFC 3339: what changed then or later. */
  readonly updatedSince?: string;
  /** Items on a page. */
  readonly limit?: number;
}

const BASE = '/api/workload_management/v5/workloads';
const MAX_TYPES = 10;

/** Workload Management v5 (CyberApp 4.5). All methods throw the errors of CyberApp 4.11. */
export class Workloads {
  readonly #caller: Caller;
  /** Whether `external_id` is sent: undefined until Acronis refused it or was told to us. */
  #external: 'auto' | 'yes' | 'no';

  constructor(caller: Caller, external: 'auto' | 'yes' | 'no' = 'auto') {
    this.#caller = caller;
    this.#external = external;
  }

  /** False once Acronis refused the member: workloads are then known by their attributes alone. */
  get sendsExternalId(): boolean {
    return this.#external !== 'no';
  }

  /**
   * Creates all of them; the answer names none, so list them afterwards. Never sent again by itself when it may have been carried
   * out (`mayHaveHappened`): look them up first. Refused with 400, it is sent once more without `external_id` when that may be why.
   * Acronis may have taken some items of a refused batch.
   */
  async create(drafts: NonEmpty<WorkloadDraft>, signal?: AbortSignal): Promise<void> {
    if (drafts.length === 0) throw new RangeError('no workload to create');
    const clientId = await this.#caller.clientId(signal);
    const send = (external: boolean): Promise<unknown> => {
      const body = encodeBody({ items: drafts.map((draft) => workloadBody(draft, clientId, external)) });
      return this.#caller.call({
        name: 'workloads.create',
        method: 'POST',
        path: BASE,
        effect: 'create',
        expects: 'nothing',
        body,
        signal,
      });
    };
    const external = this.sendsExternalId && drafts.some((draft) => draft.externalId !== undefined);
    try {
      await send(external);
    } catch (error) {
      if (!external || this.#external !== 'auto' || !blamesExternalId(error, drafts.length)) throw error;
      await send(false).catch((second: unknown) => {
        // Refused either way: the first answer says why.
        throw acronisClass(second) === 'refused' ? error : second;
      });
      this.#external = 'no';
    }
  }

  /** With all attributes; each once. */
  list(query: WorkloadQuery, signal?: AbortSignal): AsyncGenerator<Workload, void, undefined> {
    if ((query.types?.length ?? 0) > MAX_TYPES) throw new RangeError(`at most ${MAX_TYPES} types can be asked for`);
    const filters = {
      tenant_id: query.tenantId === undefined ? undefined : checkedId(query.tenantId),
      workload_id: query.ids === undefined ? undefined : anyOf(checkedIds(query.ids)),
      type: anyOf(query.types ?? []),
      updated_at: query.updatedSince === undefined ? undefined : `ge(${query.updatedSince})`,
      include_all_attributes: true,
      limit: query.limit,
    };
    const path = (after: string | undefined): string => BASE + queryText({ ...filters, after });
    return listAll({ name: 'workloads.list', caller: this.#caller, signal, path, read: workloadOf, idOf: ({ id }) => id });
  }

  /** Changes what is named. @throws ACRONIS_GONE when somebody removed it */
  async update(id: string, change: WorkloadChange, signal?: AbortSignal): Promise<void> {
    const { name, attributes, allowedActions, enabled } = change;
    const body = encodeBody({ name, attributes, allowed_actions: allowedActions, enabled });
    const path = `${BASE}/${checkedId(id)}`;
    await this.#caller.call({
      name: 'workloads.update',
      method: 'PATCH',
      path,
      effect: 'repeatable',
      expects: 'nothing',
      item: true,
      body,
      signal,
    });
  }

  /** Removes 1 to 100 workloads. @throws ACRONIS_GONE, for several of them when one is gone: ask for each then */
  async remove(ids: NonEmpty<string>, signal?: AbortSignal): Promise<void> {
    const path = BASE + queryText({ workload_id: anyOf(checkedIds(ids)) });
    await this.#caller.call({
      name: 'workloads.remove',
      method: 'DELETE',
      path,
      effect: 'repeatable',
      expects: 'nothing',
      item: true,
      signal,
    });
  }
}

/** One workload as it is created. */
export function workloadBody(draft: WorkloadDraft, clientId: string, external: boolean): object {
  const { type, name, attributes, tenantId, enabled, allowedActions = [], externalId } = draft;
  const plain = { type, name, attributes, client_id: clientId, allowed_actions: allowedActions, tenant_id: checkedId(tenantId), enabled };
  return external ? { ...plain, external_id: externalId } : plain;
}

/** CyberApp 4.5 rule 5. */
function blamesExternalId(error: unknown, items: number): boolean {
  if (acronisClass(error) !== 'refused') return false;
  const { status, reason } = (error as { readonly detail: { readonly status?: unknown; readonly reason?: unknown } }).detail;
  return status === 400 && (items === 1 || String(reason).includes('external_id'));
}

function workloadOf(item: JsonObject): Workload | undefined {
  const [id, type] = [uuidIn(item.id), textIn(item.type)];
  if (id === undefined || type === undefined) return undefined;
  return {
    id,
    type,
    name: textIn(item.name) ?? '',
    attributes: objectIn(item.attributes),
    clientId: textIn(item.client_id),
    tenantId: textIn(item.tenant_id),
    externalId: textIn(item.external_id),
    createdAt: textIn(item.created_at),
    updatedAt: textIn(item.updated_at),
    enabled: item.enabled !== false,
  };
}
