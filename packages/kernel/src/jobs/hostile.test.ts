import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cron } from './index.ts';

test('any line of cron is refused, or comes at a later minute', async () => {
  const samples = ['*/5 0-23 1,15 2 1-5', '0 0 29 2 *', '59 23 31 12 7', '* * * * *'];
  const lines = fc.oneof(mutatedText(samples, ['*', '/', '-', ',', ' ', '30', '0']), hostileText({ words: ['* ', '*/2 '] }));
  await fuzz(
    'kernel.cron',
    fc.tuple(lines, fc.integer({ min: 0, max: 4e12 })),
    ([line, now]) => {
      try {
        const next = cron(line).next(now);
        expect(next % 60_000).toBe(0);
        expect(next).toBeGreaterThan(now);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return false;
      }
      return true;
    },
    { share: 1, someAccepted: true },
  );
});
