import { type Alert, mayHaveHappened } from '@fairlead/acronis';
import type { Db } from '../../store/queries.ts';
import type { AlertRow, CyberappTables } from '../../store/tables.ts';
import { readAlertBody, type StoredDraft } from './alert-body.ts';
import { type AlertParts, type AlertTask, ANSWERED, failed, isRefusal, SETTLED } from './alert-parts.ts';
import { changeRow } from './alert-rows.ts';
import { errorText } from './backoff.ts';

/** What became of an alert that was to be raised. */
export type RaiseOutcome = 'raised' | 'found' | 'blocked' | 'none';

const ATTEMPTS = 3;
const BACK_OFF_MS = 1000;
/** What was sent by a gateway that is no more may still be on its way: only after this is it sent again. */
const SETTLE_MS = 10_000;

/** Raises one alert, once: what may have been sent is looked up by its stamp before it is sent again (cyberapp 5.6). */
export class AlertRaise {
  readonly #parts: AlertParts;

  constructor(parts: AlertParts) {
    this.#parts = parts;
  }

  /** @throws what concerns more than this alert, after it is written to the row; the reason of the signal */
  async raise(row: AlertRow, task: AlertTask): Promise<RaiseOutcome> {
    if (row.inflight_op !== null) {
      const outcome = await this.#resolve(row, task);
      if (outcome !== undefined) return outcome;
    }
    let current: AlertRow | undefined = row;
    for (let attempt = 1; ; attempt += 1) {
      task.signal.throwIfAborted();
      current = await this.#begin(current);
      if (current === undefined) return 'none';
      const error = await this.#send(current, task);
      if (typeof error === 'string') return error;
      await this.#parts.clock.sleep((this.#parts.random ?? Math.random)() * BACK_OFF_MS * attempt, task.signal);
      const found = await this.#lookUp(current, task);
      if (found !== undefined) return await this.#found(current, found);
      if (attempt >= ATTEMPTS) return await failed(this.#parts, current, error);
    }
  }

  /** Finds out what became of an alert that is not wanted any more: looks twice when it may still be on its way. */
  async settle(row: AlertRow, task: AlertTask): Promise<void> {
    await this.#resolve(row, task);
    const { store, clock } = this.#parts;
    const wait = (row.inflight_since_ms ?? 0) + SETTLE_MS - clock.now();
    if (wait <= 0) return;
    await clock.sleep(wait, task.signal);
    const [again] = await store
      .tables<CyberappTables>()
      .selectFrom('cyberapp_alerts')
      .selectAll()
      .where('source_stamp', '=', row.source_stamp)
      .where('state', '=', 'raising')
      .execute();
    if (again !== undefined) await this.#resolve(again, task);
  }

  /** Looks up what may have been sent, and ends it when it is not wanted any more. Undefined: it may be sent. */
  async #resolve(row: AlertRow, task: AlertTask): Promise<RaiseOutcome | undefined> {
    const { store, clock } = this.#parts;
    const found = await this.#lookUp(row, task);
    if (found !== undefined) return await this.#found(row, found);
    const settled = (row.inflight_since_ms ?? 0) + SETTLE_MS;
    if (clock.now() < settled) {
      await changeRow(store, row, { next_attempt_ms: settled });
      return 'none';
    }
    if (row.false_since_ms === null) return undefined;
    // Should it appear after all, it is an orphan, and dismissed as one.
    await changeRow(store, row, { state: 'closed', closed_ms: clock.now(), ...ANSWERED });
    return 'none';
  }

  async #lookUp(row: AlertRow, { client, signal }: AlertTask): Promise<Alert | undefined> {
    signal.throwIfAborted();
    try {
      return await client.alerts.findBySource(this.#parts.alertSource, BigInt(row.source_stamp), signal);
    } catch (error) {
      return await failed(this.#parts, row, error);
    }
  }

  async #found(row: AlertRow, found: Alert): Promise<RaiseOutcome> {
    await alertOpened(this.#parts, row, found);
    return 'found';
  }

  /** The mark is there before the call is made. */
  async #begin(row: AlertRow): Promise<AlertRow | undefined> {
    const { store, clock } = this.#parts;
    const body = readAlertBody(row.body);
    const { resource: _before, ...draft } = body.draft;
    const resource = await this.#resourceOf(row);
    const whole = { ...body, draft: { ...draft, ...(resource && { resource }) } };
    return await changeRow(store, row, { inflight_op: 'raise', inflight_since_ms: clock.now(), body: JSON.stringify(whole) });
  }

  /** The workload of an alert, if it is at Acronis now; it is not told of later (cyberapp 9.162). */
  async #resourceOf({ acronis_tenant_id: tenant, item_key: key }: AlertRow): Promise<StoredDraft['resource']> {
    if (key === null) return undefined;
    const live = await this.#parts.store
      .tables<CyberappTables>()
      .selectFrom('cyberapp_workloads')
      .select(['workload_id', 'name'])
      .where('acronis_tenant_id', '=', tenant)
      .where('item_key', '=', key)
      .where('state', '=', 'live')
      .executeTakeFirst();
    return live === undefined || live.workload_id === null ? undefined : { id: live.workload_id, name: live.name };
  }

  /** An outcome, or the error of a call that may have been carried out. */
  async #send(row: AlertRow, { client, signal }: AlertTask): Promise<RaiseOutcome | object> {
    const { store } = this.#parts;
    try {
      const id = await client.alerts.create({ ...readAlertBody(row.body).draft, sourceTimeStamp: BigInt(row.source_stamp) }, signal);
      await alertOpened(this.#parts, row, { id });
      return 'raised';
    } catch (error) {
      if (isRefusal(error)) {
        await changeRow(store, row, { ...SETTLED, state: 'blocked', last_error: errorText(error) });
        return 'blocked';
      }
      if (mayHaveHappened(error)) return error as Error;
      return await failed(this.#parts, row, error);
    }
  }
}

/** An alert is at Acronis: open, or dismissed by a person before we knew. What it takes the place of is to go. */
export async function alertOpened(
  { store, clock }: AlertParts,
  row: AlertRow,
  { id, deletedAt }: Pick<Alert, 'id'> & Partial<Alert>,
): Promise<void> {
  const now = clock.now();
  const known = { ...SETTLED, alert_id: id };
  const values =
    deletedAt === undefined
      ? { ...known, state: 'open' as const }
      : { ...known, state: 'dismissed' as const, dismissed_ms: msOf(deletedAt, now) };
  await changeRow(store, row, values, (trx) => endBefore(trx, row, now));
}

/** Milliseconds of a moment that Acronis tells. */
export function msOf(moment: string, now: number): number {
  const ms = Date.parse(moment);
  return Number.isNaN(ms) ? now : ms;
}

async function endBefore(trx: Db, row: AlertRow, now: number): Promise<void> {
  const before = () =>
    trx
      .updateTable('cyberapp_alerts')
      .where('acronis_tenant_id', '=', row.acronis_tenant_id)
      .where('dedup_key', '=', row.dedup_key)
      .where('episode', '<', row.episode);
  await before()
    .set({ state: 'closing', ...SETTLED, updated_ms: now })
    .where('state', '=', 'open')
    .execute();
  await before().set({ state: 'closed', closed_ms: now, updated_ms: now }).where('state', '=', 'dismissed').execute();
}
