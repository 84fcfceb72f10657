import { bytesFromText } from '@fairlead/cscp/codec';
import { startChild } from './child.ts';
import type { ProgramPlace } from './program-place.ts';

/** Asks a program whether a value fits: the value is all it reads, exit code 0 is yes (cce 2.4). It is killed when the signal ends. */
export async function askExternType(place: ProgramPlace, value: string, signal: AbortSignal): Promise<boolean> {
  using child = startChild({ place, stdio: ['pipe', 'ignore', 'ignore'], signal });
  const { stdin } = child.process;
  // Who has seen enough closes early.
  stdin?.on('error', () => undefined);
  stdin?.end(bytesFromText(value));
  return (await child.ended) === 0 && !signal.aborted;
}
