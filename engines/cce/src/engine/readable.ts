import type { NamespaceType } from '../schema/schema.ts';
import type { Rights } from './rights.ts';
import { byBytes, effectiveValue, magicOf, type ObjectState } from './values.ts';

/** What a caller may see of one namespace, magic properties and defaults included, in bytewise order of the keys (cce 1.7 GET). */
export async function readable(rights: Rights, type: NamespaceType, state: ObjectState): Promise<ReadonlyMap<string, string>> {
  const shown: [string, string][] = [...magicOf(type, state)];
  for (const name of await rights.readable(state, type)) shown.push([name, effectiveValue(type, state, name) ?? '']);
  return new Map(shown.toSorted(([one], [other]) => byBytes(one, other)));
}
