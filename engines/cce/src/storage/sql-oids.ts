import type { CodbTransaction } from './tables.ts';

/** Ranges that are looked at in one question. */
const PAGE = 100;
/** How long a reserved OID is held when its gateway is not heard of any more. */
export const RESERVATION_MS = 15 * 60_000;

/** Lets one gateway after the other choose: the row is locked until the transaction ends. */
export async function lockOids(trx: CodbTransaction): Promise<void> {
  await trx
    .updateTable('codb_counters')
    .set((where) => ({ value: where('value', '+', 1) }))
    .where('name', '=', 'oids')
    .execute();
}

/** Takes the lowest free OID that is not excluded out of the free ranges; undefined when there is none left. */
export async function takeLowest(trx: CodbTransaction, excluded: ReadonlySet<number>): Promise<number | undefined> {
  for (let after = 0; ; ) {
    const ranges = await trx
      .selectFrom('codb_free')
      .select(['first', 'last'])
      .where('first', '>', after)
      .orderBy('first')
      .limit(PAGE)
      .execute();
    const found = ranges.map((range) => lowestOf(range, excluded)).find((oid) => oid !== undefined);
    if (found !== undefined) {
      await takeRun(trx, found, found);
      return found;
    }
    const last = ranges.at(-1);
    if (!last || ranges.length < PAGE) return undefined;
    after = last.first;
  }
}

function lowestOf(range: { readonly first: number; readonly last: number }, excluded: ReadonlySet<number>): number | undefined {
  for (let oid = range.first; oid <= range.last; oid += 1) if (!excluded.has(oid)) return oid;
  return undefined;
}

/** Takes all OIDs of a run out of the free ranges; answers one that is in none, then with nothing more taken. */
export async function takeRun(trx: CodbTransaction, first: number, last: number): Promise<number | undefined> {
  for (let oid = first; oid <= last; ) {
    const range = await trx
      .selectFrom('codb_free')
      .select(['first', 'last'])
      .where('first', '<=', oid)
      .orderBy('first', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!range || range.last < oid) return oid;
    const end = Math.min(last, range.last);
    await trx.deleteFrom('codb_free').where('first', '=', range.first).execute();
    const rest = [
      { first: range.first, last: oid - 1 },
      { first: end + 1, last: range.last },
    ].filter((one) => one.first <= one.last);
    if (rest.length > 0) await trx.insertInto('codb_free').values(rest).execute();
    oid = end + 1;
  }
  return undefined;
}

/** Puts OIDs back, joined to the range that begins right after each, so that making and removing in turn leaves no trail of rows. */
export async function giveBack(trx: CodbTransaction, oids: readonly number[]): Promise<void> {
  for (const run of runsOf(oids).toReversed()) {
    const next = await trx
      .selectFrom('codb_free')
      .select(['first', 'last'])
      .where('first', '=', run.last + 1)
      .executeTakeFirst();
    if (next) await trx.deleteFrom('codb_free').where('first', '=', next.first).execute();
    await trx
      .insertInto('codb_free')
      .values({ first: run.first, last: next?.last ?? run.last })
      .execute();
  }
}

/** Neighbours as one: what belongs together often was made together. */
export function runsOf(oids: readonly number[]): readonly { readonly first: number; readonly last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (const oid of oids.toSorted((one, other) => one - other)) {
    const run = runs.at(-1);
    if (run?.last === oid - 1) run.last = oid;
    else runs.push({ first: oid, last: oid });
  }
  return runs;
}

/** Puts back what was reserved by somebody who did not say what became of it. */
export async function reclaimReserved(trx: CodbTransaction, nowMs: number): Promise<void> {
  const gone = await trx.deleteFrom('codb_reserved').where('until_ms', '<=', nowMs).returning('oid').execute();
  await giveBack(
    trx,
    gone.map(({ oid }) => oid),
  );
}
