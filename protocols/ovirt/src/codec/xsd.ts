import { pluralOf } from './collections.ts';
import type { EnumField, Field, ScalarField } from './schema/fields.ts';
import { fieldsOf, isResource, SCHEMA, type TypeName } from './schema/index.ts';

const SCALARS: Readonly<Record<ScalarField['kind'], string>> = {
  string: 'xs:string',
  boolean: 'xs:boolean',
  integer: 'xs:long',
  decimal: 'xs:decimal',
  date: 'xs:dateTime',
};

/** Roots besides resources and their lists. */
const OTHER_ROOTS: readonly TypeName[] = ['fault'];

/** An XML Schema of what this package writes, made from the table: what `GET /api?schema` answers (oVirt 2.9). */
export function writeXsd(): string {
  const types = Object.keys(SCHEMA) as TypeName[];
  const roots = [...types.filter(isResource).flatMap((type) => [rootOf(type), listRootOf(type)]), ...OTHER_ROOTS.map(rootOf)];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" version="1.0">\n',
    ...roots,
    ...types.map(complexType),
    '</xs:schema>\n',
  ].join('');
}

function rootOf(type: TypeName): string {
  return `<xs:element name="${type}" type="${type}"/>\n`;
}

function listRootOf(type: TypeName): string {
  return `<xs:element name="${pluralOf(type)}"><xs:complexType>${sequence([`<xs:element name="${type}" type="${type}" minOccurs="0" maxOccurs="unbounded"/>`])}</xs:complexType></xs:element>\n`;
}

function complexType(type: TypeName): string {
  const fields = Object.entries(fieldsOf(type));
  const elements = fields.filter(([, field]) => !('attribute' in field)).map(([name, field]) => elementOf(name, field));
  const attributes = fields.filter(([, field]) => 'attribute' in field).map(([name]) => `<xs:attribute name="${name}" type="xs:string"/>`);
  return `<xs:complexType name="${type}">${sequence(elements)}${attributes.join('')}</xs:complexType>\n`;
}

function elementOf(name: string, field: Field): string {
  if (field.kind !== 'list') return single(name, field, 'minOccurs="0"');
  const item = single(field.item, field.of, 'minOccurs="0" maxOccurs="unbounded"');
  return field.wrapped
    ? `<xs:element name="${name}" minOccurs="0"><xs:complexType>${sequence([item])}</xs:complexType></xs:element>`
    : item;
}

function single(name: string, field: Exclude<Field, { kind: 'list' }>, occurs: string): string {
  if (field.kind === 'enum') return `<xs:element name="${name}" ${occurs}>${enumeration(field)}</xs:element>`;
  return `<xs:element name="${name}" type="${field.kind === 'struct' ? field.type : SCALARS[field.kind]}" ${occurs}/>`;
}

function enumeration(field: EnumField): string {
  const values = field.values.map((value) => `<xs:enumeration value="${value}"/>`).join('');
  return `<xs:simpleType><xs:restriction base="xs:string">${values}</xs:restriction></xs:simpleType>`;
}

function sequence(parts: readonly string[]): string {
  return `<xs:sequence>${parts.join('')}</xs:sequence>`;
}
