const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;
/** The years 0000 to 9999: others have no form that oVirt can be told. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;

/** A date as CloudStack writes it (`2026-01-02T03:04:05+0000`, ovirt 7.7) in ms since 1970; undefined when it is none. */
export function cloudDate(text: string | undefined): number | undefined {
  if (text === undefined || !FORM.test(text)) return undefined;
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : undefined;
}
