import { expect, test } from 'vitest';
import type { CheckRow } from '../store/tables.ts';
import { isDue } from './due.ts';

const MINUTE = 60_000;
const RHYTHM = { everyMs: 30 * MINUTE, identities: ['now', 'under the former secret'], takenMs: 0 };
const row = (more: Partial<CheckRow> = {}): CheckRow => ({
  ...{ account: 'a', part: 'inventory', identity: 'now', started_ms: 1000, ended_ms: 1000, failures: 0, jitter: 500, state: '{}' },
  ...more,
});

test('an account that nobody has looked at is due, and one whose last look is in the future', () => {
  expect(isDue(undefined, RHYTHM, 0)).toBe(true);
  expect(isDue(row({ ended_ms: 5000 }), RHYTHM, 4000)).toBe(true);
});

test('accounts come back after the time that is set, each a little sooner or later', () => {
  expect(isDue(row(), RHYTHM, 29 * MINUTE)).toBe(false);
  expect(isDue(row(), RHYTHM, 30 * MINUTE + 1000)).toBe(true);
  expect(isDue(row({ jitter: 0 }), RHYTHM, 29 * MINUTE)).toBe(true);
  expect(isDue(row({ jitter: 999 }), RHYTHM, 31 * MINUTE)).toBe(false);
});

test('after failures the wait grows from a minute to the time that is set', () => {
  const after = (failures: number) =>
    Array.from({ length: 60 }, (_, at) => at).find((at) => isDue(row({ failures }), RHYTHM, 1000 + at * MINUTE));
  expect([1, 2, 3, 4, 5, 6, 40].map(after)).toEqual([1, 2, 4, 8, 16, 30, 30]);
});

test('one that was configured anew is due at once, but only once', () => {
  const anew = { ...RHYTHM, takenMs: 2000 };
  expect(isDue(row({ identity: 'former' }), anew, 3000)).toBe(true);
  expect(isDue(row({ identity: 'under the former secret' }), anew, 3000)).toBe(false);
  expect(isDue(row({ identity: 'of another gateway', ended_ms: 2500 }), anew, 3000)).toBe(false);
});
