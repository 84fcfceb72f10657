import { closingQuote, unescapeValue } from './escape.ts';
import { textFromBytes } from './text.ts';

/** A token of a request (cce 1.4). It no longer matters whether a value was bare, quoted or binary. */
export type Token = { readonly kind: 'value'; readonly text: string } | { readonly kind: 'symbol'; readonly text: string };

/** The tokens up to the end, or up to something that is no token. */
export interface Lexed {
  readonly tokens: readonly Token[];
  readonly broken: boolean;
}

/** Per code below 128: 0 nothing, 1 white space, 2 bare, 3 symbol. */
const CLASS = new Uint8Array(128);
const SPACE = 1;
const BARE = 2;
const SYMBOL = 3;
mark(' \t\r\n,', SPACE);
mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+_', BARE);
mark('=~()/.', SYMBOL);

/** A line of the largest size could hold millions; nobody sends them. */
const MAX_TOKENS = 200_000;

const BINARY = /#([0-9]{1,9})#([A-Za-z0-9+/]*)/y;

function mark(chars: string, kind: number): void {
  for (const char of chars) CLASS[char.charCodeAt(0)] = kind;
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (CLASS[code] ?? 0) : 0;
}

/** The next place from `at` on that is no white space (cce 1.4: the comma is). */
export function skipSpace(text: string, at: number): number {
  let index = at;
  while (index < text.length && kindAt(text, index) === SPACE) index += 1;
  return index;
}

/** Whether white space or the end is there. */
export function isSpaceOrEnd(text: string, at: number): boolean {
  return at >= text.length || kindAt(text, at) === SPACE;
}

/** Reads tokens from `from` to the end of the text. */
export function lex(text: string, from: number): Lexed {
  const tokens: Token[] = [];
  let at = skipSpace(text, from);
  while (at < text.length) {
    const end = readToken(text, at, tokens);
    if (end < 0 || tokens.length > MAX_TOKENS) return { tokens, broken: true };
    at = skipSpace(text, end);
  }
  return { tokens, broken: false };
}

/** Appends the token there and answers where it ends, -1 when there is none. */
function readToken(text: string, at: number, tokens: Token[]): number {
  const kind = kindAt(text, at);
  if (kind === BARE) return readBare(text, at, tokens);
  if (kind === SYMBOL) {
    const symbol = text.startsWith('==', at) ? '==' : text.charAt(at);
    tokens.push({ kind: 'symbol', text: symbol });
    return at + symbol.length;
  }
  const char = text.charAt(at);
  if (char === '"') return readQuoted(text, at, tokens);
  if (char === '#') return readBinary(text, at, tokens);
  return -1;
}

function readBare(text: string, at: number, tokens: Token[]): number {
  let end = at + 1;
  while (end < text.length && kindAt(text, end) === BARE) end += 1;
  tokens.push({ kind: 'value', text: text.slice(at, end) });
  return end;
}

function readQuoted(text: string, at: number, tokens: Token[]): number {
  const end = closingQuote(text, at + 1);
  if (end < 0) return -1;
  const value = unescapeValue(text.slice(at + 1, end));
  return pushValue(value, tokens) ? end + 1 : -1;
}

/** cce 1.4(9). The text must be base64 with its padding, of exactly the length that is given. */
function readBinary(text: string, at: number, tokens: Token[]): number {
  BINARY.lastIndex = at;
  const match = BINARY.exec(text);
  if (!match) return -1;
  const base64 = match[2] ?? '';
  const padding = '='.repeat((4 - (base64.length % 4)) % 4);
  const end = at + match[0].length;
  if (padding.length === 3 || !text.startsWith(padding, end)) return -1;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== Number(match[1])) return -1;
  return pushValue(textFromBytes(bytes), tokens) ? end + padding.length : -1;
}

/** A NUL cannot be stored, so a token with one is none. */
function pushValue(value: string, tokens: Token[]): boolean {
  if (value.includes('\0')) return false;
  tokens.push({ kind: 'value', text: value });
  return true;
}
