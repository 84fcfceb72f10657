import { unpackArray } from '@fairlead/cscp/codec';
import type { ClassType, NamespaceType, Property, Schema } from '../schema/schema.ts';
import type { IndexEntry, ObjectValues } from '../storage/object-storage.ts';

/** An object in some state: of the store, or of a transaction. Values are those set explicitly. */
export interface ObjectState {
  readonly oid: number;
  readonly class: string;
  readonly values: ObjectValues;
}

export const MAGIC_KEYS: ReadonlySet<string> = new Set(['OID', 'CLASS', 'NAMESPACE', 'CLASSVER']);

/** What is set, else the default of the schema; undefined when the class has no such property. */
export function effectiveValue(type: NamespaceType | undefined, state: ObjectState, name: string): string | undefined {
  const property = type?.properties.get(name);
  if (!type || !property) return undefined;
  return state.values.get(type.name)?.get(name) ?? property.default;
}

/** As `effectiveValue`, with magic properties; what rules and sorting see. Empty when there is none. */
export function anyValueOf(schema: Schema, state: ObjectState, namespace: string, name: string): string {
  const type = schema.classes.get(state.class)?.namespaces.get(namespace);
  if (!type) return '';
  return effectiveValue(type, state, name) ?? magicOf(type, state).get(name) ?? '';
}

/** Magic properties of a namespace (cce 0.2). */
export function magicOf(type: NamespaceType, state: ObjectState): ReadonlyMap<string, string> {
  const everywhere: [string, string][] = [
    ['CLASSVER', type.version],
    ['NAMESPACE', type.name],
  ];
  if (type.name !== '') return new Map(everywhere);
  return new Map([...everywhere, ['OID', String(state.oid)], ['CLASS', state.class]]);
}

/** The values with one more set. */
export function withValues(values: ObjectValues, namespace: string, changed: ReadonlyMap<string, string>): ObjectValues {
  if (changed.size === 0) return values;
  return new Map([...values, [namespace, new Map([...(values.get(namespace) ?? []), ...changed])]]);
}

/** `Namespace.property`, or `property` of the default namespace. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const dot = key.indexOf('.');
  if (dot < 0) return { namespace: '', name: key };
  return { namespace: key.slice(0, dot), name: key.slice(dot + 1) };
}

/** All indexed properties of a class. */
export function indexedProperties(type: ClassType): { readonly namespace: NamespaceType; readonly property: Property }[] {
  return [...type.namespaces.values()].flatMap((namespace) =>
    [...namespace.properties.values()].filter(({ name }) => namespace.indexes.has(name)).map((property) => ({ namespace, property })),
  );
}

/** Rows of the index: of what is set, since a default may change; of an array each element too (cce 1.7 FIND). */
export function indexEntries(schema: Schema, state: ObjectState): IndexEntry[] {
  const type = schema.classes.get(state.class);
  if (!type) return [];
  return indexedProperties(type).flatMap(({ namespace, property }) => {
    const value = state.values.get(namespace.name)?.get(property.name);
    if (value === undefined) return [];
    const unique = value !== '' && namespace.uniqueIndexes.has(property.name);
    const whole = { namespace: namespace.name, property: property.name, value, unique };
    if (!property.array) return [whole];
    return [whole, ...elementsOf(value).map((element) => ({ ...whole, value: element, unique: false }))];
  });
}

/** Elements of a packed array decoded both ways, each once (cce 1.7 FIND). */
export function elementsOf(value: string): readonly string[] {
  return [...new Set([...unpackArray(value), ...unpackArray(value, 'literal')])];
}

/** Order of the UTF-8 bytes, which is that of the code points, not of the UTF-16 units. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
