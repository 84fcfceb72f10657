/** `2026-01-02T03:04:05+0000`, as the server writes dates. */
export function dateText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, '+0000');
}

/** `expires` as the server reads it: seconds without a fraction, and `Z`, `+0000` or `+00:00`. NaN for anything else. */
export function parseExpires(text: string): number {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|([+-]\d\d):?(\d\d))$/.exec(text);
  if (found === null) return Number.NaN;
  return Date.parse(`${found[1]}${found[2] === 'Z' ? 'Z' : `${found[3]}:${found[4]}`}`);
}
