import { codecError, REASONS } from '../errors.ts';
import type { Field, ListField } from './schema/fields.ts';
import { entriesOf } from './schema/index.ts';
import { type ReadValueOptions, readScalar } from './values.ts';
import type { XmlNode } from './xml-tree.ts';

/** One object from an element. Unknown elements are passed over; a field may come as an attribute or as an element (oVirt 2.4). */
export function readStruct(type: string, node: XmlNode, path: string, options: ReadValueOptions): Record<string, unknown> {
  const byName = Map.groupBy(node.children, (child) => child.name);
  const object: Record<string, unknown> = {};
  for (const [key, field] of entriesOf(type)) {
    const children = byName.get(key) ?? [];
    if (children.length === 0 && !node.attributes.has(key)) continue;
    const value = readField(field, { key, node, children }, `${path}.${key}`, options);
    if (value !== undefined) object[key] = value;
  }
  return object;
}

interface Place {
  readonly key: string;
  readonly node: XmlNode;
  readonly children: readonly XmlNode[];
}

function readField(field: Field, { key, node, children }: Place, path: string, options: ReadValueOptions): unknown {
  const [first] = children;
  if (field.kind === 'list') return readList(field, children, path, options);
  if (field.kind !== 'struct') {
    const text = node.attributes.get(key) ?? first?.text;
    return text === undefined ? undefined : readScalar(field, text, path, options);
  }
  if (first === undefined) return undefined;
  const object = readStruct(field.type, first, path, options);
  return isAbsent(object, field.needsId) ? undefined : object;
}

function readList(field: ListField, children: readonly XmlNode[], path: string, options: ReadValueOptions): unknown {
  const [first] = children;
  if (first === undefined) return undefined;
  const { of } = field;
  const nodes = field.wrapped ? first.children.filter((child) => child.name === field.item) : children;
  const items = nodes
    .map((item) => (of.kind === 'struct' ? structItem(of.type, item, path, options) : readScalar(of, item.text, path, options)))
    .filter(isPresent);
  return field.wrapped || items.length > 0 ? items : undefined;
}

function structItem(type: string, item: XmlNode, path: string, options: ReadValueOptions): Record<string, unknown> | undefined {
  const object = readStruct(type, item, path, options);
  return isAbsent(object) ? undefined : object;
}

/** An empty structure says nothing, nor does a reference that needs an id and has none. */
export function isAbsent(object: { readonly id?: unknown }, needsId = false): boolean {
  return Object.keys(object).length === 0 || (needsId && object.id === undefined);
}

export function isPresent<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

/** Refuses a document that is about something else. Case is not looked at: `<Fault>` is met in the wild. */
export function requireRoot(node: XmlNode, expected: readonly string[]): string {
  const name = expected.find((candidate) => candidate === node.name.toLowerCase());
  if (name !== undefined) return name;
  throw codecError('OVIRT_WIRE_BAD_XML', REASONS.syntax, `The root element is not ${expected.join(' or ')}.`);
}
