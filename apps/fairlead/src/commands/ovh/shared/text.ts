// Of ECMAScript's "JSON.parse source text access"; the language's library does not declare it yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** What a terminal obeys or what turns the order of text around, and JSON does not escape by itself. */
const UNSEEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken away
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])|\u009b[0-?]*[ -/]*[@-~]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken away
const CONTROLS = /[\u0000-\u001f]+/g;

/** JSON of a result; integers keep all their digits, and nothing in it steers a terminal. */
export function toJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? rawJson(member.toString()) : member), indent);
  return (text ?? 'null').replace(UNSEEN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Lines for people: see printable(). */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** One line for people: escape sequences of terminals are gone, other control characters are blanks. */
export function printable(text: string): string {
  return text.replace(ESCAPES, '').replace(CONTROLS, ' ').replace(UNSEEN, '');
}
