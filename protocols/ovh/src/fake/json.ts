/** What a body may hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A JSON object that the fake keeps and changes. */
export type Row = { [name: string]: Json };

/** The object in a value, if it is one. */
export function asRow(value: Json | undefined): Row | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
}
