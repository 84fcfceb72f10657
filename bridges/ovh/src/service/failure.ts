import type { Scrubber } from '@fairlead/kernel/log';
import { isOvhError } from '@fairlead/ovh';
import { cleanText } from '../map/text.ts';
import type { Failure } from './state.ts';

/** What went wrong, as it may be told. */
export function failureOf(error: unknown, scrubber: Scrubber): Failure {
  if (isOvhError(error)) return { code: error.code, text: cleanText(scrubber.scrub(error.message)) ?? error.code };
  // The signal of our own deadline.
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return { code: 'OVH_TIMEOUT', text: 'it was not read within the time for it' };
  return { code: 'FAIRLEAD_INTERNAL', text: 'the gateway failed; its log says why' };
}

/** Whether a status may be another one soon; 0: nothing answered. */
export function mayPass(status: number): boolean {
  return status === 0 || status === 408 || status === 423 || status === 429 || status >= 500;
}
