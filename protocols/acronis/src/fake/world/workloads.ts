/** A workload. */
export interface WorkloadRow {
  readonly id: string;
  /** Order of arrival. */
  readonly seq: number;
  readonly app: string;
  readonly datacenter: string;
  readonly tenantId: string;
  readonly type: string;
  name: string;
  attributes: Readonly<Record<string, unknown>>;
  clientId: string;
  allowedActions: readonly string[];
  enabled: boolean;
  readonly externalId: string;
  /** Unix ms. */
  readonly createdAt: number;
  updatedAt: number;
  readonly visibleAt: number;
}

/** All workloads of all data centers; those of a tenant are found without looking at others. */
export class WorkloadBook {
  readonly #byId = new Map<string, WorkloadRow>();
  readonly #byTenant = new Map<string, Map<string, WorkloadRow>>();
  #seq = 0;

  get all(): readonly WorkloadRow[] {
    return [...this.#byId.values()];
  }

  get count(): number {
    return this.#byId.size;
  }

  add(row: Omit<WorkloadRow, 'seq'>): WorkloadRow {
    this.#seq += 1;
    const whole = { ...row, seq: this.#seq };
    this.#byId.set(row.id, whole);
    const rows = this.#byTenant.get(row.tenantId) ?? new Map<string, WorkloadRow>();
    this.#byTenant.set(row.tenantId, rows.set(row.id, whole));
    return whole;
  }

  get(id: string): WorkloadRow | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  /** Oldest first. */
  of(tenantId: string): readonly WorkloadRow[] {
    return [...(this.#byTenant.get(tenantId)?.values() ?? [])];
  }

  remove(id: string): boolean {
    const row = this.get(id);
    if (row === undefined) return false;
    this.#byId.delete(row.id);
    this.#byTenant.get(row.tenantId)?.delete(row.id);
    return true;
  }

  clear(): void {
    this.#byId.clear();
    this.#byTenant.clear();
  }
}
