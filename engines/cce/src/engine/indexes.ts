import type { ClassType } from '../schema/schema.ts';
import type { ScanPage, StoredObject, StoredWrite } from '../storage/object-storage.ts';
import type { EngineCore } from './core.ts';
import { indexName } from './search.ts';
import { indexEntries, indexedProperties } from './values.ts';

/** The fact that names the indexes whose rows are complete. */
const FACT = 'indexes';
const PAGE = 200;

/** Makes the rows of indexes that the schema did not have before (cce 3.2); only complete ones are searched. */
export async function completeIndexes(core: EngineCore): Promise<void> {
  const fact = await core.storage.getFact(FACT);
  const known = new Set(fact === undefined ? [] : (JSON.parse(fact) as string[]));
  const complete: string[] = [];
  for (const type of core.language.schema.classes.values()) {
    const names = indexNames(type);
    const isNew = names.some((name) => !known.has(name));
    if (isNew) await rebuild(core, type.name);
    complete.push(...names);
  }
  for (const name of complete) core.completeIndexes.add(name);
  const text = JSON.stringify(complete.toSorted());
  if (text !== fact) await core.storage.setFact(FACT, text);
}

async function rebuild(core: EngineCore, className: string): Promise<void> {
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page: ScanPage = await core.storage.scan({ class: className, after, limit: PAGE });
    await rewrite(core, page.objects);
    after = page.next;
  }
}

/** Writes a page as it is, with its rows; when somebody was faster, or a value that should be unique is not, one object after the other. */
async function rewrite(core: EngineCore, page: readonly StoredObject[]): Promise<void> {
  if (page.length === 0) return;
  const writes = page.map((object) => rewriteOf(core, object));
  if ((await core.storage.commit({ writes, removals: [] })).ok) return;
  for (const write of writes) {
    if ((await core.storage.commit({ writes: [write], removals: [] })).ok) continue;
    core.log.warn({ oid: write.oid, class: write.class }, "an object changed meanwhile, or a unique value of it is another's as well");
    const plain = { ...write, index: write.index.map((entry) => ({ ...entry, unique: false })) };
    await core.storage.commit({ writes: [plain], removals: [] });
  }
}

function rewriteOf(core: EngineCore, { oid, class: className, values, version }: StoredObject): StoredWrite {
  const index = indexEntries(core.language.schema, { oid, class: className, values });
  return { oid, class: className, values, index, seen: version };
}

/** After the schema has changed: rows of an index that is gone are no longer written, so it is no complete one. */
export async function forgetIndexes(core: EngineCore): Promise<void> {
  const names = new Set([...core.language.schema.classes.values()].flatMap(indexNames));
  for (const name of core.completeIndexes) if (!names.has(name)) core.completeIndexes.delete(name);
  await core.storage.setFact(FACT, JSON.stringify([...core.completeIndexes].toSorted()));
}

function indexNames(type: ClassType): readonly string[] {
  return indexedProperties(type).map(({ namespace, property }) => indexName(type.name, namespace.name, property.name));
}
