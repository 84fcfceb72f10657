import { type Accounts, acronisClass, type Tenant } from '@fairlead/acronis';
import type { Log } from '@fairlead/kernel/log';
import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables, TenantState } from '../../store/tables.ts';
import { chunks } from './workload-rows.ts';

/** What it is looked at with. */
export interface TenantCheckClient {
  readonly datacenter: string;
  readonly accounts: Pick<Accounts, 'tenants'>;
}

const MOST_IDS = 100;

/** Looks once a day whether mapped tenants are still what they were (cyberapp 4.6). Nothing is unmapped by it. */
export class TenantCheck {
  readonly #store: Store;
  readonly #log: Log;
  /** Data centers where our API client may not read tenants: they are not asked again. */
  readonly #blind = new Set<string>();

  constructor({ store, log }: { readonly store: Store; readonly log: Log }) {
    this.#store = store;
    this.#log = log;
  }

  /** Writes what became of the tenants of customers in one data center. @throws what a call throws, except that it is forbidden */
  async check({ datacenter, accounts }: TenantCheckClient, signal: AbortSignal): Promise<void> {
    if (this.#blind.has(datacenter)) return;
    const mapped = await this.#mapped(datacenter);
    for (const [first, ...rest] of chunks(mapped, MOST_IDS)) {
      if (first === undefined) continue;
      signal.throwIfAborted();
      try {
        const found = await accounts.tenants([first, ...rest], signal);
        await this.#note([first, ...rest], new Map(found.map((tenant) => [tenant.id, tenant])));
      } catch (error) {
        if (acronisClass(error) !== 'forbidden') throw error;
        this.#blind.add(datacenter);
        this.#log.info({ dc: datacenter }, 'the API client may not read tenants: whether they are still there is not checked');
        return;
      }
    }
  }

  async #mapped(datacenterId: string): Promise<readonly string[]> {
    const rows = await this.#store
      .tables<CyberappTables>()
      .selectFrom('cyberapp_mappings as mapping')
      .innerJoin('cyberapp_organizations as customer', 'customer.id', 'mapping.organization_id')
      .select('mapping.acronis_tenant_id')
      .where('mapping.datacenter_id', '=', datacenterId)
      .where('customer.kind', '=', 'customer')
      .orderBy('mapping.acronis_tenant_id')
      .execute();
    return rows.map((row) => row.acronis_tenant_id);
  }

  async #note(ids: readonly string[], found: ReadonlyMap<string, Tenant>): Promise<void> {
    const byState = Map.groupBy(ids, (id) => stateOf(found.get(id)));
    const now = this.#store.clock.now();
    for (const [state, some] of byState) {
      await this.#store
        .tables<CyberappTables>()
        .updateTable('cyberapp_mappings')
        .set({ tenant_state: state, tenant_checked_ms: now })
        .where('acronis_tenant_id', 'in', some)
        .execute();
      if (state !== 'ok') this.#log.warn({ state, tenants: some.length }, 'mapped tenants are not what they were');
    }
  }
}

function stateOf(tenant: Tenant | undefined): TenantState {
  if (tenant === undefined || tenant.deleted) return 'gone';
  if (tenant.kind !== 'customer') return 'wrong_kind';
  return tenant.enabled ? 'ok' : 'disabled';
}
