import type { Parts } from '../service/parts.ts';
import { renewLeases } from './renew-leases.ts';
import { watch } from './watchdog.ts';

/** Starts the periodic work of the writing side; ends with the signal, and ends what requests have left running. */
export function startWriteJobs(parts: Parts, signal: AbortSignal): readonly Promise<void>[] {
  return [renewLeases(parts, signal), watch(parts, signal), endBackground(parts, signal)];
}

async function endBackground({ background }: Parts, signal: AbortSignal): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => stopped.resolve(), { once: true });
  if (signal.aborted) stopped.resolve();
  await stopped.promise;
  await background[Symbol.asyncDispose]();
}
