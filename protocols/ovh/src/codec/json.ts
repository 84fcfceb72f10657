import { InvalidCallError } from '../errors/errors.ts';

/** How integers that no number holds exactly are given (spec 3.11). */
export type BigintMode = 'number' | 'string' | 'bigint';

// Of ECMAScript's "JSON.parse source text access"; the language's library does not declare it yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown;

const NON_ASCII = /[\u0080-\uffff]/g;
const LONG_INTEGER = /\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * Compact JSON: undefined members are left out, bigints are numbers of all their digits, Maps are objects.
 * @throws InvalidCallError for what JSON cannot say: cycles, NaN, infinities, functions
 */
export function encodeJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, jsonValue);
  } catch (error) {
    if (error instanceof InvalidCallError) throw error;
    throw new InvalidCallError('the value cannot be written as JSON (a cycle, or nested too deeply)', error);
  }
  if (text === undefined) throw new InvalidCallError(`a ${typeof value} cannot be written as JSON`);
  return text;
}

function jsonValue(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return rawJson(value.toString());
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new InvalidCallError(`the member ${JSON.stringify(key)} is ${value}, which JSON cannot say`);
  }
  if (value instanceof Map) return Object.fromEntries(value);
  return value;
}

/** The same JSON in ASCII: every code unit from U+0080 as `\uxxxx` in lower case, the bytes of python-ovh and node-ovh (spec 3.5). */
export function asciiJson(text: string): string {
  return text.replace(NON_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Reads JSON; in the modes `string` and `bigint`, integers beyond 2^53 keep all their digits.
 * @throws SyntaxError for what is no JSON, or is nested deeper than the engine follows
 */
export function decodeJson(text: string, bigints: BigintMode = 'number'): unknown {
  if (bigints === 'number' || !LONG_INTEGER.test(text)) return JSON.parse(text);
  const exact: SourceReviver = (_key, value, { source }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined || !INTEGER.test(source)) return value;
    return bigints === 'bigint' ? BigInt(source) : source;
  };
  try {
    return parseWithSource(text, exact);
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('JSON nested too deeply', { cause: error });
    throw error;
  }
}
