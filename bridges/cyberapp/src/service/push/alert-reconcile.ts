import type { Alert } from '@fairlead/acronis';
import { alertTypeCti } from '@fairlead/acronis/codec';
import { ALERT_TYPES } from '../../map/alert-types.ts';
import type { AlertRow, CyberappTables } from '../../store/tables.ts';
import type { AlertValues } from './alert-machine.ts';
import { type AlertParts, type AlertTask, isRefusal, SETTLED } from './alert-parts.ts';
import { alertOpened, msOf } from './alert-raise.ts';
import { changeRow } from './alert-rows.ts';
import type { Tally } from './counts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What Acronis does not have any more after this may have been purged, and is not raised again. */
const PURGED_AFTER_MS = 30 * DAY_MS;
const KEEP_CLOSED_MS = 90 * DAY_MS;

/** Compares the alerts of one tenant with what Acronis lists (cyberapp 5.6). */
export class AlertReconcile {
  readonly #parts: AlertParts;
  readonly #types: ReadonlySet<string>;

  constructor(parts: AlertParts) {
    this.#parts = parts;
    this.#types = new Set(Object.keys(ALERT_TYPES).map((code) => alertTypeCti(parts.app, code)));
  }

  async run(tenantId: string, task: AlertTask): Promise<void> {
    const known = await this.#known(tenantId);
    const orphans: string[] = [];
    const query = { source: this.#parts.alertSource, tenantIds: [tenantId], showDeleted: true };
    task.signal.throwIfAborted();
    for await (const alert of task.client.alerts.list(query, task.signal)) {
      if (!this.#isOurs(alert)) continue;
      const row = known.byId.get(alert.id) ?? known.byStamp.get(alert.sourceTimeStamp ?? '');
      if (row !== undefined) await this.#listed(known, row, { alert, tally: task.tally });
      else if (this.#isOrphan(alert)) orphans.push(alert.id);
    }
    for (const row of known.byId.values()) await this.#missing(row, task);
    for (const id of orphans) await this.#orphan(id, task);
    await this.#forget(tenantId);
  }

  async #orphan(id: string, { client, signal, tally }: AlertTask): Promise<void> {
    signal.throwIfAborted();
    try {
      await client.alerts.dismiss(id, signal);
      tally.add('orphans');
    } catch (error) {
      if (!isRefusal(error)) throw error;
      tally.add('blocked');
    }
  }

  async #known(tenantId: string): Promise<Known> {
    const rows = await this.#parts.store
      .tables<CyberappTables>()
      .selectFrom('cyberapp_alerts')
      .selectAll()
      .where('acronis_tenant_id', '=', tenantId)
      .where('state', '<>', 'closed')
      .execute();
    const byId = new Map(rows.flatMap((row) => (row.alert_id === null ? [] : [[row.alert_id, row] as const])));
    const sent = rows.filter((row) => row.alert_id === null && row.inflight_op === 'raise');
    return { byId, byStamp: new Map(sent.map((row) => [String(row.source_stamp), row])) };
  }

  #isOurs({ source, type }: Alert): boolean {
    return source === this.#parts.alertSource && this.#types.has(type);
  }

  /** What is younger may be on its way into a row. */
  #isOrphan({ createdAt, deletedAt }: Alert): boolean {
    return deletedAt === undefined && this.#parts.clock.now() - Date.parse(createdAt ?? '') > HOUR_MS;
  }

  async #listed({ byId, byStamp }: Known, row: AlertRow, { alert, tally }: { alert: Alert; tally: Tally }): Promise<void> {
    byId.delete(alert.id);
    if (row.alert_id !== null) return await this.#seen(row, alert, tally);
    byStamp.delete(alert.sourceTimeStamp ?? '');
    await alertOpened(this.#parts, row, alert);
    tally.add('adopted');
  }

  /** A person has dismissed it. */
  async #seen(row: AlertRow, { deletedAt }: Alert, tally: Tally): Promise<void> {
    if (deletedAt === undefined) return;
    await this.#dismissed(row, msOf(deletedAt, this.#parts.clock.now()), tally);
  }

  async #dismissed(row: AlertRow, at: number, tally: Tally): Promise<void> {
    const now = this.#parts.clock.now();
    // A closing one is dismissed once more, and found to be gone.
    const ends: Partial<Record<AlertRow['state'], AlertValues>> = {
      open: { ...SETTLED, state: 'dismissed', dismissed_ms: at },
      blocked: { ...SETTLED, state: 'closed', closed_ms: now },
    };
    const end = ends[row.state];
    if (end === undefined) return;
    await changeRow(this.#parts.store, row, end);
    tally.add('dismissed');
  }

  /** A list may leave something out: only what is not found by its id either is gone. */
  async #missing(row: AlertRow, { client, signal, tally }: AlertTask): Promise<void> {
    if (row.alert_id === null || (row.state !== 'open' && row.state !== 'blocked')) return;
    signal.throwIfAborted();
    const alert = await client.alerts.get(row.alert_id, signal);
    if (alert !== undefined) return await this.#seen(row, alert, tally);
    const now = this.#parts.clock.now();
    if (row.state === 'blocked' || now - row.opened_ms >= PURGED_AFTER_MS) return await this.#dismissed(row, now, tally);
    // While its condition is true, the next step begins another episode.
    await changeRow(this.#parts.store, row, { ...SETTLED, state: 'closed', closed_ms: now });
    tally.add('vanished');
  }

  async #forget(tenantId: string): Promise<void> {
    await this.#parts.store
      .tables<CyberappTables>()
      .deleteFrom('cyberapp_alerts')
      .where('acronis_tenant_id', '=', tenantId)
      .where('state', '=', 'closed')
      .where('closed_ms', '<', this.#parts.clock.now() - KEEP_CLOSED_MS)
      .execute();
  }
}

/** Rows by what a list tells of their alerts. What has been met is taken out. */
interface Known {
  readonly byId: Map<string, AlertRow>;
  /** What was sent, without an answer. */
  readonly byStamp: Map<string, AlertRow>;
}
