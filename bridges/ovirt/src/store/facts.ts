import type { OvirtStore } from './ovirt-store.ts';

/** The value of a fact; the first to ask gives it and everybody keeps it. */
export async function fact(store: OvirtStore, name: string, first: () => string): Promise<string> {
  await store.tables
    .insertInto('ovirt_facts')
    .values({ name, value: first() })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const row = await store.tables.selectFrom('ovirt_facts').select('value').where('name', '=', name).executeTakeFirstOrThrow();
  return row.value;
}
