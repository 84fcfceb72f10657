// Of ECMAScript's "JSON.parse source text access"; the language's library does not declare it yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** JSON in which bigints are numbers of all their digits. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? rawJson(String(inner)) : inner));
}

/** An int64 member of a JSON text, with all its digits; undefined when it is no integer. */
export function exactMember(text: string, member: string): bigint | undefined {
  let digits = '';
  const look: SourceReviver = (key, value, { source = '' }) => {
    if (key === member) digits = source;
    return value;
  };
  JSON.parse(text, look as (key: string, value: unknown) => unknown);
  return /^-?\d{1,19}$/.test(digits) ? BigInt(digits) : undefined;
}
