import { plainText, quoteValue } from './escape.ts';
import { END_TEXT, type Greeting, type Reply, type ReplyLine } from './reply.ts';

/** What a server says when it has all the connections that it takes (cce 1.1); then it closes. */
export const CONNECTIONS_EXHAUSTED = 'Maximum number of connections reached\ndisconnecting...\n';

/** A reply as it stands on the wire, with all line feeds, and the empty line behind GOODBYE (cce 1.6). */
export function formatReply(reply: Reply): string {
  let text = '';
  for (const line of reply.lines) text += `${formatReplyLine(line)}\n`;
  return `${text}${reply.end} ${END_TEXT[reply.end]}\n${reply.end === 202 ? '\n' : ''}`;
}

/** One line of a reply without its line feed. Values are quoted and escaped; names and plain texts are literal but for control bytes. */
export function formatReplyLine(line: ReplyLine): string {
  switch (line.code) {
    case 0:
      return plainText(line.text);
    case 102:
    case 103:
      return `${line.code} DATA ${plainText(line.key)} = ${quoteValue(line.value)}`;
    case 302:
      return `302 BAD DATA ${plainText(line.oid)} ${plainText(line.key)} ${quoteValue(line.message)}`;
    default:
      return `${line.code} ${textBehindCode(line)}`;
  }
}

function textBehindCode(line: Exclude<ReplyLine, { code: 0 } | { code: 102 | 103 } | { code: 302 }>): string {
  switch (line.code) {
    case 101:
      return `EVENT ${plainText(line.event)}`;
    case 104:
      return `OBJECT ${plainText(line.oid)}`;
    case 105:
      return `NAMESPACE ${plainText(line.namespace)}`;
    case 106:
      return `INFO ${quoteValue(line.text)}`;
    case 107:
      return 'CREATED';
    case 108:
      return 'DESTROYED';
    case 109:
      return `SESSIONID ${plainText(line.sessionId)}`;
    case 110:
      return `CLASS ${plainText(line.class)}`;
    case 112:
      return `TXN ${plainText(line.transaction)}`;
    case 113:
      return `STATUS ${plainText(line.status)}`;
    case 300:
      return `UNKNOWN OBJECT ${plainText(line.oid)}`;
    case 301:
      return `UNKNOWN CLASS ${plainText(line.class)}`;
    case 303:
      return `UNKNOWN NAMESPACE ${plainText(line.namespace)}`;
    case 304:
      return `PERMISSION DENIED ${plainText(line.what)}`;
    case 305:
      return `WARN ${quoteValue(line.text)}`;
    case 306:
      return `ERROR ${plainText(line.text)}`;
    case 307:
      return 'OUT OF MEMORY (SESSIONID)';
    case 308:
      return `BAD REGEX ${plainText(line.text)}`;
    case 309:
      return `SUSPENDED ${quoteValue(line.reason)}`;
  }
}

/** What a server says first (cce 1.2), with all line feeds. */
export function formatGreeting(greeting: Greeting): string {
  const lines = [`100 CSCP/${greeting.version}`, ...greeting.events.map((event) => `101 EVENT ${plainText(event)}`)];
  if (greeting.rollback) lines.push('111 ROLLBACK');
  if (greeting.suspended !== undefined) lines.push(`309 SUSPENDED ${quoteValue(greeting.suspended)}`);
  lines.push(greeting.refused === undefined ? '200 READY' : `${greeting.refused} ${END_TEXT[greeting.refused]}`);
  return `${lines.join('\n')}\n`;
}
