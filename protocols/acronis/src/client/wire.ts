// Of ECMAScript's "JSON.parse source text access"; the language's library does not declare it yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown;

const LONG_INTEGER = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** JSON for Acronis: undefined members are left out, bigints are numbers of all their digits. */
export function encodeBody(value: object): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? rawJson(inner.toString()) : inner));
}

/** Reads JSON of Acronis: integers beyond 2^53 (nanoseconds) become text of all their digits. @throws SyntaxError */
export function decodeBody(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  return parseWithSource(text, (_key, value, { source }) => {
    const exact = typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined || !INTEGER.test(source);
    return exact ? value : source;
  });
}

/** A filter value: one, or `or(a,b)`. */
export function anyOf(values: readonly string[]): string | undefined {
  return values.length > 1 ? `or(${values.join(',')})` : values[0];
}

type QueryValue = string | number | bigint | boolean | undefined;

/** `?a=b&c=d`: undefined ones are left out, lists repeat their name; empty when nothing is left. */
export function queryText(values: Readonly<Record<string, QueryValue | readonly string[]>>): string {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, one] as const),
  );
  const text = pairs.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`])).join('&');
  return text === '' ? '' : `?${text}`;
}
