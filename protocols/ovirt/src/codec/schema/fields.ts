/**
 * The kinds of fields that resources are made of. A type is an object of fields whose key order is the order of the XSD
 * (oVirt 4.3); both codecs, the XSD and the TypeScript types are derived from it.
 */

export interface ScalarField {
  readonly kind: 'string' | 'boolean' | 'integer' | 'decimal' | 'date';
  /** In XML an attribute instead of an element. */
  readonly attribute?: true;
}

export interface EnumField {
  readonly kind: 'enum';
  readonly values: readonly string[];
}

export interface StructField {
  readonly kind: 'struct';
  /** A key of the resource table. */
  readonly type: string;
  /** On input a reference without `id` counts as absent (oVirt 0.1 point 8). */
  readonly needsId?: true;
}

export interface ListField {
  readonly kind: 'list';
  /** Name of the element of one item. */
  readonly item: string;
  readonly of: ScalarField | EnumField | StructField;
  /** Whether an element with the field's name holds the items; `link` alone has none. */
  readonly wrapped: boolean;
}

export type Field = ScalarField | EnumField | StructField | ListField;
export type Fields = Readonly<Record<string, Field>>;

export const string = { kind: 'string' } as const;
export const boolean = { kind: 'boolean' } as const;
/** A whole number that fits a JavaScript number exactly: sizes are bytes. */
export const integer = { kind: 'integer' } as const;
export const decimal = { kind: 'decimal' } as const;
/** Milliseconds since 1970; ISO-8601 in XML, a number in JSON. */
export const date = { kind: 'date' } as const;
export const attribute = { kind: 'string', attribute: true } as const;

export function oneOf<const Values extends readonly string[]>(...values: Values): { readonly kind: 'enum'; readonly values: Values } {
  return { kind: 'enum', values };
}

/** A nested structure, or a reference to a resource: the same on the wire, a reference has only `href` and `id`. */
export function struct<const Type extends string>(type: Type): { readonly kind: 'struct'; readonly type: Type } {
  return { kind: 'struct', type };
}

/** A reference that means nothing without its `id`. */
export function reference<const Type extends string>(type: Type): { readonly kind: 'struct'; readonly type: Type; readonly needsId: true } {
  return { kind: 'struct', type, needsId: true };
}

export function list<const Item extends string, const Of extends ScalarField | EnumField | StructField>(
  item: Item,
  of: Of,
): { readonly kind: 'list'; readonly item: Item; readonly of: Of; readonly wrapped: true } {
  return { kind: 'list', item, of, wrapped: true };
}

/** A list of structures whose items are named as their type. */
export function listOf<const Type extends string>(
  type: Type,
): { readonly kind: 'list'; readonly item: Type; readonly of: { readonly kind: 'struct'; readonly type: Type }; readonly wrapped: true } {
  return list(type, struct(type));
}

const links = { kind: 'list', item: 'link', of: { kind: 'struct', type: 'link' }, wrapped: false } as const;

/** The part that every resource begins with. */
export const BASE = {
  href: attribute,
  id: attribute,
  actions: listOf('link'),
  name: string,
  description: string,
  comment: string,
  creation_status: oneOf('pending', 'in_progress', 'complete', 'failed'),
  link: links,
} as const;

/** The part that devices of a machine begin with. */
export const DEVICE = {
  ...BASE,
  instance_type: struct('instance_type'),
  template: struct('template'),
  vm: struct('vm'),
  vms: listOf('vm'),
} as const;
