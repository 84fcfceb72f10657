import type { Clock } from '@fairlead/kernel/clock';
import type { Store } from '@fairlead/kernel/store';
import { ImageError } from '../../errors.ts';
import type { ImageTables, JobRow } from '../../tables.ts';

export type JobKind = 'export' | 'transfer' | 'backup';
/** `open` jobs run or are to run again after a restart; the others are remembered for a day. */
export type JobState = 'open' | 'closed' | 'failed' | 'canceled';

export interface JobFailure {
  readonly code: string;
  readonly text: string;
}

export interface Job<Spec> {
  readonly id: string;
  readonly state: JobState;
  readonly spec: Spec;
  readonly pid?: number;
  readonly socket?: string;
  readonly failure?: JobFailure;
  readonly createdMs: number;
}

const REMEMBER_MS = 24 * 3_600_000;

/** The rows of one kind in `image_jobs`. */
export class JobRows<Spec> {
  readonly #parts: { readonly store: Store; readonly clock: Clock; readonly agent: string };
  readonly #kind: JobKind;
  readonly #read: (value: unknown) => Spec;

  constructor(
    parts: { readonly store: Store; readonly clock: Clock; readonly agent: string },
    kind: JobKind,
    read: (value: unknown) => Spec,
  ) {
    this.#parts = parts;
    this.#kind = kind;
    this.#read = read;
  }

  /** Writes an open job. `exclusive` is what it alone may hold; throws `IMAGE_BUSY` when another open job holds it or has this id. */
  async open(id: string, spec: Spec, exclusive: string | null, what: string): Promise<void> {
    await this.#forgetOld();
    await this.#db().deleteFrom('image_jobs').where('id', '=', this.#rowId(id)).where('state', '!=', 'open').execute();
    const now = this.#parts.clock.now();
    const row = { ...this.#key(id), exclusive, state: 'open', spec: JSON.stringify(spec), pid: null, socket: null };
    try {
      await this.#db()
        .insertInto('image_jobs')
        .values({ ...row, failure_code: null, failure_text: null, created_ms: now, changed_ms: now })
        .execute();
    } catch (error) {
      if (this.#parts.store.isUniqueViolation(error)) throw ImageError('IMAGE_BUSY', { what }, { cause: error });
      throw error;
    }
  }

  async find(id: string): Promise<Job<Spec> | undefined> {
    const row = await this.#own().where('id', '=', this.#rowId(id)).executeTakeFirst();
    return row && this.#toJob(row);
  }

  async listOpen(): Promise<Job<Spec>[]> {
    const rows = await this.#own().where('state', '=', 'open').execute();
    return rows.map((row) => this.#toJob(row));
  }

  /** The remembered ones, newest first. */
  async listEnded(): Promise<Job<Spec>[]> {
    const rows = await this.#own().where('state', '!=', 'open').orderBy('created_ms', 'desc').execute();
    return rows.map((row) => this.#toJob(row));
  }

  async change(id: string, facts: { readonly spec?: Spec; readonly pid?: number; readonly socket?: string }): Promise<void> {
    const { spec, ...others } = facts;
    await this.#update(id, { ...others, ...(spec !== undefined && { spec: JSON.stringify(spec) }) });
  }

  /** Ends a job and lets go of what it held alone. */
  async end(id: string, state: Exclude<JobState, 'open'>, failure?: JobFailure): Promise<void> {
    await this.#update(id, { state, exclusive: null, pid: null, failure_code: failure?.code ?? null, failure_text: failure?.text ?? null });
  }

  async remove(id: string): Promise<void> {
    await this.#db().deleteFrom('image_jobs').where('id', '=', this.#rowId(id)).execute();
  }

  async #forgetOld(): Promise<void> {
    await this.#db()
      .deleteFrom('image_jobs')
      .where('agent', '=', this.#parts.agent)
      .where('state', '!=', 'open')
      .where('changed_ms', '<', this.#parts.clock.now() - REMEMBER_MS)
      .execute();
  }

  async #update(id: string, facts: Partial<JobRow>): Promise<void> {
    await this.#db()
      .updateTable('image_jobs')
      .set({ ...facts, changed_ms: this.#parts.clock.now() })
      .where('id', '=', this.#rowId(id))
      .execute();
  }

  #own() {
    return this.#db().selectFrom('image_jobs').selectAll().where('agent', '=', this.#parts.agent).where('kind', '=', this.#kind);
  }

  /** The same transfer may be an export and a transfer: ids are told apart by their kind. */
  #rowId(id: string): string {
    return `${this.#kind}/${id}`;
  }

  #key(id: string) {
    return { id: this.#rowId(id), agent: this.#parts.agent, kind: this.#kind };
  }

  #toJob(row: JobRow): Job<Spec> {
    return {
      id: row.id.slice(this.#kind.length + 1),
      state: row.state as JobState,
      spec: this.#read(JSON.parse(row.spec)),
      createdMs: row.created_ms,
      ...(row.pid !== null && { pid: row.pid }),
      ...(row.socket !== null && { socket: row.socket }),
      ...(row.failure_code !== null && { failure: { code: row.failure_code, text: row.failure_text ?? '' } }),
    };
  }

  #db() {
    return this.#parts.store.tables<ImageTables>();
  }
}
