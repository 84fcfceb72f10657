import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { formatSeconds, Progress } from './progress.ts';

const MIB = 1024 * 1024;

function screen(isTTY: boolean) {
  const texts: string[] = [];
  return { texts, output: { isTTY, columns: 200, write: (text: string) => void texts.push(text) } };
}

test('a terminal sees a bar with MiB/s and the time left', () => {
  const clock = new ManualClock(0);
  const { texts, output } = screen(true);
  const progress = new Progress('web-01 disk', 400 * MIB, clock, output);

  clock.advance(2_000);
  progress.add(100 * MIB);

  expect(texts.at(-1)).toContain(' 25% 100/400 MiB 50 MiB/s 6.0 s left');
  expect(texts.at(-1)?.startsWith('\r')).toBe(true);
});

test('says nothing of the time left before it can be guessed', () => {
  const clock = new ManualClock(0);
  const { texts, output } = screen(true);
  const progress = new Progress('web-01 disk', 400 * MIB, clock, output);

  clock.advance(200);
  progress.add(MIB);

  expect(texts.at(-1)).not.toContain('left');
});

test('a file gets a line every tenth, not one a call', () => {
  const clock = new ManualClock(0);
  const { texts, output } = screen(false);
  const progress = new Progress('web-01 disk', 100 * MIB, clock, output);

  for (let index = 0; index < 100; index++) {
    clock.advance(10);
    progress.add(MIB);
  }
  progress.end();

  expect(texts).toHaveLength(10);
  expect(texts.at(-1)).toContain('100% 100/100 MiB 100 MiB/s in 1.0 s');
});

test.each([
  [0.4, '0.4 s'],
  [59, '59 s'],
  [61, '1 min 1 s'],
  [3_660, '1 h 1 min'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});
