import { unpackArray } from '@fairlead/cscp/codec';
import type { Property, Typedef } from './schema.ts';

export const UNKNOWN_TYPE = '[[base-cce.unknownType]]';
export const UNKNOWN_ATTRIBUTE = '[[base-cce.unknownAttr]]';

/** Asks the program of an `extern` type about one value. */
export type AskExtern = (type: Typedef, value: string) => Promise<boolean>;

/**
 * What is wrong with a value for a property (cce 2.4): the message of its 302, or undefined when it may be stored.
 * `previous`: the present value; writing it again is no write and always right. Types of kind `extern` need `validateExtern`; here
 * they are types that cannot be resolved.
 */
export function validateValue(property: Property, value: string, previous?: string): string | undefined {
  const decided = withoutType(property, value, previous);
  if (decided) return undefined;
  const { type } = property;
  if (type.kind === 'extern') return UNKNOWN_TYPE;
  const fits = property.array ? everyElement(type, value) : type.accepts(value);
  if (fits) return undefined;
  return type.kind === 'unknown' ? UNKNOWN_TYPE : type.errorMessage;
}

/** The same for a property of a type of kind `extern`: each element is asked until one does not fit. */
export async function validateExtern(
  property: Property,
  value: string,
  previous: string | undefined,
  ask: AskExtern,
): Promise<string | undefined> {
  if (withoutType(property, value, previous)) return undefined;
  const values = property.array ? unpackArray(value) : [value];
  for (const one of values) {
    if (!(await ask(property.type, one))) return property.type.errorMessage;
  }
  return undefined;
}

/** Right whatever the type says: no change, the empty list, the empty value of an optional property. */
function withoutType(property: Property, value: string, previous: string | undefined): boolean {
  return value === previous || (value === '' && (property.array || property.optional));
}

/** The original leaves `+` as it is, clients of today mean a space by it: an element may fit as either. */
function everyElement(type: Typedef, value: string): boolean {
  const elements = unpackArray(value, 'literal');
  if (elements.every((element) => type.accepts(element))) return true;
  if (!value.includes('+')) return false;
  const spaced = unpackArray(value);
  return elements.every((element, at) => type.accepts(element) || type.accepts(spaced[at] ?? ''));
}
