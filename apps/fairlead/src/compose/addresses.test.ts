import { expect, test } from 'vitest';
import { addressFilter } from './addresses.ts';

const operators = addressFilter(['127.0.0.0/8', '::1/128', '192.0.2.7']);

test.each([
  ['127.0.0.1', true],
  ['::ffff:127.0.0.1', true],
  ['::1', true],
  ['192.0.2.7', true],
  ['192.0.2.8', false],
  ['2001:db8::1', false],
])('%s may operate: %s', (address, expected) => {
  expect(operators(address)).toBe(expected);
});
