import { newUuid } from '../ids/index.ts';
import type { Log } from '../log/index.ts';
import { redacted } from '../log/redact.ts';
import { auditMetrics, type InstrumentsOf, type Metrics } from '../metrics/index.ts';
import type { Store } from '../store/index.ts';

export type AuditOutcome = 'ok' | 'refused' | 'failed';

type Detail = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What was done by whom. */
export interface AuditEntry {
  /** The bridge that was asked: `ovirt`. */
  readonly face: string;
  /** Login of the person, as he gave it. */
  readonly actor: string;
  /** Object and verb: `vm.create`. */
  readonly action: string;
  /** Id of what it was done to. */
  readonly object?: string | undefined;
  readonly outcome: AuditOutcome;
  readonly correlationId?: string | undefined;
  /** Where the request came from; absent for what the gateway does by itself. */
  readonly address?: string | undefined;
  /** A few more facts; no secret. */
  readonly detail?: Detail | undefined;
}

export interface AuditRow extends AuditEntry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

export interface AuditQuery {
  readonly correlationId?: string | undefined;
  readonly object?: string | undefined;
  readonly sinceMs?: number | undefined;
  /** The newest so many, 1 to 1000. */
  readonly limit: number;
}

interface AuditTables {
  kernel_audit: {
    id: string;
    at_ms: number;
    face: string;
    actor: string;
    action: string;
    object: string | null;
    outcome: AuditOutcome;
    correlation_id: string | null;
    address: string | null;
    detail: string | null;
  };
}

const MAX_TEXT = 255;
const MAX_DETAIL_TEXT = 1000;
const MAX_ROWS = 1000;

/** The one record of what was done (design 12): a row and a log line each. A row that cannot be written is logged and keeps nobody from his work. */
export class Audit {
  readonly #store: Store;
  readonly #log: Log;
  readonly #counts: InstrumentsOf<typeof auditMetrics> | undefined;

  constructor(parts: { readonly store: Store; readonly log: Log; readonly metrics?: Metrics }) {
    this.#store = parts.store;
    this.#log = parts.log;
    this.#counts = parts.metrics?.use(auditMetrics);
  }

  /** Never rejects. Texts are cut to 255 characters, those of `detail` to 1000; values of keys that name secrets are masked. */
  async record(entry: AuditEntry): Promise<void> {
    const clean = cleaned(entry);
    this.#counts?.entries.add({ face: clean.face, action: clean.action, outcome: clean.outcome });
    const level = entry.outcome === 'ok' ? 'info' : 'warn';
    this.#log[level]({ audit: true, ...clean }, `${clean.action}: ${clean.outcome}`);
    try {
      await this.#store.tables<AuditTables>().insertInto('kernel_audit').values(this.#rowOf(clean)).execute();
    } catch (error) {
      this.#counts?.unwritten.add({});
      this.#log.error({ err: error, action: clean.action, correlationId: clean.correlationId }, 'an audit row could not be written');
    }
  }

  /** Newest first. */
  async find({ correlationId, object, sinceMs, limit }: AuditQuery): Promise<readonly AuditRow[]> {
    let query = this.#store.tables<AuditTables>().selectFrom('kernel_audit').selectAll();
    if (correlationId !== undefined) query = query.where('correlation_id', '=', correlationId);
    if (object !== undefined) query = query.where('object', '=', object);
    if (sinceMs !== undefined) query = query.where('at_ms', '>=', sinceMs);
    const bounded = Math.min(Math.max(Math.trunc(limit), 1), MAX_ROWS);
    return (await query.orderBy('at_ms', 'desc').orderBy('id').limit(bounded).execute()).map(toEntry);
  }

  /** Removes rows that are older; answers how many. */
  async sweep(keepMs: number): Promise<number> {
    const before = this.#store.clock.now() - keepMs;
    const gone = await this.#store.tables<AuditTables>().deleteFrom('kernel_audit').where('at_ms', '<', before).executeTakeFirst();
    return Number(gone.numDeletedRows);
  }

  #rowOf(entry: AuditEntry): AuditTables['kernel_audit'] {
    return {
      id: newUuid(),
      at_ms: this.#store.clock.now(),
      face: entry.face,
      actor: entry.actor,
      action: entry.action,
      object: entry.object ?? null,
      outcome: entry.outcome,
      correlation_id: entry.correlationId ?? null,
      address: entry.address ?? null,
      detail: entry.detail === undefined ? null : JSON.stringify(entry.detail),
    };
  }
}

function cleaned(entry: AuditEntry): AuditEntry {
  return {
    face: text(entry.face),
    actor: text(entry.actor),
    action: text(entry.action),
    object: entry.object === undefined ? undefined : text(entry.object),
    outcome: entry.outcome,
    correlationId: entry.correlationId === undefined ? undefined : text(entry.correlationId),
    address: entry.address === undefined ? undefined : text(entry.address),
    detail: entry.detail === undefined ? undefined : cleanDetail(entry.detail),
  };
}

/** PostgreSQL takes no NUL, and callers type what they like as a login. */
function text(value: string, length = MAX_TEXT): string {
  return value.replaceAll('\0', '\uFFFD').slice(0, length);
}

function cleanDetail(detail: Detail): Detail {
  const pairs = Object.entries(redacted(detail) as Detail).map(
    ([key, value]) => [key, typeof value === 'string' ? text(value, MAX_DETAIL_TEXT) : value] as const,
  );
  return Object.fromEntries(pairs);
}

function toEntry(row: AuditTables['kernel_audit']): AuditRow {
  return {
    id: row.id,
    atMs: row.at_ms,
    face: row.face,
    actor: row.actor,
    action: row.action,
    object: row.object ?? undefined,
    outcome: row.outcome,
    correlationId: row.correlation_id ?? undefined,
    address: row.address ?? undefined,
    detail: row.detail === null ? undefined : (JSON.parse(row.detail) as Detail),
  };
}
