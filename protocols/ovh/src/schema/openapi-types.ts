import type { ModelInfo, ModelProperty, TypeRef } from './catalogue.ts';
import { flag, type Members, optional, type Source } from './guard.ts';

const REFERENCE = '#/components/schemas/';
const SCALARS: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null']);
const UNKNOWN: TypeRef = { kind: 'scalar', name: 'unknown' };

type ScalarName = (TypeRef & { kind: 'scalar' })['name'];

/** The schemas of an OpenAPI document as types. */
export class OpenApiTypes {
  readonly #schemas: Members;
  readonly #source: Source;

  constructor(schemas: Members, source: Source) {
    this.#schemas = schemas;
    this.#source = source;
  }

  models(): ModelInfo[] {
    return Object.entries(this.#schemas).map(([name, schema]) => {
      const { description } = this.#source.members(schema, name);
      return { name: this.#source.nameOf(name, 'a schema'), type: this.typeOf(schema, name), ...optional('description', description) };
    });
  }

  /** What a schema says; what it says in words that OVH does not use is `unknown`. */
  typeOf(value: unknown, where: string, depth = 0): TypeRef {
    const schema = this.#source.members(value, where);
    const type = this.#bare(schema, where, this.#source.deeper(depth, where));
    const nullable = flag(schema.nullable) || (Array.isArray(schema.type) && schema.type.includes('null'));
    return nullable && type.kind !== 'nullable' ? { kind: 'nullable', of: type } : type;
  }

  #bare(schema: Members, where: string, depth: number): TypeRef {
    if (schema.$ref !== undefined) return this.#model(schema.$ref, where);
    if (Array.isArray(schema.allOf)) return this.#allOf(schema.allOf, where, depth);
    if (Array.isArray(schema.enum)) return enumOf(schema.enum);
    const type = Array.isArray(schema.type) ? schema.type.find((word) => word !== 'null') : schema.type;
    if (type === 'array') return { kind: 'array', of: this.typeOf(schema.items ?? {}, where, depth) };
    if (type === 'object' || schema.properties !== undefined) return this.#object(schema, where, depth);
    if (!SCALARS.has(type)) return UNKNOWN;
    return { kind: 'scalar', name: type as ScalarName, ...optional('format', schema.format) };
  }

  #model(reference: unknown, where: string): TypeRef {
    const name = this.#nameIn(reference, where);
    return Object.hasOwn(this.#schemas, name) ? { kind: 'model', name } : UNKNOWN;
  }

  /** RFC 6901: `~1` is `/`, `~0` is `~`; and the fragment of a URL may be percent-encoded. */
  #nameIn(reference: unknown, where: string): string {
    if (typeof reference !== 'string' || !reference.startsWith(REFERENCE)) {
      throw this.#source.error(`${where} refers to something outside of the document's schemas`);
    }
    const written = reference.slice(REFERENCE.length).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Object.hasOwn(this.#schemas, written) || !written.includes('%')) return written;
    return URL.canParse(`x:/#${written}`) ? decoded(written) : written;
  }

  /** One part is that part; several are one object with the members of all. */
  #allOf(parts: readonly unknown[], where: string, depth: number): TypeRef {
    if (parts.length === 1) return this.typeOf(parts[0], where, depth);
    const properties = new Map<string, ModelProperty>();
    for (const part of parts) {
      const type = this.#resolved(part, where, depth);
      if (type.kind !== 'object') return UNKNOWN;
      for (const property of type.properties) properties.set(property.name, property);
    }
    return { kind: 'object', properties: [...properties.values()] };
  }

  #resolved(value: unknown, where: string, depth: number): TypeRef {
    const type = this.typeOf(value, where, depth);
    if (type.kind !== 'model') return type;
    return this.#resolved(this.#schemas[type.name], `${where}: ${type.name}`, this.#source.deeper(depth, where));
  }

  #object(schema: Members, where: string, depth: number): TypeRef {
    const members = Object.entries(this.#source.members(schema.properties, `${where}: properties`));
    const { additionalProperties: others } = schema;
    if (members.length === 0) {
      return { kind: 'map', of: typeof others === 'object' && others !== null ? this.typeOf(others, where, depth) : UNKNOWN };
    }
    const required: ReadonlySet<unknown> = new Set(Array.isArray(schema.required) ? schema.required : []);
    return {
      kind: 'object',
      properties: members.map(([name, value]) => this.#property({ name, value, required: required.has(name) }, where, depth)),
    };
  }

  #property({ name, value, required }: { name: string; value: unknown; required: boolean }, where: string, depth: number): ModelProperty {
    const place = `${where}.${this.#source.nameOf(name, `a property of ${where}`)}`;
    const { readOnly, description } = this.#source.members(value, place);
    const type = this.typeOf(value, place, depth);
    return { name, type, required, readOnly: flag(readOnly), secret: isSecret(type), ...optional('description', description) };
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function enumOf(values: readonly unknown[]): TypeRef {
  const known = [...new Set(values.filter((value) => typeof value === 'string' || Number.isFinite(value)))] as (string | number)[];
  if (known.length === 0) return UNKNOWN;
  const type: TypeRef = { kind: 'enum', values: known };
  return values.includes(null) ? { kind: 'nullable', of: type } : type;
}

/** Of the format `password`, also in a list or where it may be null. */
export function isSecret(type: TypeRef): boolean {
  if (type.kind === 'nullable' || type.kind === 'array') return isSecret(type.of);
  return type.kind === 'scalar' && type.format === 'password';
}
