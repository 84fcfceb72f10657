import { addressKey, compareAddresses } from './address.ts';
import { compareBytewise } from './ascii.ts';
import { collationOf } from './collation.ts';
import { compareHostnames, hostnameKey } from './hostname.ts';
import { compareNumeric, numericKey } from './numeric.ts';

/** Negative: `a` first; 0: neither, so the caller decides by OID. */
export type Comparator = (a: string, b: string) => number;

/** Keys that one comparator remembers; a sort asks for each of its values many times. */
const KEPT = 20_000;

/**
 * The order that a sort type names (cce 1.7): `ascii`, `old_numeric`, `ip`, `hostname`, `locale(xx_YY)`; undefined when there is no such
 * type. Take a new one for each sort: it remembers what it has read from the values.
 */
export function comparatorOf(type: string): Comparator | undefined {
  if (type === 'ascii') return compareBytewise;
  if (type === 'old_numeric') return byKey(numericKey, compareNumeric);
  if (type === 'ip') return byKey(addressKey, compareAddresses);
  if (type === 'hostname') return byKey(hostnameKey, compareHostnames);
  return collationOf(type);
}

function byKey<Key>(keyOf: (value: string) => Key, compare: (a: Key, b: Key) => number): Comparator {
  const keys = new Map<string, Key>();
  function key(value: string): Key {
    const known = keys.get(value);
    if (known !== undefined) return known;
    const made = keyOf(value);
    if (keys.size < KEPT) keys.set(value, made);
    return made;
  }
  return (a, b) => compare(key(a), key(b));
}
