/** What a body of JSON is once read. Objects keep the order of their keys; of a key given twice the last value counts. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What can be answered: as JSON, and maps, whose keys keep their order even when they are numbers. */
export type Answerable =
  | null
  | boolean
  | number
  | string
  | readonly Answerable[]
  | ReadonlyMap<string, Answerable>
  | { readonly [key: string]: Answerable | undefined };

/** Deepest nesting that is read (cce 5.2). */
const DEEPEST = 16;
const BOM = '\uFEFF';
/** A whole number beyond 2^53 keeps its digits: its text becomes the value of a property. */
const LONG_NUMBER = /\d{16}/;

/** Reads a body; undefined when it is no JSON, nested too deeply or followed by something else (cce 5.2). Strings are well-formed afterwards. */
export function readJson(text: string): Json | undefined {
  const bare = text.startsWith(BOM) ? text.slice(1) : text;
  if (isTooDeep(bare)) return undefined;
  try {
    return LONG_NUMBER.test(bare) ? (JSON.parse(bare, keepDigits) as Json) : (JSON.parse(bare) as Json);
  } catch {
    return undefined;
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/** Looks at brackets outside of strings, before anything is built. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === BRACE_OPEN || code === BRACKET_OPEN) {
      depth++;
      if (depth > DEEPEST) return true;
    } else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;

/** Index of the quote that ends the string which begins at `start`; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at !== -1) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}

/** The text of an answer. Fields that are undefined are left out; a byte that was not UTF-8 becomes U+FFFD (cce 5.4). */
export function formatJson(value: Answerable): string {
  if (typeof value === 'string') return textOf(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(formatJson).join(',')}]`;
  let fields = '';
  for (const [key, one] of value instanceof Map ? value : Object.entries(value))
    if (one !== undefined) fields += `${fields === '' ? '' : ','}${textOf(key)}:${formatJson(one)}`;
  return `{${fields}}`;
}

/** Nothing in it needs an escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

function textOf(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed());
}

/** An object of JSON, not a list. */
export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
