import { ImageioError } from '../errors.ts';
import { quoted, valueText } from './python-text.ts';

/** Checks of single members of a request, with the texts of the real daemon (imageio 2.6, 3.2). All throw `IMAGEIO_REQUEST_INVALID`. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object out of a body; anything else, also nothing, is refused with `prefix`. */
export function parseObject(body: Uint8Array, prefix: string): JsonObject {
  const value = parseJson(body, prefix);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(`${prefix} Expecting a JSON object`);
  return value as JsonObject;
}

/** A byte number as it was written. What is beyond 2^53 is beyond every image, and is brought there without becoming infinite. */
export function byteNumber(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/** An integer of at least 0, at most 2^53 - 1. JSON booleans are none, although the real daemon takes them. */
export function naturalNumber(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw refuse(`Integer required ${valueText(value)}`);
  if (value < 0) throw refuse(`Invalid value ${value} < 0`);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

export function naturalMember(object: JsonObject, name: string): number {
  if (object[name] === undefined) throw refuse(`Missing required value for '${name}'`);
  return naturalNumber(object[name]);
}

export function booleanValue(value: unknown): boolean {
  if (typeof value !== 'boolean') throw refuse(`Boolean required ${valueText(value)}`);
  return value;
}

/** One of the allowed words; the text lists them in order. */
export function oneOf<const Word extends string>(value: unknown, name: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const allowed = words.map((word) => quoted(word)).join(', ');
  throw refuse(`Unsupported value ${valueText(value)} for '${name}', expecting one of [${allowed}]`);
}

function parseJson(body: Uint8Array, prefix: string): unknown {
  if (body.length === 0) throw refuse(`${prefix} Expecting value: line 1 column 1 (char 0)`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw refuse(`${prefix} The body is not a JSON text in UTF-8`);
  }
}

function refuse(text: string): Error {
  return ImageioError('IMAGEIO_REQUEST_INVALID', { text });
}
