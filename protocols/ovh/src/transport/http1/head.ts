/** What the head of an answer says (RFC 9112 4 and 5). */
export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; several values of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly length: BodyLength;
  /** ms for which the connection may be kept for another request; 0: not at all; undefined: nothing is said. */
  readonly keepMs: number | undefined;
}

/** How the end of a body is found (RFC 9112 6.3): a number of bytes, chunks, or the end of the connection. */
export type BodyLength = number | 'chunked' | 'close';

/** What came is no HTTP/1.1, or contradicts itself. */
export class MalformedAnswer extends Error {}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
/** A server ends its side a little earlier than it says; one second is ours. */
const EARLIER_MS = 1000;

/** Names that were well formed, in lower case: an API sends the same ones again and again. */
const names = new Map<string, string>();
const MOST_NAMES = 200;

/** Reads a head without the empty line at its end. Throws MalformedAnswer. */
export function readHead(text: string, method: string): AnswerHead {
  const lines = text.split('\r\n');
  const [, minor, digits] = STATUS_LINE.exec(lines[0] ?? '') ?? [];
  if (digits === undefined) throw new MalformedAnswer('it does not begin as HTTP/1.1 does');
  const headers: Record<string, string> = Object.create(null);
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const colon = line.indexOf(':');
    const name = nameOf(line.slice(0, Math.max(0, colon)));
    const value = line.slice(colon + 1).trim();
    if (CONTROL.test(value)) throw new MalformedAnswer('a header has control characters');
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  const status = Number(digits);
  return { status, headers, length: lengthOf(status, method, headers), keepMs: keepMs(minor === '1', headers) };
}

function nameOf(given: string): string {
  const known = names.get(given);
  if (known !== undefined) return known;
  if (!NAME.test(given)) throw new MalformedAnswer('a header is not well formed');
  const name = given.toLowerCase();
  if (names.size < MOST_NAMES) names.set(given, name);
  return name;
}

function lengthOf(status: number, method: string, headers: Readonly<Record<string, string>>): BodyLength {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0;
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked') throw new MalformedAnswer('its transfer coding is not chunked');
    return 'chunked';
  }
  const given = headers['content-length'];
  if (given === undefined) return 'close';
  // RFC 9110 8.6: the same length said twice is one length.
  const [length = '', ...others] = given.split(/, */);
  if (!/^\d{1,15}$/.test(length) || others.some((other) => other !== length)) throw new MalformedAnswer('its length is no number');
  return Number(length);
}

function keepMs(isNew: boolean, headers: Readonly<Record<string, string>>): number | undefined {
  const said = headers.connection?.toLowerCase() ?? '';
  if (said.includes('close') || (!isNew && !said.includes('keep-alive'))) return 0;
  // Both at once is how requests are smuggled (RFC 9112 6.3): what follows cannot be trusted.
  if (headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined) return 0;
  const [, seconds] = /\btimeout=(\d{1,6})\b/i.exec(headers['keep-alive'] ?? '') ?? [];
  return seconds === undefined ? undefined : Math.max(0, Number(seconds) * 1000 - EARLIER_MS);
}
