import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { Breaker } from './breaker.ts';
import type { AcronisClass } from './outcome.ts';

function scene() {
  const clock = new ManualClock();
  const breaker = new Breaker('eu8', clock);
  const call = (outcome: 'ok' | AcronisClass | undefined): void => {
    breaker.enter('x');
    breaker.leave(outcome);
  };
  const fail = (times: number, outcome: AcronisClass = 'server'): void => {
    for (let index = 0; index < times; index += 1) call(outcome);
  };
  return { clock, breaker, call, fail };
}

test('cyberapp 9.131: ten failures in a row stop all calls for a minute, then one may try', () => {
  const { clock, breaker, call, fail } = scene();
  fail(9);
  call('unreachable');
  expect(breaker.openUntil).toBe(clock.now() + 60_000);
  expect(() => breaker.enter('x')).toThrow(expect.objectContaining({ code: 'ACRONIS_UNREACHABLE', retryAfterS: 60 }));
  clock.advance(60_000);
  breaker.enter('x');
  expect(() => breaker.enter('x')).toThrow(expect.objectContaining({ retryAfterS: 1 }));
  breaker.leave('ok');
  fail(9);
  expect(breaker.openUntil).toBeUndefined();
});

test.each(['server', 'unreachable', 'ambiguous', 'protocol'] as const)('a try that ends as %s begins another minute', (outcome) => {
  const { clock, breaker, call, fail } = scene();
  fail(10);
  clock.advance(60_000);
  call(outcome);
  expect(breaker.openUntil).toBe(clock.now() + 60_000);
});

test('a try that was given up lets another one try', () => {
  const { clock, call, fail } = scene();
  fail(10);
  clock.advance(60_000);
  call(undefined);
  call('ok');
  fail(9);
});

test.each(['ok', 'refused', 'throttled', 'token', 'gone'] as const)('an answer of the kind %s begins the count anew', (outcome) => {
  const { breaker, call, fail } = scene();
  fail(9);
  call(outcome);
  fail(9);
  expect(breaker.openUntil).toBeUndefined();
});

test('what leaves it open neither counts nor begins anew', () => {
  const { breaker, fail } = scene();
  fail(9);
  fail(20, 'ambiguous');
  expect(breaker.openUntil).toBeUndefined();
  fail(1);
  expect(breaker.openUntil).toBeDefined();
});
