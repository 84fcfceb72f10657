import { expect, test } from 'vitest';
import { writeDigest } from './replay.ts';

test('the order of members does not make another request, anything else does', () => {
  const facts = { tenantId: 't', datacenterId: 'eu8' };
  const digest = (payload: unknown) => writeDigest({ ...facts, payload });
  expect(digest({ a: 1, b: [{ c: 1, d: 2 }] })).toBe(digest({ b: [{ d: 2, c: 1 }], a: 1 }));
  const others = [{ a: 1 }, { a: '1' }, { a: [1] }, { a: null }, {}, [], null, undefined, { a: ['b', 1] }, [['a', 1]]];
  expect(new Set(others.map(digest)).size).toBe(others.length - 1);
});
