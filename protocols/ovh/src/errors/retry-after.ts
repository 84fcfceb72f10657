/** A reset given as a Unix time is larger than any number of seconds that somebody would wait. */
const UNIX_TIME_FROM = 1_000_000_000;

/**
 * How long the server wants us to wait, in ms. `Retry-After` is seconds or a date (RFC 9110 10.2.3); the `RateLimit` family is
 * read leniently, and only when nothing remains, because OVHcloud documents none of them (spec 3.9).
 */
export function retryAfterOf(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const said = headers['retry-after']?.trim();
  if (said !== undefined && said !== '') return waitOf(said, now);
  for (const prefix of ['ratelimit', 'x-ratelimit']) {
    const reset = headers[`${prefix}-reset`]?.trim();
    if (reset !== undefined && Number(headers[`${prefix}-remaining`] ?? '1') === 0) return waitOf(reset, now);
  }
  return undefined;
}

function waitOf(text: string, now: number): number | undefined {
  if (/^\d{1,15}(\.\d{1,9})?$/.test(text)) {
    const seconds = Number(text);
    return seconds >= UNIX_TIME_FROM ? Math.max(0, seconds * 1000 - now) : seconds * 1000;
  }
  // Date.parse alone takes `-1` for a year.
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
