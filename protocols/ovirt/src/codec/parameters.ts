import { codecError, REASONS } from '../errors.ts';

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', 'y', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0'].map((word) => [word, false] as const),
]);

const MAX_CORRELATION_ID = 36;

/** A boolean of a body or a parameter (oVirt 2.5), `undefined` when it is none. */
export function parseBoolean(text: string): boolean | undefined {
  return WORDS.get(text.trim().toLowerCase());
}

/**
 * A boolean parameter of a request: absent is `undefined`, present without value is true.
 * Throws `OVIRT_WIRE_BAD_VALUE` for another word.
 */
export function booleanParameter(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value.trim() === '') return true;
  const parsed = parseBoolean(value);
  if (parsed === undefined) throw codecError('OVIRT_WIRE_BAD_VALUE', REASONS.value, `The parameter ${name} is not a boolean.`);
  return parsed;
}

/**
 * The limit of a list: absent, empty or negative is no limit (oVirt 2.5).
 * Throws `OVIRT_WIRE_BAD_VALUE` for what is no whole number.
 */
export function parseMax(value: string | undefined): number | undefined {
  const text = value?.trim() ?? '';
  if (text === '') return undefined;
  if (!/^[+-]?\d{1,15}$/.test(text)) throw codecError('OVIRT_WIRE_BAD_VALUE', REASONS.value, 'The parameter max is not a whole number.');
  const max = Number(text);
  return max < 0 ? undefined : max;
}

/** A correlation id reduced to the characters that one may have (oVirt 2.5); `undefined` when none is left. */
export function cleanCorrelationId(text: string | undefined): string | undefined {
  const clean = (text ?? '').replace(/[^0-9A-Za-z_-]/g, '').slice(0, MAX_CORRELATION_ID);
  return clean === '' ? undefined : clean;
}

export interface MatrixPath {
  /** The path without its matrix parameters. */
  readonly path: string;
  /** Decoded; a parameter without value has the empty text; the last of one name wins. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Takes matrix parameters (`/vms/1;all_content=true`) off a path, wherever in it they stand. The path itself stays encoded. */
export function splitMatrix(path: string): MatrixPath {
  if (!path.includes(';')) return { path, parameters: new Map() };
  const parameters = new Map<string, string>();
  const segments = path.split('/').map((segment) => {
    const [name = '', ...pairs] = segment.split(';');
    for (const pair of pairs) {
      const at = pair.indexOf('=');
      const key = decode(at < 0 ? pair : pair.slice(0, at));
      if (key !== '') parameters.set(key, at < 0 ? '' : decode(pair.slice(at + 1)));
    }
    return name;
  });
  return { path: segments.join('/'), parameters };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw codecError('OVIRT_WIRE_BAD_VALUE', REASONS.value, 'A parameter of the path is not percent-encoded UTF-8.');
  }
}
