import { InvalidArgumentError } from 'commander';

/** An option that may be given several times. */
export function collect(text: string, former: readonly string[] = []): readonly string[] {
  return [...former, text];
}

/** A name that is one: an empty variable of a script must not mean another account. */
export function filled(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('it is empty');
  return text;
}

/** A whole number within these bounds. */
export function number(max: number, min = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,15}$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`${min} to ${max}`);
    return value;
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** A timer of Node.js waits 24 days at most. */
const LONGEST_MS = 20 * 24 * 3_600_000;

/** `10m` in ms; without a unit, seconds. */
export function span(text: string): number {
  const [, digits = '', unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text) ?? [];
  const value = Math.ceil(Number(digits) * (UNITS[unit] ?? Number.NaN));
  if (digits === '' || value < 1 || value > LONGEST_MS) throw new InvalidArgumentError('a span such as 30, 30s, 500ms, 10m or 2h');
  return value;
}
