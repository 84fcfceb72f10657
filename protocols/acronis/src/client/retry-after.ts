/** A longer wait is not believed (CyberApp 4.11). */
const MOST_S = 900;

/**
 * Seconds that `Retry-After` asks for, 1 to 900; undefined when it says nothing. A date counts from `serverNow`.
 * @param serverNow ms since 1970 by the clock of the server
 */
export function retryAfterSeconds(value: string | readonly string[] | undefined, serverNow: number): number | undefined {
  const text = (typeof value === 'string' ? value : value?.[0])?.trim() ?? '';
  // Date.parse alone would take numbers for years.
  const seconds = /^\d{1,15}$/.test(text) ? Number(text) : (dateOf(text) - serverNow) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(MOST_S, Math.max(1, Math.ceil(seconds)));
}

function dateOf(text: string): number {
  return /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
}
