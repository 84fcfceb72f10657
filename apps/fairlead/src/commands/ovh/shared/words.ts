import { type Command, InvalidArgumentError } from 'commander';
import { addClientOptions } from './client.ts';
import { addPrintOptions } from './print-options.ts';

/** A word that calls the API and prints what it found: a table, unless another form is asked for. */
export function listing(command: Command): Command {
  return addPrintOptions(addClientOptions(command));
}

/** An option that may be given several times. */
export function collect(text: string, former: readonly string[] = []): readonly string[] {
  return [...former, text];
}

/** A whole number, so large at most. */
export function number(max: number, min = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,15}$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`${min} to ${max}`);
    return value;
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `10m` in ms. */
export function span(text: string): number {
  const [, digits = '', unit = 's'] = /^([1-9]\d{0,6})([smh])?$/.exec(text) ?? [];
  if (digits === '') throw new InvalidArgumentError('a span such as 90, 90s, 10m or 1h');
  return Number(digits) * (UNITS[unit] ?? 1000);
}
