import { closesAtEnd, unescapeValue } from './escape.ts';
import type { ReplyLine } from './reply.ts';

/** Reads what stands behind the code; undefined when it is not of the code's form. */
type LineReader = (rest: string, code: number) => ReplyLine | undefined;

const DATA = 'DATA ';
const BAD_DATA = /^BAD DATA (\S+) /;
const OLD_BAD_DATA = /^(\S+)(?: (.*))?$/s;

/** A reader for each code of cce 1.6 that does not end a reply. */
const READERS: Readonly<Record<number, LineReader>> = {
  101: behind('EVENT', (event) => ({ code: 101, event })),
  102: readData,
  103: readData,
  104: behind('OBJECT', (oid) => ({ code: 104, oid })),
  105: behind('NAMESPACE', (namespace) => ({ code: 105, namespace })),
  106: behind('INFO', (text) => ({ code: 106, text: textOf(text) })),
  107: (rest) => (rest === 'CREATED' ? { code: 107 } : undefined),
  108: (rest) => (rest === 'DESTROYED' ? { code: 108 } : undefined),
  109: behind('SESSIONID', (sessionId) => ({ code: 109, sessionId })),
  110: behind('CLASS', (name) => ({ code: 110, class: name })),
  112: behind('TXN', (transaction) => ({ code: 112, transaction })),
  113: behind('STATUS', (status) => ({ code: 113, status })),
  300: behind('UNKNOWN OBJECT', (oid) => ({ code: 300, oid })),
  301: behind('UNKNOWN CLASS', (name) => ({ code: 301, class: name })),
  302: readBadData,
  303: behind('UNKNOWN NAMESPACE', (namespace) => ({ code: 303, namespace })),
  304: behind('PERMISSION DENIED', (what) => ({ code: 304, what })),
  305: behind('WARN', (text) => ({ code: 305, text: textOf(text) })),
  306: behind('ERROR', (text) => ({ code: 306, text })),
  307: () => ({ code: 307 }),
  308: behind('BAD REGEX', (text) => ({ code: 308, text })),
  309: behind('SUSPENDED', (reason) => ({ code: 309, reason: textOf(reason) })),
};

/** A 1xx or 3xx line of a reply. One whose code or form is not known is kept as text: newer daemons may say more (cce 1.6). */
export function readReplyLine(line: string, code: number): ReplyLine {
  return READERS[code]?.(line.slice(4), code) ?? { code: 0, text: line };
}

function behind(word: string, make: (rest: string) => ReplyLine): LineReader {
  return (rest) => {
    if (!rest.startsWith(word)) return undefined;
    if (rest.length === word.length) return make('');
    return rest.charAt(word.length) === ' ' ? make(rest.slice(word.length + 1)) : undefined;
  };
}

/** `DATA key = "value"`: the key ends where the rest is one quoted text, so it may hold `=`, quotes and spaces itself. */
function readData(rest: string, code: number): ReplyLine | undefined {
  if (!rest.startsWith(DATA)) return undefined;
  const kind = code === 102 ? 102 : 103;
  const found = splitBeforeQuoted(rest, DATA.length, ' = "');
  if (found) return { code: kind, key: found.before, value: found.value };
  const equals = rest.indexOf(' = ', DATA.length);
  return equals < 0 ? undefined : { code: kind, key: rest.slice(DATA.length, equals), value: rest.slice(equals + 3) };
}

/** `BAD DATA oid key "message"`; old daemons leave the quotes out, and then the key is one word. */
function readBadData(rest: string): ReplyLine | undefined {
  const head = BAD_DATA.exec(rest);
  if (!head) return undefined;
  const oid = head[1] ?? '';
  const found = splitBeforeQuoted(rest, head[0].length, ' "');
  if (found) return { code: 302, oid, key: found.before, message: found.value };
  const old = OLD_BAD_DATA.exec(rest.slice(head[0].length));
  return old ? { code: 302, oid, key: old[1] ?? '', message: old[2] ?? '' } : undefined;
}

interface Split {
  readonly before: string;
  readonly value: string;
}

/** Every try reads on to the next bare quote only, so the work is linear. */
function splitBeforeQuoted(text: string, from: number, separator: string): Split | undefined {
  if (!text.endsWith('"')) return undefined;
  let at = text.indexOf(separator, from);
  while (at >= 0) {
    const start = at + separator.length;
    if (closesAtEnd(text, start)) return { before: text.slice(from, at), value: unescapeValue(text.slice(start, -1)) };
    at = text.indexOf(separator, at + 1);
  }
  return undefined;
}

/** A text in quotes, or bare as old daemons wrote it. */
function textOf(text: string): string {
  const quoted = text.length >= 2 && text.startsWith('"') && closesAtEnd(text, 1);
  return quoted ? unescapeValue(text.slice(1, -1)) : text;
}
