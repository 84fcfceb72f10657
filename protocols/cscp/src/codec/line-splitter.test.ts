import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';
import { bytesFromText } from './text.ts';

function split(text: string, maxBytes: number | undefined, cuts: readonly number[]) {
  const splitter = new LineSplitter(maxBytes);
  const bytes = bytesFromText(text);
  const lines: string[] = [];
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    lines.push(...splitter.push(bytes.subarray(start, end)).lines);
    start = end;
  }
  return { lines, tooLong: splitter.push(Buffer.alloc(0)).tooLong, pending: splitter.pendingBytes };
}

test('lines are the same in whatever pieces they come', async () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r', 'é', '😀', '\udcff', 'long '), { maxLength: 40 }).map((parts) => parts.join(''));
  await fuzz('cscp.lines', fc.tuple(text, fc.array(fc.nat(200), { maxLength: 6 })), ([input, cuts]) => {
    const expected = input.split('\n');
    const rest = expected.pop() ?? '';
    expect(split(input, undefined, cuts)).toEqual({ lines: expected, tooLong: false, pending: bytesFromText(rest).length });
  });
});

test('the lines before one beyond the limit are given in whatever pieces, and none after it', async () => {
  const lines = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 });
  await fuzz('cscp.long-lines', fc.tuple(lines, fc.array(fc.nat(80), { maxLength: 6 })), ([lengths, cuts]) => {
    const input = lengths.map((length) => `${'x'.repeat(length)}\n`).join('');
    const first = lengths.findIndex((length) => length > 8);
    const good = first < 0 ? lengths : lengths.slice(0, first);
    const found = split(input, 8, cuts);
    expect(found.tooLong).toBe(first >= 0);
    expect(found.lines).toEqual(good.map((length) => 'x'.repeat(length)));
  });
});

test('an endless line is given up at the limit, not held', () => {
  const splitter = new LineSplitter(100);
  expect(splitter.push(Buffer.alloc(101, 'x'))).toEqual({ lines: [], tooLong: true });
  expect(splitter.pendingBytes).toBe(0);
  expect(splitter.push(Buffer.from('\nWHOAMI\n'))).toEqual({ lines: [], tooLong: true });
});
