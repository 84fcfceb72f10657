import { isObject, type JsonObject } from '../codec/read.ts';
import type { Caller } from './caller.ts';
import { checkedId, checkedIds, type NonEmpty } from './ids.ts';
import { listAll } from './listing.ts';
import { textIn, uuidIn } from './members.ts';
import { acronisClass } from './outcome.ts';
import { queryText } from './wire.ts';

/** An organization of Acronis. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  /** `customer` is what workloads are pushed to; also `root`, `partner`, `folder`, `unit`. */
  readonly kind: string;
  readonly enabled: boolean;
  readonly parentId: string | undefined;
  readonly deleted: boolean;
}

const BASE = '/api/2';

/** Account Management v2, as far as needed (CyberApp 4.6). Needs an access scope that many apps lack: ACRONIS_FORBIDDEN then. */
export class Accounts {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The tenant that our API client belongs to. */
  async ownTenantId(signal?: AbortSignal): Promise<string> {
    const path = `${BASE}/clients/${encodeURIComponent(await this.#caller.clientId(signal))}`;
    const call = { name: 'accounts.client', method: 'GET', path, effect: 'repeatable', expects: 'json', item: true, signal } as const;
    const id = uuidIn((await this.#caller.call(call)).tenant_id);
    if (id === undefined) throw this.#caller.unusable(call, 'no tenant of the client');
    return id;
  }

  /** Those of 1 to 100 ids that we may see. */
  async tenants(ids: NonEmpty<string>, signal?: AbortSignal): Promise<readonly Tenant[]> {
    const uuids = checkedIds(ids).join(',');
    // A cursor carries its filters; together with them it is refused.
    const path = (after: string | undefined): string =>
      `${BASE}/tenants${queryText(after === undefined ? { uuids, lod: 'basic' } : { after })}`;
    const found: Tenant[] = [];
    const listing = { name: 'accounts.tenants', caller: this.#caller, signal, path, read: tenantOf, idOf: ({ id }: Tenant) => id };
    for await (const tenant of listAll(listing)) found.push(tenant);
    return found;
  }

  /** Undefined when Acronis does not know it. */
  async tenant(id: string, signal?: AbortSignal): Promise<Tenant | undefined> {
    const path = `${BASE}/tenants/${checkedId(id)}`;
    const call = { name: 'accounts.tenant', method: 'GET', path, effect: 'repeatable', expects: 'json', item: true, signal } as const;
    try {
      const tenant = tenantOf(await this.#caller.call(call));
      if (tenant === undefined) throw this.#caller.unusable(call, 'no tenant');
      return tenant;
    } catch (error) {
      if (acronisClass(error) === 'gone') return undefined;
      throw error;
    }
  }
}

function tenantOf(item: JsonObject): Tenant | undefined {
  const [id, kind] = [uuidIn(item.id), textIn(item.kind)];
  if (id === undefined || kind === undefined) return undefined;
  const { deleted_at: deletedAt } = item;
  return {
    id,
    kind,
    name: textIn(item.name) ?? '',
    enabled: item.enabled !== false,
    parentId: uuidIn(item.parent_id),
    deleted: isObject(deletedAt) || textIn(deletedAt) !== undefined,
  };
}
