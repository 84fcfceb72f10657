import { ENGINE } from './engine.ts';
import type { Field, Fields } from './fields.ts';
import { INFRASTRUCTURE } from './infrastructure.ts';
import { MACHINES } from './machines.ts';
import { PLAIN } from './plain.ts';
import { STORAGE } from './storage.ts';
import { STRUCTS } from './structs.ts';
import type { Objects } from './types.ts';

export type * from './types.ts';

/** The one resource table: type name (the XML element of one object) to its fields in XSD order. */
export const SCHEMA = { ...ENGINE, ...INFRASTRUCTURE, ...MACHINES, ...STORAGE, ...PLAIN, ...STRUCTS } as const;

type Schema = typeof SCHEMA;

/** Name of a type of the table, as its element is called: `vm`, `disk_attachment`. */
export type TypeName = keyof Schema;

/** The object of a type: keys as on the wire, sizes in bytes, dates in milliseconds since 1970, lists as plain arrays. */
export type ObjectOf<Type extends TypeName> = Objects[Type];

/** An object of any type, for code that walks the table. */
export type OvirtObject = Readonly<Record<string, unknown>>;

export function fieldsOf(type: string): Fields {
  const table: Readonly<Record<string, Fields>> = SCHEMA;
  const fields = Object.hasOwn(table, type) ? table[type] : undefined;
  if (fields === undefined) throw new TypeError(`no such oVirt type: ${type}`);
  return fields;
}

const ENTRIES = new Map<string, readonly (readonly [string, Field])[]>();

/** The fields of a type as pairs; kept, because every object that is read or written walks them. */
export function entriesOf(type: string): readonly (readonly [string, Field])[] {
  const known = ENTRIES.get(type);
  if (known !== undefined) return known;
  const entries = Object.entries(fieldsOf(type));
  ENTRIES.set(type, entries);
  return entries;
}

/** Whether a type is a resource, with `id` and `href`, and so may be the root of an answer. */
export function isResource(type: string): boolean {
  return 'href' in fieldsOf(type) && 'id' in fieldsOf(type);
}
