import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { SeenSessions } from './seen-sessions.ts';

const ANN = { oid: 6, name: 'ann' };

function openSeen() {
  const clock = new ManualClock();
  const seen = new SeenSessions(clock);
  const living = { endsMs: clock.now() + 60_000, isAlive: true };
  let looks = 0;
  const look = async () => {
    looks += 1;
    return living.isAlive ? { user: ANN, endsMs: living.endsMs } : undefined;
  };
  return { clock, seen, living, look, ask: () => seen.userOf('a session', look), looked: () => looks };
}

test('a session is looked up twice a second at most, and one that ended elsewhere is good for half a second', async () => {
  const { clock, living, ask, looked } = openSeen();
  expect([await ask(), await ask()]).toEqual([ANN, ANN]);
  expect(looked()).toBe(1);
  living.isAlive = false;
  clock.advance(499);
  expect(await ask()).toBe(ANN);
  clock.advance(1);
  expect(await ask()).toBeUndefined();
});

test('a session is good no longer than its own life', async () => {
  const { clock, living, ask } = openSeen();
  living.endsMs = clock.now() + 100;
  expect(await ask()).toBe(ANN);
  living.isAlive = false;
  clock.advance(100);
  expect(await ask()).toBeUndefined();
});

test('what ends a session here counts at once, also for whoever has just seen it alive', async () => {
  const { seen, living, look, ask } = openSeen();
  await ask();
  living.isAlive = false;
  seen.forget();
  expect(await ask()).toBeUndefined();

  living.isAlive = true;
  await seen.userOf('a session', async (id) => {
    const found = await look();
    expect(id).toBe('a session');
    living.isAlive = false;
    seen.forget();
    return found;
  });
  expect(await ask()).toBeUndefined();
});
