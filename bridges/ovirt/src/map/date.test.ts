import { expect, test } from 'vitest';
import { cloudDate } from './date.ts';
import { hrefs } from './href.ts';

test.each([
  ['2026-01-02T03:04:05+0000', Date.UTC(2026, 0, 2, 3, 4, 5)],
  ['2026-01-02T03:04:05+0530', Date.UTC(2026, 0, 1, 21, 34, 5)],
  ['2026-01-02T03:04:05.678Z', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
])('%s is a date of the cloud', (text, ms) => {
  expect(cloudDate(text)).toBe(ms);
});

test.each(['0', '1', 'Tue 1', '2026-01-02', '2026-13-02T03:04:05+0000', '9999-12-31T23:59:59-1400', '', undefined])(
  '%s is no date, though JavaScript may read one',
  (text) => {
    expect(cloudDate(text)).toBeUndefined();
  },
);

test('an id that is no text of Unicode has an href all the same', () => {
  expect(hrefs('/api')('vms', '\ud800')).toBe('/api/vms/%EF%BF%BD');
});
