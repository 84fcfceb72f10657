import type { NamespaceType } from '../schema/schema.ts';
import type { Rights } from './rights.ts';
import { byBytes, effectiveValue, MAGIC_KEYS, magicOf, type ObjectState } from './values.ts';

/** Sorted once for each namespace of a schema: every GET needs the order. */
const orders = new WeakMap<NamespaceType, readonly string[]>();

/** What a caller may see of one namespace, magic properties and defaults included, in bytewise order of the keys (cce 1.7 GET). */
export async function readable(rights: Rights, type: NamespaceType, state: ObjectState): Promise<ReadonlyMap<string, string>> {
  const magic = magicOf(type, state);
  const allowed = await rights.readable(state, type);
  const shown = new Map<string, string>();
  for (const key of orderOf(type)) {
    const value = magic.get(key) ?? (allowed.has(key) ? effectiveValue(type, state, key) : undefined);
    if (value !== undefined) shown.set(key, value);
  }
  return shown;
}

function orderOf(type: NamespaceType): readonly string[] {
  const known = orders.get(type);
  if (known) return known;
  const order = [...new Set([...MAGIC_KEYS, ...type.properties.keys()])].toSorted(byBytes);
  orders.set(type, order);
  return order;
}
