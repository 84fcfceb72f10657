import { expect, test } from 'vitest';
import { toHostName } from './host-name.ts';

test.each([
  ['web-01', 'web-01'],
  ['web_01 restored', 'web-01-restored'],
  ['1st', 'vm-1st'],
  ['-a-', 'a'],
  ['Bücher.example.com', 'Bucher-example-com'],
  ['日本', 'vm'],
  ['', 'vm'],
  [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
])('%j becomes %j', (name, expected) => {
  expect(toHostName(name)).toBe(expected);
});
