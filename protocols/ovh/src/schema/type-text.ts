import type { ModelInfo, ModelProperty, TypeRef } from './catalogue.ts';

/** How a type is seen: what the API gives, or what it takes. */
export type Side = 'response' | 'request';

const NAMES: Readonly<Record<Side, string>> = { response: 'Models', request: 'Inputs' };
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
/** Of types written within each other. */
const MAX_DEPTH = 60;
const MAX_COMMENT = 300;

/** A text as a TypeScript literal that no text can leave: everything but printable ASCII is escaped. */
export function quoted(text: string): string {
  const safe = text.replace(/[\\']/g, '\\$&').replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `'${safe}'`;
}

/** A property name: as it is where it is an identifier, else as a literal. */
export function keyText(name: string): string {
  return IDENTIFIER.test(name) ? name : quoted(name);
}

/** A comment of one line that no text can leave. */
export function comment(text: string): string {
  const line = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ')
    .replaceAll('*/', '*\\/')
    .trim();
  const cut = line.length > MAX_COMMENT ? `${line.slice(0, MAX_COMMENT).toWellFormed()}…` : line;
  return `/** ${cut.toWellFormed()} */`;
}

/** Writes types of one side, and remembers which models they name. */
export class TypeWriter {
  readonly #side: Side;
  readonly #models: ReadonlyMap<string, ModelInfo>;
  /** Those that were named and are not written yet, then those that are. */
  readonly named = new Set<string>();

  constructor(side: Side, models: ReadonlyMap<string, ModelInfo>) {
    this.#side = side;
    this.#models = models;
  }

  text(type: TypeRef, within: readonly string[] = []): string {
    if (within.length > MAX_DEPTH) return 'unknown';
    const deeper = [...within, ''];
    switch (type.kind) {
      case 'scalar':
        return this.#scalar(type.name);
      case 'enum':
        return this.#enum(type.values);
      case 'array':
        return this.#array(this.text(type.of, deeper));
      case 'map':
        return `{ ${this.#side === 'request' ? 'readonly ' : ''}[key: string]: ${this.text(type.of, deeper)} }`;
      case 'object':
        return this.#object(type.properties, deeper);
      case 'model':
        return this.#model(type.name, within);
      case 'nullable':
        return joined([this.text(type.of, deeper), 'null']);
    }
  }

  /** All models that were named, and those that these name in turn; by name. */
  models(): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    // The set grows while it is walked, and the walk goes on with what was added.
    for (const name of this.named) {
      const model = this.#models.get(name);
      if (model !== undefined) texts.set(name, this.text(model.type, [name]));
    }
    return new Map([...texts].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  #scalar(name: (TypeRef & { kind: 'scalar' })['name']): string {
    if (name === 'integer') return this.#side === 'request' ? 'number | bigint' : 'number';
    return name;
  }

  /** New values appear without notice: an answer may hold others, a request may not. */
  #enum(values: readonly (string | number)[]): string {
    const union = values.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join(' | ');
    return this.#side === 'response' ? `Open<${union}>` : union;
  }

  #array(item: string): string {
    const simple = /^[\w.]+(?:\['[^']*'\])?$|^Open<[^>]*>$/.test(item);
    const text = simple ? item : `(${item})`;
    return this.#side === 'request' ? `readonly ${text}[]` : `${text}[]`;
  }

  #object(properties: readonly ModelProperty[], within: readonly string[]): string {
    const members = this.#membersOf(properties).map(({ name, type, required }) => {
      const optional = this.#side === 'request' && !required;
      return `${keyText(name)}${optional ? '?' : ''}: ${this.text(type, within)}${optional ? ' | undefined' : ''}`;
    });
    return members.length === 0 ? '{ [key: string]: unknown }' : `{ ${members.join('; ')} }`;
  }

  /** Nobody sends what is read only; but a type of which everything is was described for answers only, and is meant as it is. */
  #membersOf(properties: readonly ModelProperty[]): readonly ModelProperty[] {
    if (this.#side === 'response') return properties;
    const writable = properties.filter(({ readOnly }) => !readOnly);
    return writable.length > 0 ? writable : properties;
  }

  /** Objects and enumerations have names; all others are written out, because a name that leads to itself would be no type. */
  #model(name: string, within: readonly string[]): string {
    const type = this.#models.get(name)?.type;
    if (type === undefined) return 'unknown';
    if (type.kind === 'object' || type.kind === 'enum') {
      this.named.add(name);
      return `${NAMES[this.#side]}[${quoted(name)}]`;
    }
    return within.includes(name) ? 'unknown' : this.text(type, [...within, name]);
  }
}

function joined(texts: readonly string[]): string {
  return texts.includes('unknown') ? 'unknown' : [...new Set(texts)].join(' | ');
}
