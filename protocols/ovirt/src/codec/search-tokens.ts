import { codecError } from '../errors.ts';
import { excerpt } from './values.ts';

export interface SearchToken {
  readonly kind: 'word' | 'quoted' | 'symbol';
  readonly text: string;
}

const MAX_LENGTH = 4096;
const MAX_TOKENS = 500;
/** A prefix that the engine's own page sends: `Vms: name=a`. */
const PREFIX = /^\s*[A-Za-z]+\s*:/;
const TOKEN = /\s*(?:(!=|[=()])|"([^"]*)"|'([^']*)'|([^\s=!()"'<>]+))/y;

/** Cuts a search into words, quoted words and the symbols `= != ( )`. Throws `OVIRT_WIRE_BAD_SEARCH`. */
export function tokenizeSearch(text: string): SearchToken[] {
  if (text.length > MAX_LENGTH) throw bad(`it is longer than ${MAX_LENGTH} characters`);
  const source = text.replace(PREFIX, '').trimEnd();
  const tokens: SearchToken[] = [];
  let at = 0;
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (match === null) throw bad(`at ${excerpt(source.slice(at).trim())}`);
    at = TOKEN.lastIndex;
    tokens.push(tokenOf(match));
    if (tokens.length > MAX_TOKENS) throw bad('it has too many words');
  }
  return tokens;
}

function tokenOf([, symbol, double, single, word]: readonly (string | undefined)[]): SearchToken {
  if (symbol !== undefined) return { kind: 'symbol', text: symbol };
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: 'quoted', text: double ?? single ?? '' };
}

function bad(detail: string): Error {
  return codecError('OVIRT_WIRE_BAD_SEARCH', 'Invalid search', `The search cannot be understood: ${detail}.`);
}
