/** What one gateway learns about a data center while it runs; nothing of it is needed after a restart. */
export class DatacenterState {
  /** Halved when Acronis finds a request too large. */
  batchSize: number;
  readonly #compared = new Map<string, number>();

  constructor(batchSize: number) {
    this.batchSize = batchSize;
  }

  /** A request with so many items was too large. */
  tooLarge(items: number): void {
    this.batchSize = Math.max(1, Math.min(this.batchSize, Math.floor(items / 2)));
  }

  /** Whether a tenant has not been compared with Acronis for so long. */
  isDue(tenantId: string, now: number, everyMs: number): boolean {
    const last = this.#compared.get(tenantId);
    return last === undefined || now - last >= everyMs;
  }

  compared(tenantId: string, now: number): void {
    this.#compared.set(tenantId, now);
  }

  /** Forgets tenants that are none of these. */
  keep(tenantIds: ReadonlySet<string>): void {
    for (const tenantId of this.#compared.keys()) if (!tenantIds.has(tenantId)) this.#compared.delete(tenantId);
  }
}
