import { newUuid } from '@fairlead/kernel/ids';
import { RepeatedQuery, type Store } from '@fairlead/kernel/store';
import { sql } from 'kysely';
import { CceEngineError } from '../errors.ts';
import { fromBody, inBody, indexKey } from './body.ts';
import type { CommitOutcome, IndexWrite, ObjectStorage, ScanPage, ScanRequest, StorageChange, StoredObject } from './object-storage.ts';
import { CommitConflict, type CommitParts, rewriteIndex, writeChange } from './sql-commit.ts';
import { giveBack, lockOids, RESERVATION_MS, reclaimReserved, takeLowest } from './sql-oids.ts';
import type { CodbTables, CodbTransaction } from './tables.ts';

/** Parameters of one statement: both dialects take many more. */
const CHUNK = 500;

/** Objects that one page looks for a text in. */
const LOOKED_AT = 5000;

type ObjectRow = CodbTables['codb_objects'];

/** Objects as rows of the kernel's store (cce 3.2); the tables are those of `codbMigrations`. Rejects with what the store says when it is away. */
export class SqlStorage implements ObjectStorage {
  readonly #store: Store;
  readonly #holder = newUuid();
  readonly #objects = new RepeatedQuery<CodbTables, number, ObjectRow>((db, oids) =>
    db.selectFrom('codb_objects').selectAll().where('oid', 'in', oids),
  );
  readonly #versions = new RepeatedQuery<CodbTables, number, Pick<ObjectRow, 'oid' | 'version'>>((db, oids) =>
    db.selectFrom('codb_objects').select(['oid', 'version']).where('oid', 'in', oids),
  );

  constructor(store: Store) {
    this.#store = store;
  }

  async read(oids: readonly number[]): Promise<readonly StoredObject[]> {
    const rows = await inChunks(oids, (chunk) => this.#objects.ask(this.#db(), chunk));
    return rows.map(toObject);
  }

  async versions(oids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const rows = await inChunks(oids, (chunk) => this.#versions.ask(this.#db(), chunk));
    return new Map(rows.map(({ oid, version }) => [oid, version]));
  }

  scan(request: ScanRequest): Promise<ScanPage> {
    if (request.indexed) return this.#scanIndex(request, indexKey(request.class, request.indexed));
    return request.containing === undefined ? this.#scanClass(request) : this.#scanTexts(request, inBody(request.containing));
  }

  async count(className: string): Promise<number> {
    const row = await this.#db()
      .selectFrom('codb_objects')
      .select((get) => get.fn.countAll<number>().as('objects'))
      .where('class', '=', className)
      .executeTakeFirstOrThrow();
    return Number(row.objects);
  }

  async reserveOid(excluded: ReadonlySet<number>): Promise<number> {
    const now = this.#store.clock.now();
    return this.#store.transaction<CodbTables, number>(async (trx) => {
      await lockOids(trx);
      await reclaimReserved(trx, now);
      const oid = await takeLowest(trx, excluded);
      if (oid === undefined) throw CceEngineError('CCE_ENGINE_NO_OID');
      await trx
        .insertInto('codb_reserved')
        .values({ oid, holder: this.#holder, until_ms: now + RESERVATION_MS })
        .execute();
      return oid;
    });
  }

  async release(oids: readonly number[]): Promise<void> {
    if (oids.length === 0) return;
    await this.#store.transaction<CodbTables, void>(async (trx) => {
      await lockOids(trx);
      const held = await inChunks(oids, (chunk) =>
        trx.deleteFrom('codb_reserved').where('oid', 'in', chunk).where('holder', '=', this.#holder).returning('oid').execute(),
      );
      await giveBack(
        trx,
        held.map(({ oid }) => oid),
      );
    });
  }

  commit(change: StorageChange): Promise<CommitOutcome> {
    return this.#attempt((trx, parts) => writeChange(trx, change, parts));
  }

  reindex(objects: readonly IndexWrite[]): Promise<CommitOutcome> {
    return this.#attempt((trx, parts) => rewriteIndex(trx, objects, parts));
  }

  /** All of the work, or nothing. */
  async #attempt(work: (trx: CodbTransaction, parts: CommitParts) => Promise<number>): Promise<CommitOutcome> {
    const parts = { holder: this.#holder, isUniqueViolation: (error: unknown) => this.#store.isUniqueViolation(error) };
    try {
      return { ok: true, version: await this.#store.transaction<CodbTables, number>((trx) => work(trx, parts)) };
    } catch (error) {
      if (error instanceof CommitConflict) return { ok: false, conflict: error.oid };
      throw error;
    }
  }

  async getFact(name: string): Promise<string | undefined> {
    const row = await this.#db().selectFrom('codb_facts').select('value').where('name', '=', name).executeTakeFirst();
    return row?.value;
  }

  async setFact(name: string, value: string | undefined): Promise<void> {
    if (value === undefined) {
      await this.#db().deleteFrom('codb_facts').where('name', '=', name).execute();
      return;
    }
    await this.#db()
      .insertInto('codb_facts')
      .values({ name, value })
      .onConflict((row) => row.column('name').doUpdateSet({ value }))
      .execute();
  }

  async #scanClass(request: ScanRequest): Promise<ScanPage> {
    const rows = await this.#ofClass(request).selectAll().limit(request.limit).execute();
    return pageOf(rows, request.limit);
  }

  /** Looks at so many objects at a time, however few of them hold the text: SQLite answers nobody else meanwhile. */
  async #scanTexts(request: ScanRequest, text: string): Promise<ScanPage> {
    const last = await this.#ofClass(request)
      .select('oid')
      .offset(LOOKED_AT - 1)
      .limit(1)
      .executeTakeFirst();
    const find = this.#store.dialect === 'postgres' ? sql.ref('strpos') : sql.ref('instr');
    const rows = await this.#ofClass(request)
      .selectAll()
      .$if(last !== undefined, (query) => query.where('oid', '<=', last?.oid ?? 0))
      .where(sql<boolean>`${find}(body, ${text}) > 0`)
      .limit(request.limit)
      .execute();
    return rows.length < request.limit ? { objects: rows.map(toObject), next: last?.oid } : pageOf(rows, request.limit);
  }

  async #scanIndex({ after, limit }: ScanRequest, key: string): Promise<ScanPage> {
    const rows = await this.#db()
      .selectFrom('codb_index')
      .innerJoin('codb_objects', 'codb_objects.oid', 'codb_index.oid')
      .select(['codb_objects.oid', 'codb_objects.class', 'codb_objects.version', 'codb_objects.body'])
      .where('codb_index.key', '=', key)
      .where('codb_index.oid', '>', after)
      .orderBy('codb_index.oid')
      .limit(limit)
      .execute();
    return pageOf(rows, limit);
  }

  #ofClass({ class: className, after }: ScanRequest) {
    return this.#db().selectFrom('codb_objects').where('class', '=', className).where('oid', '>', after).orderBy('oid');
  }

  #db() {
    return this.#store.tables<CodbTables>();
  }
}

function toObject(row: ObjectRow): StoredObject {
  return { oid: row.oid, class: row.class, version: row.version, values: fromBody(row.body) };
}

function pageOf(rows: readonly ObjectRow[], limit: number): ScanPage {
  return { objects: rows.map(toObject), next: rows.length < limit ? undefined : rows.at(-1)?.oid };
}

async function inChunks<Row>(oids: readonly number[], ask: (chunk: readonly number[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < oids.length; at += CHUNK) rows.push(...(await ask(oids.slice(at, at + CHUNK))));
  return rows;
}
