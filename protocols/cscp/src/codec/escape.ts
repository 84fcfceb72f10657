import { bytesFromText, loneByte, normalizeText } from './text.ts';

const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** cce 1.5: the bytes that have an escape of two characters. */
const NAMED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Escaped form of each byte. */
const ESCAPED: readonly string[] = Array.from({ length: 256 }, (_, byte) => escapedByte(byte));

/** All but printable ASCII and what is no ASCII: the control bytes. */
const CONTROLS = /[^ -~\u0080-\uffff]/g;
/** What names are made of almost always. */
const PLAIN_NAME = /^[A-Za-z0-9_.+-]*$/;
/** Printable ASCII but `"` and `\`. */
const PLAIN = /^[ !#-[\]-~]*$/;

function escapedByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (char === '"' || char === '\\') return `\\${char}`;
  const named = Object.entries(NAMED).find(([, value]) => value === char);
  if (named) return `\\${named[0]}`;
  if (byte < 32 || byte >= 127) return `\\${byte.toString(8).padStart(3, '0')}`;
  return char;
}

/** A value as it stands between quotes on the wire: ASCII only (cce 1.5, outbound). */
export function escapeValue(value: string): string {
  if (PLAIN.test(value)) return value;
  const parts: string[] = [];
  for (const byte of bytesFromText(value)) parts.push(ESCAPED[byte] ?? '');
  return parts.join('');
}

/** A value in quotes. */
export function quoteValue(value: string): string {
  return `"${escapeValue(value)}"`;
}

/**
 * A name or a text that replies bear without quotes: literal, but control bytes are escaped, since a line break in it would be a line
 * of its own to the reader.
 */
export function plainText(text: string): string {
  return PLAIN_NAME.test(text) ? text : text.replaceAll(CONTROLS, (char) => ESCAPED[char.charCodeAt(0)] ?? '');
}

/**
 * The value of a quoted token (cce 1.5, inbound), applied once from the left. `\000` gives a NUL, which the lexer refuses; a backslash
 * at the very end stays.
 */
export function unescapeValue(text: string): string {
  let at = text.indexOf('\\');
  if (at < 0) return text;
  let result = '';
  let done = 0;
  let bytes = false;
  while (at >= 0 && at + 1 < text.length) {
    const octal = octalAt(text, at + 1);
    const next = text.charAt(at + 1);
    if (octal >= 0x80) bytes = true;
    result += text.slice(done, at) + (octal < 0 ? (NAMED[next] ?? next) : byteText(octal));
    done = at + (octal < 0 ? 2 : 4);
    at = text.indexOf('\\', done);
  }
  result += text.slice(done);
  return bytes ? normalizeText(result) : result;
}

/** The table of `unescapeValue` for the `data` of a typedef (cce 2.4), which passes it before it is a regular expression. */
export function unescapeTable(data: string): string {
  return unescapeValue(data);
}

function byteText(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : loneByte(byte);
}

/** The low 8 bits of exactly three octal digits there, else -1. */
function octalAt(text: string, at: number): number {
  let value = 0;
  for (let index = at; index < at + 3; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (!(digit >= 0 && digit <= 7)) return -1;
    value = value * 8 + digit;
  }
  return value & 0xff;
}

/** Whether the quoted text that begins at `start` ends with the whole text. */
export function closesAtEnd(text: string, start: number): boolean {
  const last = text.length - 1;
  const firstQuote = text.indexOf('"', start);
  if (firstQuote === last && text.charCodeAt(last - 1) !== BACKSLASH) return firstQuote >= 0;
  return firstQuote >= 0 && closingQuote(text, start) === last;
}

/**
 * Where the quoted text that begins at `start` (behind the opening quote) ends: the index of the closing quote, -1 when there is none.
 */
export function closingQuote(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return -1;
}
