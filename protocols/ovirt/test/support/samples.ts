import fc from 'fast-check';
import type { Field } from '../../src/codec/schema/fields.ts';
import { fieldsOf, type OvirtObject } from '../../src/codec/schema/index.ts';

/** An object with every field filled, structures down to a depth; the same every time. */
export function sampleOf(type: string, depth = 2): OvirtObject {
  const entries = Object.entries(fieldsOf(type)).map(([key, field]) => [key, sampleValue(field, key, depth)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function sampleValue(field: Field, key: string, depth: number): unknown {
  switch (field.kind) {
    case 'string':
      return `a ${key} <&>"' é\u{1f600}\n`;
    case 'boolean':
      return key.length % 2 === 0;
    case 'integer':
      return Number.MAX_SAFE_INTEGER - key.length;
    case 'decimal':
      return 2397.25;
    case 'date':
      return 1_767_225_600_123;
    case 'enum':
      return field.values[key.length % field.values.length];
    case 'struct':
      return depth > 0 ? prune(sampleOf(field.type, depth - 1), field.needsId) : undefined;
    case 'list': {
      const item = sampleValue(field.of, field.item, depth);
      return item === undefined ? emptyList(field.wrapped) : [item, item];
    }
  }
}

/** Any object of a type that says something; optional fields come and go. */
export function arbitraryOf(type: string, depth = 2): fc.Arbitrary<OvirtObject> {
  const fields = Object.entries(fieldsOf(type)).filter(([, field]) => depth > 0 || isFlat(field));
  const record = fc.record(Object.fromEntries(fields.map(([key, field]) => [key, arbitraryValue(field, depth)])), { requiredKeys: [] });
  return record.map((object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)));
}

function arbitraryValue(field: Field, depth: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'string':
      return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.maxSafeInteger().map((value) => value + 0);
    case 'decimal':
      return fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 64);
    case 'date':
      return fc.integer({ min: -62_000_000_000_000, max: 253_000_000_000_000 });
    case 'enum':
      return fc.constantFrom(...field.values);
    case 'struct':
      return arbitraryOf(field.type, depth - 1).map((object) => prune(object, field.needsId));
    case 'list':
      return fc
        .array(arbitraryValue(field.of, depth), { maxLength: 3 })
        .map((items) => items.filter((item) => item !== undefined))
        .map((items) => (items.length > 0 ? items : emptyList(field.wrapped)));
  }
}

/** What a reader takes for absent: a structure without content, a reference without its id. */
function prune(object: OvirtObject, needsId = false): OvirtObject | undefined {
  return Object.keys(object).length === 0 || (needsId && object.id === undefined) ? undefined : object;
}

/** A list without an element of its own cannot be there and empty. */
function emptyList(wrapped: boolean): readonly unknown[] | undefined {
  return wrapped ? [] : undefined;
}

function isFlat(field: Field): boolean {
  return field.kind !== 'struct' && !(field.kind === 'list' && field.of.kind === 'struct');
}
