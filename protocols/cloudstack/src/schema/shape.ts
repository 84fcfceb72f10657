import { isRecord } from '../answer.ts';
import { CloudStackError } from '../errors.ts';

/** Reads one field; undefined means that it is absent or unusable. */
type Reader<T> = (value: unknown) => T | undefined;

type Required<T> = { readonly required: Reader<T> };
type Field = Reader<unknown> | Required<unknown>;
type FieldType<F> = F extends Required<infer T> ? T : F extends Reader<infer T> ? T | undefined : never;
type Shape<F extends Readonly<Record<string, Field>>> = { readonly [K in keyof F]: FieldType<F[K]> };

/**
 * Makes `read<Shape>`: foreign JSON in, a typed object out. Unknown fields are dropped; a field of an unexpected type counts as
 * absent; only what `required` marks is insisted on.
 * @throws CloudStackError `CLOUDSTACK_BAD_ANSWER` (from the reader)
 */
export function shape<F extends Readonly<Record<string, Field>>>(noun: string, fields: F): (value: unknown) => Shape<F> {
  const entries = Object.entries(fields);
  return (value) => {
    if (!isRecord(value)) throw badShape(noun, 'is not an object');
    const result: Record<string, unknown> = {};
    for (const [name, field] of entries) {
      const found = typeof field === 'function' ? field(value[name]) : field.required(value[name]);
      if (found === undefined && typeof field !== 'function') throw badShape(noun, `has no ${name}`);
      result[name] = found;
    }
    return result as Shape<F>;
  };
}

/** A field that must be there. */
export function required<T>(reader: Reader<T>): Required<T> {
  return { required: reader };
}

/** Text; ids that some commands give as numbers become text. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** A number, also where the server writes it as text (`"1.0"`, `"0"`). */
export function number(value: unknown): number | undefined {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** A boolean, also where the server writes it as text (`"true"`). */
export function flag(value: unknown): boolean | undefined {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return typeof value === 'boolean' ? value : undefined;
}

/** A list; absent or anything else is an empty one. */
export function listOf<T>(read: (item: unknown) => T): Required<readonly T[]> {
  return required((value) => (Array.isArray(value) ? value.map(read) : []));
}

/** A map of texts such as `details`; absent is an empty one. */
export const textMap: Required<Readonly<Record<string, string>>> = required((value) => {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.flatMap(([key, item]) => (text(item) === undefined ? [] : [[key, String(item)]])));
});

/** As it came. */
export function anything(value: unknown): unknown {
  return value;
}

function badShape(noun: string, what: string): CloudStackError {
  return new CloudStackError('CLOUDSTACK_BAD_ANSWER', `a ${noun} in CloudStack's answer ${what}`, { command: noun });
}
