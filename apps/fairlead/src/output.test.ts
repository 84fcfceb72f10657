import { expect, test } from 'vitest';
import { formatBytes, formatTable } from './output.ts';

test('aligns the columns of a table', () => {
  expect(
    formatTable([
      ['step', 'result'],
      ['login', 'ok'],
      ['full backup', '12 MiB'],
    ]),
  ).toBe(['step         result', '───────────  ──────', 'login        ok', 'full backup  12 MiB'].join('\n'));
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [2 ** 30, '1 GiB'],
  [3 * 2 ** 40, '3 TiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
