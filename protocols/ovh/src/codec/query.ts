import { InvalidCallError } from '../errors/errors.ts';
import type { Query, QueryValue } from './call.ts';
import { encodeJson } from './json.ts';
import { percentEncode } from './percent.ts';

/**
 * The parameters as the API reads them, in their order, without `?` (spec 3.4).
 * @throws InvalidCallError for a value that has no form in a query
 */
export function encodeQuery(query: Query): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    const key = percentEncode(name, 'a parameter name');
    const texts = Array.isArray(value) ? value.map((item: QueryValue) => scalarText(name, item)) : [valueText(name, value)];
    for (const text of texts) {
      if (text !== undefined) pairs.push(`${key}=${percentEncode(text, `the parameter ${name}`)}`);
    }
  }
  return pairs.join('&');
}

/** The URL with more parameters, after those that it already has. */
export function appendQuery(url: string, query: Query | undefined): string {
  const more = query === undefined ? '' : encodeQuery(query);
  if (more === '') return url;
  if (!url.includes('?')) return `${url}?${more}`;
  return /[?&]$/.test(url) ? `${url}${more}` : `${url}&${more}`;
}

function valueText(name: string, value: QueryValue): string | undefined {
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) return encodeJson(plainObject(name, value));
  return scalarText(name, value);
}

function plainObject(name: string, value: object): object {
  if (value instanceof Map) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return value;
  throw new InvalidCallError(`the parameter ${name} is neither a plain object nor a Map, an array, a Date or a scalar`);
}

function scalarText(name: string, value: QueryValue): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (value instanceof Date) return dateText(name, value);
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new InvalidCallError(`the parameter ${name} is ${value}: give a finite number`);
      return String(value);
    default:
      throw new InvalidCallError(`the parameter ${name} has a ${typeof value} where only a text, number, boolean or date can stand`);
  }
}

function dateText(name: string, value: Date): string {
  if (Number.isNaN(value.getTime())) throw new InvalidCallError(`the parameter ${name} is an invalid date`);
  return value.toISOString();
}
