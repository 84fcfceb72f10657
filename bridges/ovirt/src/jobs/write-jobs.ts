import type { Parts } from '../service/parts.ts';

/** Starts the periodic work of the writing side; ends with the signal. */
export function startWriteJobs(_parts: Parts, _signal: AbortSignal): readonly Promise<void>[] {
  return [];
}
