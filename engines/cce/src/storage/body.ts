import { hash } from 'node:crypto';
import type { IndexEntry, ObjectValues } from './object-storage.ts';

/** The kept values as one text: JSON, which writes lone surrogates and control characters as escapes, so that any store keeps any value. */
export function toBody(values: ObjectValues): string {
  return JSON.stringify(Object.fromEntries([...values].map(([namespace, properties]) => [namespace, Object.fromEntries(properties)])));
}

/** Reads what `toBody` wrote. */
export function fromBody(body: string): ObjectValues {
  const parsed = JSON.parse(body) as Record<string, Record<string, string>>;
  return new Map(Object.entries(parsed).map(([namespace, properties]) => [namespace, new Map(Object.entries(properties))]));
}

/** How a value stands in a body. */
export function inBody(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** One row of the index as a key of fixed length, whatever the length of the value. */
export function indexKey(className: string, entry: Omit<IndexEntry, 'unique'>): string {
  return hash('sha256', JSON.stringify([className, entry.namespace, entry.property, entry.value]), 'base64url');
}
