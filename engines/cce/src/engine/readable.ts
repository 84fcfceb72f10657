import type { NamespaceType, Property } from '../schema/schema.ts';
import type { Rights } from './rights.ts';
import { byBytes, MAGIC_KEYS, magicOf, type ObjectState } from './values.ts';

interface Key {
  readonly name: string;
  readonly isMagic: boolean;
  readonly property: Property | undefined;
}

/** Sorted once for each namespace of a schema: every GET needs the order. */
const orders = new WeakMap<NamespaceType, readonly Key[]>();

/** What a caller may see of one namespace, magic properties and defaults included, in bytewise order of the keys (cce 1.7 GET). */
export async function readable(rights: Rights, type: NamespaceType, state: ObjectState): Promise<ReadonlyMap<string, string>> {
  const allowed = await rights.readable(state, type);
  const magic = magicOf(type, state);
  const set = state.values.get(type.name);
  const shown = new Map<string, string>();
  for (const { name, isMagic, property } of orderOf(type)) {
    const own = property && allowed.has(name) ? (set?.get(name) ?? property.default) : undefined;
    const value = isMagic ? (magic.get(name) ?? own) : own;
    if (value !== undefined) shown.set(name, value);
  }
  return shown;
}

function orderOf(type: NamespaceType): readonly Key[] {
  const known = orders.get(type);
  if (known) return known;
  const names = [...new Set([...MAGIC_KEYS, ...type.properties.keys()])].toSorted(byBytes);
  const order = names.map((name) => ({ name, isMagic: MAGIC_KEYS.has(name), property: type.properties.get(name) }));
  orders.set(type, order);
  return order;
}
