import { ManualClock } from '@fairlead/kernel/clock';
import { describe, expect, test } from 'vitest';
import { Pace } from './pace.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { ServerTime } from './server-time.ts';

const NOW = Date.UTC(2026, 2, 2, 8, 0, 0);

test.each([
  ['7', 7],
  [' 7 ', 7],
  ['0', 1],
  ['3600', 900],
  ['999999999999999', 900],
  ['Mon, 02 Mar 2026 08:00:07 GMT', 7],
  ['Monday, 02-Mar-26 08:00:07 GMT', 7],
  ['Mon, 02 Mar 2026 07:00:00 GMT', 1],
  ['Tue, 03 Mar 2026 08:00:00 GMT', 900],
  [['7', '8'], 7],
  [undefined, undefined],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['2026-03-02', undefined],
])('cyberapp 9.125: Retry-After %j means %j seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, NOW)).toBe(seconds);
});

describe('the clock of the server', () => {
  test('is ours until it says another time', () => {
    const clock = new ManualClock(NOW);
    const time = new ServerTime(clock);
    expect(time.now()).toBe(NOW);
    time.note('Mon, 02 Mar 2026 09:00:00 GMT');
    clock.advance(5000);
    expect(time.now()).toBe(NOW + 3_605_000);
    time.note('Mon, 02 Mar 2026 08:00:04 GMT');
    expect(time.offsetMs).toBe(0);
  });

  test('nonsense is passed over', () => {
    const time = new ServerTime(new ManualClock(NOW));
    for (const date of [undefined, 'never', 'Mon, 02 Mar 2099 09:00:00 GMT', ['a']]) time.note(date);
    expect(time.offsetMs).toBe(0);
  });
});

describe('pace', () => {
  const paced = (more = {}) => {
    const clock = new ManualClock(NOW);
    return { clock, pace: new Pace({ dc: 'eu8', requestsPerSecond: 5, burst: 2, clock, ...more }) };
  };
  /** Which of the turns have come. */
  const watched = (turns: readonly Promise<void>[]) => {
    const come = turns.map(() => false);
    for (const [index, turn] of turns.entries())
      turn.then(
        () => (come[index] = true),
        () => undefined,
      );
    return come;
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test('a burst goes at once, the others one after the other', async () => {
    const { clock, pace } = paced();
    const come = watched([1, 2, 3, 4].map(() => pace.turn('x', undefined)));
    await settled();
    expect(come).toEqual([true, true, false, false]);
    clock.advance(200);
    await settled();
    expect(come).toEqual([true, true, true, false]);
    clock.advance(200);
    await settled();
    expect(come).toEqual([true, true, true, true]);
  });

  test('a turn that was given up is not waited for', async () => {
    const { clock, pace } = paced({ burst: 1 });
    const abort = new AbortController();
    await pace.turn('x', undefined);
    const given = expect(pace.turn('x', abort.signal)).rejects.toThrow('enough');
    const next = watched([pace.turn('x', undefined)]);
    abort.abort(new Error('enough'));
    await given;
    clock.advance(400);
    await settled();
    expect(next).toEqual([true]);
    await expect(pace.turn('x', abort.signal)).rejects.toThrow('enough');
  });

  test('cyberapp 9.125: while there is a pause nothing has a turn, not even who waits already', async () => {
    const { clock, pace } = paced({ burst: 1 });
    await pace.turn('x', undefined);
    const waiting = expect(pace.turn('x', undefined)).rejects.toMatchObject({ code: 'ACRONIS_THROTTLED' });
    pace.pause(7);
    pace.pause(1);
    clock.advance(2000);
    await waiting;
    await expect(pace.turn('x', undefined)).rejects.toMatchObject({ code: 'ACRONIS_THROTTLED', retryAfterS: 5 });
    expect(pace.pausedUntil).toBe(NOW + 7000);
    clock.advance(5000);
    expect(pace.pausedUntil).toBeUndefined();
    await pace.turn('x', undefined);
  });

  test('a clock that is set back stops nobody for long', async () => {
    const { clock, pace } = paced({ burst: 1 });
    await pace.turn('x', undefined);
    clock.advance(-3_600_000);
    const come = watched([pace.turn('x', undefined)]);
    clock.advance(200);
    await settled();
    expect(come).toEqual([true]);
  });

  test('a pace that lets nothing through is refused', () => {
    expect(() => paced({ burst: 0 })).toThrow(RangeError);
    expect(() => paced({ requestsPerSecond: 0 })).toThrow(RangeError);
  });
});
