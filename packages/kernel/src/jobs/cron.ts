const MINUTE_MS = 60_000;
/** 29 February on a given day of the week comes once in 28 years, over a century that is none of its own in 40. */
const LOOK_AHEAD_DAYS = 41 * 366;

interface Field {
  readonly least: number;
  readonly most: number;
}

const MINUTE: Field = { least: 0, most: 59 };
const HOUR: Field = { least: 0, most: 23 };
const DAY: Field = { least: 1, most: 31 };
const MONTH: Field = { least: 1, most: 12 };
/** Sunday is 0 and 7. */
const WEEKDAY: Field = { least: 0, most: 7 };

/** Reads a line of crontab(5); gives the first whole minute after a time, in ms since the epoch. Throws `TypeError`. */
export function parseCron(text: string): (afterMs: number) => number {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5) throw new TypeError(`${JSON.stringify(text)} has not the five fields of cron`);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  const minutes = valuesOf(minute, MINUTE);
  const hours = valuesOf(hour, HOUR);
  const isDay = dayRule({
    days: valuesOf(day, DAY),
    weekdays: weekdaysOf(weekday),
    isEveryDay: day === '*',
    isEveryWeekday: weekday === '*',
  });
  const months = valuesOf(month, MONTH);
  const next = (afterMs: number): number => {
    const start = new Date(Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS);
    for (let ahead = 0; ahead < LOOK_AHEAD_DAYS; ahead++) {
      const date = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + ahead));
      if (!months.has(date.getUTCMonth() + 1) || !isDay(date)) continue;
      const found = firstTime(date, ahead === 0 ? start : date, { hours, minutes });
      if (found !== undefined) return found;
    }
    throw new TypeError(`${JSON.stringify(text)} never comes`);
  };
  next(0);
  return next;
}

/** As in crontab(5): where both days are given, one of them is enough. */
function dayRule(rule: {
  readonly days: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  readonly isEveryDay: boolean;
  readonly isEveryWeekday: boolean;
}): (date: Date) => boolean {
  return (date) => {
    const [inDays, inWeekdays] = [rule.days.has(date.getUTCDate()), rule.weekdays.has(date.getUTCDay())];
    return rule.isEveryDay || rule.isEveryWeekday ? inDays && inWeekdays : inDays || inWeekdays;
  };
}

function firstTime(
  date: Date,
  from: Date,
  { hours, minutes }: { readonly hours: ReadonlySet<number>; readonly minutes: ReadonlySet<number> },
): number | undefined {
  for (let hour = from.getUTCHours(); hour <= HOUR.most; hour++) {
    if (!hours.has(hour)) continue;
    for (let minute = hour === from.getUTCHours() ? from.getUTCMinutes() : 0; minute <= MINUTE.most; minute++) {
      if (minutes.has(minute)) return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), hour, minute);
    }
  }
  return undefined;
}

function weekdaysOf(text: string): ReadonlySet<number> {
  return new Set([...valuesOf(text, WEEKDAY)].map((day) => day % 7));
}

function valuesOf(text: string, field: Field): ReadonlySet<number> {
  return new Set(text.split(',').flatMap((part) => rangeOf(part, field)));
}

function rangeOf(part: string, { least, most }: Field): number[] {
  const [, star, low, high, step] = /^(?:(\*)|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
  const from = star === undefined ? Number(low ?? Number.NaN) : least;
  const openEnd = step === undefined ? from : most;
  const to = high === undefined ? openEnd : Number(high);
  const last = star === undefined ? to : most;
  const by = Number(step ?? 1);
  if (!(from >= least && from <= last && last <= most && by >= 1)) throw new TypeError(`${JSON.stringify(part)} is no field of cron`);
  return Array.from({ length: Math.floor((last - from) / by) + 1 }, (_, index) => from + index * by);
}
