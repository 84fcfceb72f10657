import type { Field, ListField, ScalarField, StructField } from './schema/fields.ts';
import { entriesOf, type OvirtObject } from './schema/index.ts';
import { scalarText } from './values.ts';
import { escapeAttribute, escapeText } from './xml-text.ts';

const PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A document with one object of a type as its root, children in XSD order (oVirt 2.3, 4.3). */
export function writeXml(type: string, object: OvirtObject): string {
  const out = [PROLOG];
  writeElement(out, type, { kind: 'struct', type }, object);
  return out.join('');
}

/** A document with a list: `<vms><vm/>…</vms>`. The root is there even when the list is empty. */
export function writeXmlList(root: string, type: string, objects: readonly OvirtObject[]): string {
  const out = [PROLOG];
  writeList(out, root, { kind: 'list', item: type, of: { kind: 'struct', type }, wrapped: true }, objects);
  return out.join('');
}

function writeElement(out: string[], name: string, field: Field, value: unknown): void {
  if (field.kind === 'struct') writeStruct(out, name, field, asObject(value));
  else if (field.kind === 'list') writeList(out, name, field, value);
  else out.push(`<${name}>${escapeText(scalarText(field, value, name))}</${name}>`);
}

function writeStruct(out: string[], name: string, field: StructField, object: OvirtObject): void {
  const fields = entriesOf(field.type).filter(([key]) => object[key] !== undefined);
  out.push(`<${name}`);
  for (const [key, inner] of fields) if (isAttribute(inner)) out.push(` ${key}="${escapeAttribute(scalarText(inner, object[key], key))}"`);
  const elements = fields.filter(([, inner]) => !isAttribute(inner));
  if (elements.length === 0) {
    out.push('/>');
    return;
  }
  out.push('>');
  for (const [key, inner] of elements) writeElement(out, key, inner, object[key]);
  out.push(`</${name}>`);
}

function writeList(out: string[], name: string, field: ListField, value: unknown): void {
  const items = Array.isArray(value) ? value : [];
  if (field.wrapped && items.length === 0) {
    out.push(`<${name}/>`);
    return;
  }
  if (field.wrapped) out.push(`<${name}>`);
  for (const item of items) writeElement(out, field.item, field.of, item);
  if (field.wrapped) out.push(`</${name}>`);
}

function isAttribute(field: Field): field is ScalarField & { attribute: true } {
  return 'attribute' in field;
}

function asObject(value: unknown): OvirtObject {
  return typeof value === 'object' && value !== null ? (value as OvirtObject) : {};
}
