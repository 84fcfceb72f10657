import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cron, every } from './index.ts';
import { retryDelayMs } from './schedule.ts';

const at = (text: string) => Date.parse(`${text}Z`);

describe('cron entries', () => {
  test.each([
    ['17 3 * * *', '2026-11-22T03:16:59', '2026-11-22T03:17:00'],
    ['17 3 * * *', '2026-11-22T03:17:00', '2026-11-23T03:17:00'],
    ['*/15 * * * *', '2026-12-31T23:50:00', '2027-01-01T00:00:00'],
    ['5-10/5,30 8,20 * * *', '2026-11-22T08:06:00', '2026-11-22T08:10:00'],
    ['0 0 1 * *', '2026-11-22T00:00:00', '2026-12-01T00:00:00'],
    ['0 12 * * 1', '2026-11-22T13:00:00', '2026-11-23T12:00:00'],
    ['0 12 * * 7', '2026-11-22T13:00:00', '2026-11-29T12:00:00'],
    ['0 0 13 * 5', '2026-11-22T00:00:00', '2026-11-27T00:00:00'],
    ['0 0 29 2 *', '2026-11-22T00:00:00', '2028-02-29T00:00:00'],
  ])('%s after %s is %s', (text, after, expected) => {
    expect(new Date(cron(text).next(at(after))).toISOString().slice(0, 19)).toBe(expected);
  });

  test.each([
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '*/0 * * * *',
    'x * * * *',
    '9-5 * * * *',
    '0 0 31 2 *',
  ])('%j is refused', (text) => {
    expect(() => cron(text)).toThrow(TypeError);
  });

  test('the next time is later, a whole minute, and nothing lies between', async () => {
    await fuzz(
      'kernel.schedule',
      fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 4e12 })),
      ([minute, hour, now]) => {
        const next = cron(`${minute} ${hour} * * *`).next(now);
        expect(next % 60_000).toBe(0);
        expect(next).toBeGreaterThan(now);
        expect(next - now).toBeLessThanOrEqual(86_400_000);
        expect([new Date(next).getUTCHours(), new Date(next).getUTCMinutes()]).toEqual([hour, minute]);
      },
    );
  });
});

test('an interval begins at once and then counts from each end', () => {
  expect([every(5000).first(100), every(5000).next(100)]).toEqual([100, 5100]);
});

test('waits after failures double up to the longest, and differ by half', () => {
  expect([1, 2, 3, 20].map((failures) => retryDelayMs(failures, 60_000, () => 1))).toEqual([5000, 10_000, 20_000, 60_000]);
  expect(retryDelayMs(3, 60_000, () => 0)).toBe(10_000);
});
