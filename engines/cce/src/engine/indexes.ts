import { setImmediate as letOthersWork } from 'node:timers/promises';
import type { ClassType } from '../schema/schema.ts';
import type { IndexEntry, IndexWrite, ScanPage, StoredObject } from '../storage/object-storage.ts';
import type { EngineCore } from './core.ts';
import { indexName } from './search.ts';
import { indexEntries, indexedProperties } from './values.ts';

/** The fact that names the indexes whose rows are complete. */
const FACT = 'indexes';
const PAGE = 200;
/** How often an object may change while its rows are made. */
const ATTEMPTS = 5;

/** At the start: makes the rows of indexes that the schema did not have before (cce 3.2); only complete ones are searched. */
export async function openIndexes(core: EngineCore): Promise<void> {
  const fact = await core.storage.getFact(FACT);
  const wanted = allNames(core);
  for (const name of fact === undefined ? [] : (JSON.parse(fact) as string[])) if (wanted.has(name)) core.completeIndexes.add(name);
  await completeIndexes(core);
}

/**
 * After the schema has changed: rows of an index that is gone are no longer written, so it is no complete one from now on. Those of a new one are
 * made while others work, page by page.
 */
export function renewIndexes(core: EngineCore): void {
  const wanted = allNames(core);
  for (const name of core.completeIndexes) if (!wanted.has(name)) core.completeIndexes.delete(name);
  core.indexing = Promise.all([core.indexing, keepFact(core)])
    .then(() => completeIndexes(core))
    .catch((error) => core.log.error({ err: error }, 'the indexes of the new schema could not be completed; they are not used'));
}

/** Ends early when the schema changes again, or the engine stops. */
async function completeIndexes(core: EngineCore): Promise<void> {
  const { language } = core;
  const isOver = () => core.language !== language || core.stopping.signal.aborted;
  for (const type of language.schema.classes.values()) {
    const names = indexNames(type);
    if (names.every((name) => core.completeIndexes.has(name))) continue;
    await rebuild(core, type.name, isOver);
    if (isOver()) return;
    for (const name of names) core.completeIndexes.add(name);
  }
  await keepFact(core);
}

async function keepFact(core: EngineCore): Promise<void> {
  await core.storage.setFact(FACT, JSON.stringify([...core.completeIndexes].toSorted()));
}

async function rebuild(core: EngineCore, className: string, isOver: () => boolean): Promise<void> {
  let after: number | undefined = 0;
  while (after !== undefined && !isOver()) {
    const page: ScanPage = await core.storage.scan({ class: className, after, limit: PAGE });
    // A commit that was under way when the schema changed has rows of the former one: it is over when this has its turn.
    await core.commitTurns.take('indexes', undefined, () => rewrite(core, page.objects));
    after = page.next;
    await letOthersWork();
  }
}

/** When somebody was faster with one of a page, or a value that should be unique is not: one object after the other. */
async function rewrite(core: EngineCore, page: readonly StoredObject[]): Promise<void> {
  if (page.length === 0) return;
  if ((await core.storage.reindex(page.map((object) => rowsOf(core, object)))).ok) return;
  for (const object of page) await rewriteOne(core, object);
}

/** Another gateway may change the object meanwhile. */
async function rewriteOne(core: EngineCore, object: StoredObject): Promise<void> {
  let current: StoredObject | undefined = object;
  for (let attempt = 0; attempt < ATTEMPTS && current; attempt += 1) {
    if ((await core.storage.reindex([rowsOf(core, current)])).ok) return;
    const { oid, version }: StoredObject = current;
    [current] = await core.storage.read([oid]);
    if (current?.version !== version) continue;
    core.log.warn({ oid, class: object.class }, "a value of an object that should be unique is another's as well");
    if ((await core.storage.reindex([rowsOf(core, current, false)])).ok) return;
  }
  if (current) throw new Error(`Object ${object.oid} changes all the time`);
}

function rowsOf(core: EngineCore, { oid, class: className, values, version }: StoredObject, unique = true): IndexWrite {
  const entries = indexEntries(core.language.schema, { oid, class: className, values });
  const index: readonly IndexEntry[] = unique ? entries : entries.map((entry) => ({ ...entry, unique: false }));
  return { oid, class: className, index, seen: version };
}

function allNames(core: EngineCore): ReadonlySet<string> {
  return new Set([...core.language.schema.classes.values()].flatMap(indexNames));
}

function indexNames(type: ClassType): readonly string[] {
  return indexedProperties(type).map(({ namespace, property }) => indexName(namespace, property));
}
