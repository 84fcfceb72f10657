import { headerProblem, isFieldValue } from '../../codec/headers.ts';
import { InvalidCallError } from '../../errors/errors.ts';
import type { WireRequest } from '../transport.ts';

/** Names that were found well formed; the values are looked at each time. */
const names = new Set<string>();
const MOST_NAMES = 200;
const TARGET = /^[\x21-\x7e]+$/;

/**
 * The head of a request as it goes out, in Latin-1, with the empty line at its end.
 * @throws InvalidCallError for what cannot stand in a head
 */
export function requestHead(request: WireRequest, target: string, host: string): string {
  const { method, headers, body } = request;
  if (!TARGET.test(target)) throw new InvalidCallError('the URL has blanks, control or other than ASCII characters');
  let text = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\n`;
  let framed = false;
  let coded = false;
  for (const name in headers) {
    const value = headers[name] ?? '';
    check(name, value);
    framed ||= name.length === 14 && name.toLowerCase() === 'content-length';
    coded ||= name.length === 15 && name.toLowerCase() === 'accept-encoding';
    text += `${name}: ${value}\r\n`;
  }
  if (!coded) text += 'Accept-Encoding: gzip, br\r\n';
  // Said of bodiless POST and PUT too: some front ends answer 411 otherwise (spec 3.5).
  const length = body?.length ?? (/^(?:POST|PUT|PATCH)$/.test(method) ? 0 : undefined);
  return framed || length === undefined ? `${text}\r\n` : `${text}Content-Length: ${length}\r\n\r\n`;
}

function check(name: string, value: string): void {
  if (names.has(name) && isFieldValue(value)) return;
  const problem = headerProblem(name, value);
  if (problem !== undefined) throw new InvalidCallError(problem);
  if (names.size < MOST_NAMES) names.add(name);
}
