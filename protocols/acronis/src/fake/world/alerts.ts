import type { Severity } from '../options.ts';

export interface AlertDetails {
  readonly [name: string]: unknown;
}

/** An alert, dismissed ones too. */
export interface AlertRow {
  /** Upper case. */
  readonly id: string;
  /** Order of arrival. */
  readonly seq: number;
  readonly app: string;
  readonly datacenter: string;
  readonly tenantId: string;
  readonly type: string;
  readonly category: string | undefined;
  readonly severity: Severity;
  readonly details: AlertDetails;
  readonly source: string | undefined;
  readonly sourceTimeStamp: bigint | undefined;
  readonly affinity: string | undefined;
  readonly resourceId: string | undefined;
  readonly resourceName: string | undefined;
  /** As the client said, else when it came. Unix ms. */
  readonly createdAt: number;
  readonly receivedAt: number;
  updatedAt: number;
  deletedAt: number | undefined;
  falsePositive: boolean | undefined;
  readonly visibleAt: number;
}

/** All alerts of all data centers, oldest first. */
export class AlertBook {
  readonly #byId = new Map<string, AlertRow>();
  #seq = 0;

  get all(): readonly AlertRow[] {
    return [...this.#byId.values()];
  }

  add(row: Omit<AlertRow, 'seq'>): AlertRow {
    this.#seq += 1;
    const whole = { ...row, seq: this.#seq };
    this.#byId.set(row.id, whole);
    return whole;
  }

  get(id: string): AlertRow | undefined {
    return this.#byId.get(id.toUpperCase());
  }

  /** False when it is not there, or was dismissed already. */
  dismiss(id: string, now: number): boolean {
    const row = this.get(id);
    if (row === undefined || row.deletedAt !== undefined) return false;
    row.deletedAt = now;
    row.updatedAt = now;
    return true;
  }

  /** Gone without a trace, as after Acronis has purged it. */
  purge(id: string): void {
    this.#byId.delete(id.toUpperCase());
  }

  clear(): void {
    this.#byId.clear();
  }
}
