import { isUuid } from '@fairlead/kernel/ids';
import { isObject, type JsonObject } from '../codec/read.ts';

/** A text member; numbers as text, because ids of Acronis are either. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A UUID in lower case: Alert Manager writes capitals. */
export function uuidIn(value: unknown): string | undefined {
  return typeof value === 'string' && isUuid(value) ? value.toLowerCase() : undefined;
}

export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Without the members that are undefined. */
export function given<T extends object>(value: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
