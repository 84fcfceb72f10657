import { unescapeTable } from '@fairlead/cscp/codec';
import { compileEre } from '../regex/index.ts';
import type { Typedef } from './schema.ts';

export const INVALID_DATA = '[[base-cce.invalidData]]';

export interface TypedefSource {
  readonly name: string;
  readonly kind: string;
  readonly data: string;
  readonly errorMessage: string;
}

/** A type, and what is wrong with it when its data cannot be used; then it accepts nothing. */
export interface MadeTypedef {
  readonly typedef: Typedef;
  readonly trouble?: string;
}

/** The type that a `typedef` element describes (cce 2.4). */
export function makeTypedef(source: TypedefSource): MadeTypedef {
  const { name, data } = source;
  const errorMessage = source.errorMessage === '' ? INVALID_DATA : source.errorMessage;
  if (source.kind === 'enum') {
    const words = new Set(data.split('|'));
    return { typedef: { name, kind: 'enum', data, errorMessage, accepts: (value) => words.has(value) } };
  }
  // A program decides, so nothing fits until it has been asked.
  if (source.kind === 'extern') return { typedef: { name, kind: 'extern', data, errorMessage, accepts: () => false } };
  if (source.kind !== 're') return unusable(source, `type="${source.kind}" is none of re, extern, enum`);
  const ere = compileEre(unescapeTable(data), { newline: false });
  if (!ere.ok) return unusable(source, `bad regular expression: ${ere.reason}`);
  return { typedef: { name, kind: 're', data, errorMessage, accepts: (value) => ere.test(value) } };
}

function unusable({ name, data }: TypedefSource, trouble: string): MadeTypedef {
  return { typedef: { name, kind: 'unknown', data, errorMessage: INVALID_DATA, accepts: () => false }, trouble };
}

/** For a type that no file defines: as `scalar` (cce 2.3). */
export function missingTypedef(name: string): Typedef {
  return { name, kind: 'unknown', data: '', errorMessage: INVALID_DATA, accepts: () => true };
}

const LAST_INTERVAL = /\{([0-9]{1,4}),[0-9]{0,4}\}(?=[^{}]*$)/;

/** The pattern of the type `password` with another greatest length (cce 2.6, `password_max`). RE2 counts to 1000. */
export function withPasswordMax(data: string, max: number | undefined): string {
  if (max === undefined) return data;
  return data.replace(LAST_INTERVAL, (_, least: string) => `{${least},${Math.max(Number(least), Math.min(max, 1000))}}`);
}
