import { packArray, plainText } from '@fairlead/cscp/codec';
import { CceError } from '../errors.ts';
import { isObject, type Json } from './json.ts';

/** The fields of a body, read with the leniency of cce 5.2. Every method throws `CCE_VALUE_INVALID` for what no leniency covers. */
export class Fields {
  readonly #body: { readonly [key: string]: Json };

  constructor(body: { readonly [key: string]: Json }) {
    this.#body = body;
  }

  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }

  /** A text; undefined when it is absent or null. */
  text(name: string): string | undefined {
    const value = this.#get(name);
    return value === undefined ? undefined : scalarText(name, value);
  }

  /** The same, and undefined when it is empty. */
  filled(name: string): string | undefined {
    return this.text(name) || undefined;
  }

  flag(name: string): boolean {
    return this.optionalFlag(name) ?? false;
  }

  optionalFlag(name: string): boolean | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : !['', '0', 'false', 'no'].includes(text.toLowerCase());
  }

  /** A number from 0 on. */
  count(name: string): number | undefined {
    const text = this.filled(name);
    if (text !== undefined && !/^\d{1,9}$/.test(text)) throw invalidValue(name);
    return text === undefined ? undefined : Number(text);
  }

  /** A list of texts; undefined when it is absent, `invalid` when it is something else. */
  list(name: string): readonly string[] | 'invalid' | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return 'invalid';
    const texts = value.map((one) => (isScalar(one) ? scalarText(name, one) : undefined));
    return texts.every((one) => one !== undefined) ? texts : 'invalid';
  }

  /** A list of texts, or a text of words between commas. */
  words(name: string): readonly string[] | undefined {
    const list = Array.isArray(this.#get(name)) ? this.list(name) : this.filled(name)?.split(/[\s,]+/);
    if (list === 'invalid') throw invalidValue(name);
    return list;
  }

  /** Values of properties out of one or more objects; of a key in several the last counts. Empty when all are absent. */
  values(...names: readonly string[]): Map<string, string> {
    const values = new Map<string, string>();
    for (const name of names) {
      for (const [key, value] of Object.entries(this.#object(name))) {
        const text = propertyText(key, value);
        if (text !== undefined) values.set(key.toWellFormed(), text);
      }
    }
    return values;
  }

  /** Objects of values by name: `namespaces` of CREATE. */
  nested(name: string): Map<string, Map<string, string>> {
    const object = this.#object(name);
    return new Map(Object.keys(object).map((key) => [key, new Fields(object).values(key)]));
  }

  /** An object, or an empty list, which is how PHP writes an empty one. */
  #object(name: string): { readonly [key: string]: Json } {
    const value = this.#get(name);
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return {};
    if (!isObject(value)) throw invalidValue(name);
    return value;
  }

  #get(name: string): Json | undefined {
    const value = Object.hasOwn(this.#body, name) ? this.#body[name] : undefined;
    return value === null ? undefined : value;
  }
}

const LONGEST_NAME = 100;

/** The name may be a key that the caller has made up: what is told, and logged, of it is short and plain. */
export function invalidValue(name: string): Error {
  const field = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name;
  return CceError('CCE_VALUE_INVALID', { field: plainText(field.toWellFormed()) });
}

function isScalar(value: Json): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Numbers in their shortest form, truth as `1` and `0` (cce 5.2). */
function scalarText(field: string, value: Json): string {
  if (!isScalar(value)) throw invalidValue(field);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalidValue(field);
  const text = typeof value === 'number' ? String(value) : value.toWellFormed();
  if (text.includes('\0')) throw invalidValue(field);
  return text;
}

/** A list becomes a packed array (cce 2.5); undefined for null. */
function propertyText(key: string, value: Json): string | undefined {
  if (value === null) return undefined;
  if (!Array.isArray(value)) return scalarText(key, value);
  return packArray(value.filter((one) => one !== null).map((one) => scalarText(key, one)));
}
