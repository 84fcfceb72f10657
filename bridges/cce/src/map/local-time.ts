const MINUTE_MS = 60_000;

/**
 * A time as RFC 3339 writes it, in whole seconds and with the offset of this machine: `2025-05-17T23:49:24-05:00` (cce 7.3).
 * `offsetMinutes`: how far local time is ahead of UTC.
 */
export function localTime(ms: number, offsetMinutes = -new Date(ms).getTimezoneOffset()): string {
  const shown = new Date(ms + offsetMinutes * MINUTE_MS).toISOString().slice(0, 19);
  const distance = Math.abs(offsetMinutes);
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${shown}${offsetMinutes < 0 ? '-' : '+'}${two(distance / 60)}:${two(distance % 60)}`;
}
