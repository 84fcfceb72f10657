import type { CompiledQuery, Kysely } from 'kysely';

/** Longer lists of values are rare: their text is made each time. */
const MOST_VALUES = 16;

/**
 * A query that is asked for every request, with other values each time: to build its text costs more than to carry it out, so that is done once for
 * each number of values. The values have to be all parameters that the query has. One of these belongs to one store.
 */
export class RepeatedQuery<Schema, Value extends string | number, Row> {
  readonly #build: (db: Kysely<Schema>, values: readonly Value[]) => { compile(): CompiledQuery<Row> };
  readonly #built = new Map<number, CompiledQuery<Row>>();

  constructor(build: (db: Kysely<Schema>, values: readonly Value[]) => { compile(): CompiledQuery<Row> }) {
    this.#build = build;
  }

  async ask(db: Kysely<Schema>, values: readonly Value[]): Promise<Row[]> {
    const { rows } = await db.executeQuery<Row>({ ...this.#builtFor(db, values), parameters: values });
    return rows;
  }

  #builtFor(db: Kysely<Schema>, values: readonly Value[]): CompiledQuery<Row> {
    const known = this.#built.get(values.length);
    if (known !== undefined) return known;
    const built = this.#build(db, values).compile();
    if (values.length <= MOST_VALUES) this.#built.set(values.length, built);
    return built;
  }
}
