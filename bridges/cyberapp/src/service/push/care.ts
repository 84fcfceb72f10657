import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables, MappingRow, RunRow, TargetRow } from '../../store/tables.ts';
import { RunRows } from './run-rows.ts';
import { Targets, WHOLE_DATACENTER } from './targets.ts';

/** What an operator may look at and do; a run takes it up. */
export interface DatacenterStatus {
  readonly datacenterId: string;
  readonly lastRun: RunRow | undefined;
  /** Undefined unless the data center is left alone. */
  readonly pause: TargetRow | undefined;
  /** By organization. */
  readonly targets: readonly TargetRow[];
  readonly workloads: Readonly<Record<string, number>>;
}

/** So late that only an operator ends it; a number that both databases take. */
const NEVER_MS = 253_402_300_799_000;

/** What `fairlead cyberapp connector` does beside runs (cyberapp 10.1). */
export class ConnectorCare {
  readonly #store: Store;
  readonly #targets: Targets;

  constructor(store: Store) {
    this.#store = store;
    this.#targets = new Targets(store);
  }

  /** What was refused or waits, of an organization or an item, is tried by the next run. Answers how many rows that concerns. */
  async retry(which: { readonly organizationId: string } | { readonly itemKey: string }): Promise<number> {
    const [column, value] =
      'itemKey' in which ? (['item_key', which.itemKey] as const) : (['organization_id', which.organizationId] as const);
    const fresh = { attempts: 0, next_attempt_ms: 0, last_error: null };
    return await this.#store.transaction<CyberappTables, number>(async (trx) => {
      const blocked = trx.updateTable('cyberapp_workloads').where(column, '=', value).where('state', '=', 'blocked');
      const anew = await blocked
        .where('workload_id', 'is', null)
        .set({ ...fresh, state: 'new' })
        .executeTakeFirst();
      const known = await blocked
        .where('workload_id', 'is not', null)
        .set({ ...fresh, state: 'live', sent_hash: null })
        .executeTakeFirst();
      const waiting = await trx
        .updateTable('cyberapp_workloads')
        .where(column, '=', value)
        // Of those that are sought, `attempts` counts listings.
        .where('state', 'in', ['new', 'live', 'leaving'])
        .where('next_attempt_ms', '>', this.#store.clock.now())
        .where((where) => where.or([where('state', '!=', 'leaving'), where('workload_id', 'is not', null)]))
        .set(fresh)
        .executeTakeFirst();
      if (!('itemKey' in which))
        await trx
          .updateTable('cyberapp_targets')
          .set({ next_attempt_ms: 0, paused_reason: null })
          .where('organization_id', '=', which.organizationId)
          .where('paused_reason', 'in', ['failures', 'forbidden'])
          .execute();
      return Number(anew.numUpdatedRows + known.numUpdatedRows + waiting.numUpdatedRows);
    });
  }

  async pauseDatacenter(datacenterId: string): Promise<void> {
    await this.#pause({ datacenter_id: datacenterId, acronis_tenant_id: WHOLE_DATACENTER, organization_id: '' });
  }

  /** Answers how many tenants that concerns. */
  async pauseOrganization(organizationId: string): Promise<number> {
    const mapped = await this.#mapped(organizationId);
    for (const { datacenter_id, acronis_tenant_id } of mapped)
      await this.#pause({ datacenter_id, acronis_tenant_id, organization_id: organizationId });
    return mapped.length;
  }

  /** Ends the pause of a data center, whoever began it. Answers whether there was one. */
  async resumeDatacenter(datacenterId: string): Promise<boolean> {
    return (await this.#resume('datacenter_id', datacenterId, WHOLE_DATACENTER)) > 0;
  }

  /** The same for the tenants of an organization. */
  async resumeOrganization(organizationId: string): Promise<number> {
    return await this.#resume('organization_id', organizationId);
  }

  async status(datacenterId: string): Promise<DatacenterStatus> {
    const all = await this.#targets.load(datacenterId);
    const whole = all.get(WHOLE_DATACENTER);
    const isPaused = whole !== undefined && whole.next_attempt_ms > this.#store.clock.now();
    const rows = await this.#db()
      .selectFrom('cyberapp_workloads')
      .select((get) => ['state', get.fn.countAll<number>().as('count')])
      .where('datacenter_id', '=', datacenterId)
      .groupBy('state')
      .execute();
    return {
      datacenterId,
      lastRun: await new RunRows(this.#store).last(datacenterId),
      pause: isPaused ? whole : undefined,
      targets: [...all.values()]
        .filter((row) => row !== whole)
        .toSorted((one, other) => (one.organization_id < other.organization_id ? -1 : 1)),
      workloads: Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)])),
    };
  }

  async #pause(target: Pick<TargetRow, 'datacenter_id' | 'acronis_tenant_id' | 'organization_id'>): Promise<void> {
    await this.#targets.begin(target);
    await this.#db()
      .updateTable('cyberapp_targets')
      .set({ next_attempt_ms: NEVER_MS, paused_reason: 'operator' })
      .where('datacenter_id', '=', target.datacenter_id)
      .where('acronis_tenant_id', '=', target.acronis_tenant_id)
      .execute();
  }

  async #resume(column: 'datacenter_id' | 'organization_id', value: string, tenantId?: string): Promise<number> {
    let query = this.#db()
      .updateTable('cyberapp_targets')
      .set({ next_attempt_ms: 0, paused_reason: null })
      .where(column, '=', value)
      .where('next_attempt_ms', '>', this.#store.clock.now());
    if (tenantId !== undefined) query = query.where('acronis_tenant_id', '=', tenantId);
    return Number((await query.executeTakeFirst()).numUpdatedRows);
  }

  #mapped(organizationId: string): Promise<readonly Pick<MappingRow, 'datacenter_id' | 'acronis_tenant_id'>[]> {
    return this.#db()
      .selectFrom('cyberapp_mappings')
      .select(['datacenter_id', 'acronis_tenant_id'])
      .where('organization_id', '=', organizationId)
      .execute();
  }

  #db() {
    return this.#store.tables<CyberappTables>();
  }
}
