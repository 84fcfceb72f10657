import { GatewayError } from '@fairlead/kernel/errors';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ROW_WAITS_MS = [1, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);

/** How long a row waits after so many failures; then it is tried in every run (cyberapp 4.11). */
export function rowWaitMs(attempts: number): number {
  return ROW_WAITS_MS[attempts - 1] ?? 0;
}

/** Failures of a tenant in a row until it is left alone, */
export const PAUSES_AFTER = 5;
/** and for how long: 15 minutes, twice as long each time, at most 6 hours. */
export function targetPauseMs(failures: number): number {
  if (failures < PAUSES_AFTER) return 0;
  return Math.min(15 * MINUTE_MS * 2 ** Math.min(failures - PAUSES_AFTER, 10), FORBIDDEN_PAUSE_MS);
}

/** What Acronis forbids does not change soon. */
export const FORBIDDEN_PAUSE_MS = 6 * HOUR_MS;

const MOST_TEXT = 500;

/** What is kept of an error: at most 500 characters of what Acronis said (cyberapp 4.13). */
export function errorText(error: unknown): string {
  if (error instanceof GatewayError) return `${error.code}: ${String(error.detail.reason ?? '')}`.slice(0, MOST_TEXT);
  return (error instanceof Error ? error.name : 'unknown').slice(0, MOST_TEXT);
}
