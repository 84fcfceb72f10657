import { setImmediate as letOthersWork } from 'node:timers/promises';
import type { NamespaceType, Property } from '../schema/schema.ts';
import type { ScanPage, ScanRequest, StoredObject } from '../storage/object-storage.ts';
import type { EngineCore } from './core.ts';
import { effectiveValue, type ObjectState } from './values.ts';
import type { View } from './view.ts';

/** Objects of one question to the store; between two of them others have their turn. */
const PAGE = 500;

export interface Wanted {
  readonly class: string;
  readonly namespace: string;
  readonly property: string;
  readonly value: string;
}

/** What the storage need not give, so that the search looks at little. */
export type Narrowing = Pick<ScanRequest, 'indexed' | 'containing'>;

/** How an equality can be looked up (cce 3.2). Objects that never set the property have its default, which is in no row of the index and in no body. */
export function narrowingFor(
  core: EngineCore,
  view: View,
  { class: className, namespace, property, value }: Wanted,
): Narrowing | undefined {
  const type = view.schema.classes.get(className)?.namespaces.get(namespace);
  const declared = type?.properties.get(property);
  if (!type || !declared || declared.default === value) return undefined;
  if (type.indexes.has(property) && core.completeIndexes.has(indexName(type, declared))) return { indexed: { namespace, property, value } };
  return declared.array || value === '' ? undefined : { containing: value };
}

/** Names the rows that an index has: what changes them makes it another index. */
export function indexName(type: NamespaceType, { name, array }: Property): string {
  const kinds = `${array ? '[]' : ''}${type.uniqueIndexes.has(name) ? '!' : ''}`;
  return `${type.class}.${type.name}.${name}${kinds}`;
}

/** Objects of a class as the view has them, in ascending OID; those of the store may be narrowed, those of the transaction are all given. */
export async function* searchClass(
  core: EngineCore,
  view: View,
  className: string,
  narrowing: Narrowing = {},
): AsyncGenerator<ObjectState, void, undefined> {
  const pending = view.pendingOf(className);
  const added = [...pending.values()].filter(({ gone }) => !gone).toSorted((one, other) => one.oid - other.oid);
  for await (const page of pages(core, className, narrowing)) {
    for (const object of page) {
      while (added[0] && added[0].oid < object.oid) yield added.shift() as ObjectState;
      if (!pending.has(object.oid)) yield object;
    }
  }
  yield* added;
}

/** Objects whose property has that very value, in ascending OID. */
export async function* objectsWith(core: EngineCore, view: View, wanted: Wanted): AsyncGenerator<ObjectState, void, undefined> {
  const type = view.schema.classes.get(wanted.class)?.namespaces.get(wanted.namespace);
  for await (const state of searchClass(core, view, wanted.class, narrowingFor(core, view, wanted)))
    if (effectiveValue(type, state, wanted.property) === wanted.value) yield state;
}

async function* pages(core: EngineCore, className: string, narrowing: Narrowing): AsyncGenerator<readonly StoredObject[], void, undefined> {
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page: ScanPage = await core.storage.scan({ class: className, after, limit: PAGE, ...narrowing });
    yield page.objects;
    after = page.next;
    if (after !== undefined) await letOthersWork();
  }
}
