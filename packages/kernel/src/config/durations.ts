/** Milliseconds of `90`, `30s`, `5m`, `2h`, `1d`; a number is milliseconds already. */
export function durationMs(value: number | string): number {
  if (typeof value === 'number') return value;
  const found = /^(\d{1,12})([smhd]?)$/.exec(value.toLowerCase());
  if (!found) throw new RangeError(value);
  return Number(found[1]) * unitMs(found[2] ?? '');
}

function unitMs(unit: string): number {
  return { m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 1000;
}

/** The shortest way to write a duration of whole seconds. */
export function durationWords(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (ms > 0 && ms % unitMs(unit) === 0) return `${ms / unitMs(unit)}${unit}`;
  }
  return `${Math.round(ms / 1000)}s`;
}
