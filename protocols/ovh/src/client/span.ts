import type { OvhError } from '../errors/errors.ts';

/** Timers end here, at 24.8 days; a longer one would ring at once. */
export const LONGEST_MS = 2 ** 31 - 1;

/** A wait in ms as timers take it: `Infinity` is the longest there is. Throws `Refusal` for 0 and below, NaN, and what is no number. */
export function spanMs(value: number | undefined, name: string, Refusal: new (message: string) => OvhError): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0) return Math.min(value, LONGEST_MS);
  throw new Refusal(`${name} is no number of ms above 0; leave it away, or give Infinity, to wait as long as it takes`);
}
