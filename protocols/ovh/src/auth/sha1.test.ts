import { createHash } from 'node:crypto';
import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha1 } from './sha1.ts';

test('the examples of FIPS 180: "abc", nothing, and a million times "a"', () => {
  expect(sha1('abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  expect(sha1()).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
  expect(sha1('a'.repeat(1_000_000))).toBe('34aa973cd4c4daa4f61eeb2bdbad27316534016f');
});

test('lengths around the end of a block are as node:crypto says, in one part or two', () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = Buffer.alloc(length, length);
    const right = createHash('sha1').update(bytes).digest('hex');
    expect([sha1(bytes), sha1(bytes.subarray(0, length >> 1), bytes.subarray(length >> 1))]).toEqual([right, right]);
  }
});

test('any text and any bytes are as node:crypto says', async () => {
  await fuzz('ovh.sha1', fc.tuple(hostileText(), fc.uint8Array({ maxLength: 300 })), ([text, bytes]) => {
    expect(sha1(text, bytes)).toBe(createHash('sha1').update(text).update(bytes).digest('hex'));
    return true;
  });
});
