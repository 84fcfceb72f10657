import type { ModelInfo, ModelProperty, TypeRef } from './catalogue.ts';
import { flag, type Members, optional, type Source } from './guard.ts';
import { isSecret } from './openapi-types.ts';

/** OVH's words for scalars (spec 8.1). Every other word without a model is a text of that format. */
const WORDS: ReadonlyMap<string, TypeRef> = new Map<string, TypeRef>([
  ['string', { kind: 'scalar', name: 'string' }],
  ['text', { kind: 'scalar', name: 'string' }],
  ['long', { kind: 'scalar', name: 'integer' }],
  ['int', { kind: 'scalar', name: 'integer' }],
  ['double', { kind: 'scalar', name: 'number' }],
  ['boolean', { kind: 'scalar', name: 'boolean' }],
  ['void', { kind: 'scalar', name: 'null' }],
  ['datetime', { kind: 'scalar', name: 'string', format: 'date-time' }],
  ['any', { kind: 'scalar', name: 'unknown' }],
  ['unknown', { kind: 'scalar', name: 'unknown' }],
]);
/** Of a generic type that is used with others and others within: more than any document has. */
const MOST_INSTANCES = 5000;

type Arguments = ReadonlyMap<string, TypeRef>;
const NONE: Arguments = new Map();
const UNKNOWN: TypeRef = { kind: 'scalar', name: 'unknown' };

/** The type words and models of a document in OVH's own form. */
export class OvhTypes {
  readonly #models: Members;
  readonly #source: Source;
  readonly #made = new Map<string, ModelInfo>();

  constructor(models: Members, source: Source) {
    this.#models = models;
    this.#source = source;
  }

  /** All models: those without generics, and the instances of the others that were named so far. */
  models(): ModelInfo[] {
    for (const [name, model] of Object.entries(this.#models)) {
      const generic = genericsOf(this.#source.members(model, name)).length > 0;
      if (!generic) this.#make(this.#source.nameOf(name, 'a model'), model, { params: NONE, depth: 0 });
    }
    return [...this.#made.values()];
  }

  /** `vps.VPS[]`, `map[string]T[]`, `complexType.UnitAndValue<long>`. */
  typeOf(word: unknown, where: string, params: Arguments = NONE, depth = 0): TypeRef {
    const text = this.#source.nameOf(word, `the type of ${where}`).trim();
    const deeper = this.#source.deeper(depth, where);
    // `map[string]T[]` is a map of lists.
    const map = /^map\[[^\][]*\](.+)$/s.exec(text);
    if (map !== null) return { kind: 'map', of: this.typeOf(map[1], where, params, deeper) };
    if (text.endsWith('[]')) return { kind: 'array', of: this.typeOf(text.slice(0, -2), where, params, deeper) };
    const generic = /^([^<>]+)<(.+)>$/s.exec(text);
    if (generic !== null) return this.#instance(generic[1] as string, generic[2] as string, { where, params, depth: deeper });
    return params.get(text) ?? this.#named(text);
  }

  #named(text: string): TypeRef {
    if (Object.hasOwn(this.#models, text)) return { kind: 'model', name: text };
    const known = WORDS.get(text);
    if (known !== undefined) return known;
    return text.includes('.') ? UNKNOWN : { kind: 'scalar', name: 'string', format: text };
  }

  /** Named as in the OpenAPI documents: `complexType.UnitAndValue_long`. */
  #instance(base: string, inner: string, at: { where: string; params: Arguments; depth: number }): TypeRef {
    const words = argumentsIn(inner);
    const model = Object.hasOwn(this.#models, base) ? this.#source.members(this.#models[base], base) : undefined;
    if (model === undefined) return UNKNOWN;
    const types = words.map((word) => this.typeOf(word, at.where, at.params, at.depth));
    const name = this.#source.nameOf([base, ...types.map((type, index) => labelOf(type, words[index] ?? ''))].join('_'), at.where);
    const params = new Map(genericsOf(model).map((param, index) => [param, types[index] ?? UNKNOWN] as const));
    if (!this.#made.has(name)) this.#make(name, model, { params, depth: at.depth });
    return { kind: 'model', name };
  }

  #make(name: string, value: unknown, { params, depth }: { params: Arguments; depth: number }): void {
    if (this.#made.has(name)) return;
    if (params.size > 0 && this.#made.size > MOST_INSTANCES) throw this.#source.error('generic types have too many instances');
    const model = this.#source.members(value, name);
    const about = optional('description', model.description);
    // Known before its members are read: they may name it.
    this.#made.set(name, { name, type: UNKNOWN, ...about });
    this.#made.set(name, { name, type: this.#bodyOf(name, model, { params, depth }), ...about });
  }

  #bodyOf(name: string, model: Members, { params, depth }: { params: Arguments; depth: number }): TypeRef {
    if (Array.isArray(model.enum)) {
      const values = model.enum.filter((item): item is string | number => typeof item === 'string' || Number.isFinite(item));
      return values.length === 0 ? { kind: 'scalar', name: 'string' } : { kind: 'enum', values: [...new Set(values)] };
    }
    const members = Object.entries(this.#source.members(model.properties, `${name}: properties`));
    if (members.length === 0) return { kind: 'map', of: UNKNOWN };
    const properties = members.map(([member, value]): ModelProperty => {
      const where = `${name}.${this.#source.nameOf(member, `a property of ${name}`)}`;
      const { type, fullType, canBeNull, readOnly, required, description } = this.#source.members(value, where);
      const bare = this.typeOf(fullType ?? type, where, params, depth);
      return {
        name: member,
        type: flag(canBeNull) ? { kind: 'nullable', of: bare } : bare,
        required: flag(required),
        readOnly: flag(readOnly),
        secret: isSecret(bare),
        ...optional('description', description),
      };
    });
    return { kind: 'object', properties };
  }
}

function genericsOf({ generics }: Members): readonly string[] {
  return Array.isArray(generics) ? generics.filter((name) => typeof name === 'string') : [];
}

/** `a, b<c, d>`: the commas outside of brackets. */
function argumentsIn(inner: string): string[] {
  const words: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= inner.length; at += 1) {
    const sign = inner[at];
    if (sign === '<') depth += 1;
    if (sign === '>') depth -= 1;
    if (sign !== undefined && (sign !== ',' || depth > 0)) continue;
    words.push(inner.slice(from, at).trim());
    from = at + 1;
  }
  return words;
}

function labelOf(type: TypeRef, word: string): string {
  return type.kind === 'model' ? type.name : word;
}
