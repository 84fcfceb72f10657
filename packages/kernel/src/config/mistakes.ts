import { FairleadError, type GatewayError } from '../errors/index.ts';

/** One mistake of the configuration. `found` never holds a secret. */
export interface ConfigMistake {
  /** `fairlead.ini:12`, the name of a variable, `command line`, or the file where a key is missing. */
  readonly origin: string;
  /** `[server] port`. */
  readonly where: string;
  readonly found: string;
  readonly allowed: string;
}

/** `FAIRLEAD_CONFIG` with one line for each mistake. */
export function configError(mistakes: readonly ConfigMistake[]): GatewayError {
  const lines = mistakes.map((one) => `${one.origin}: ${one.where}: found ${one.found}; allowed: ${one.allowed}`);
  return FairleadError('FAIRLEAD_CONFIG', { report: lines.join('\n'), mistakes: mistakes.length });
}

/** A value as a mistake shows it: quoted, on one line, not longer than a line. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

export function meant(word: string | undefined): string {
  return word === undefined ? '' : ` (did you mean ${word}?)`;
}
