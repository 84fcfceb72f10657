import { type Clock, systemClock } from '@fairlead/kernel/clock';

/** Milliseconds since the epoch that never jump: a wall clock that is set must not end every ticket (imageio 14.4). */
export function steadyNow(clock: Clock): () => number {
  if (clock !== systemClock) return () => clock.now();
  return () => performance.timeOrigin + performance.now();
}
