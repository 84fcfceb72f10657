import { expect, test } from 'vitest';
import { loadSchema } from '../src/schema/index.ts';
import { shippedFiles } from './support/shipped-engine.ts';

const { schema, findings } = loadSchema(await shippedFiles('.schema'));

test('cce 17.67: there is nothing to be said about the schemas that we ship', () => {
  expect(schema.classes.size).toBeGreaterThanOrEqual(35);
  expect(findings).toEqual([]);
});

test('every type of the schemas answers any value', () => {
  expect(schema.typedefs?.size).toBeGreaterThan(80);
  for (const type of schema.typedefs?.values() ?? []) expect(type.accepts('\u{1f600}\udc80'), type.name).toBeTypeOf('boolean');
});
