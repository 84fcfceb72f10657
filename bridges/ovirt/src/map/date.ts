/** A date as CloudStack writes it (`2026-01-02T03:04:05+0000`, ovirt 7.7) in ms since 1970; undefined when it is none. */
export function cloudDate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? undefined : ms;
}
