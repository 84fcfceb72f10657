const DAY_MS = 86_400_000;

/**
 * The day of a date or an instant, as it is written: `2026-12-01T00:00:00+01:00` is the 1st of December wherever it is read
 * (spec 10.3). `undefined` for what is no day of the calendar.
 */
export function dayOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [day] = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(value) ?? [];
  return day !== undefined && startOf(day) !== undefined ? day : undefined;
}

/** The day in UTC of a moment. */
export function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** How many days `to` is after `from`; negative when before. */
export function daysBetween(from: string, to: string): number {
  return Math.round(((startOf(to) ?? Number.NaN) - (startOf(from) ?? Number.NaN)) / DAY_MS);
}

/** An instant in UTC, `2026-12-01T08:00:00.000Z`; `undefined` for what is none. */
export function instantOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || dayOf(value) === undefined) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** Day 30 of February is none. */
function startOf(day: string): number | undefined {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && dayAt(ms) === day ? ms : undefined;
}
