import { CscpError, protocolError } from '../error.ts';
import { quoteValue } from './escape.ts';
import { END_TEXT, type EndCode, type Greeting, type Reply, type ReplyLine } from './reply.ts';
import { readReplyLine } from './reply-lines.ts';

/** What a daemon that has no connection left says instead of a greeting (cce 1.1). */
const NO_CONNECTION_LEFT = 'Maximum number of connections';

/** What a line costs in memory beside its characters, so that endless short lines meet the limit too. */
const LINE_COST = 64;

/** Code of a line: three digits before a space or the end; -1 when there is none. */
function codeOf(line: string): number {
  if (line.length > 3 && line.charCodeAt(3) !== 0x20) return -1;
  const code = digitAt(line, 0) * 100 + digitAt(line, 1) * 10 + digitAt(line, 2);
  return code >= 100 ? code : -1;
}

/** The digit there; NaN, with which every comparison fails, when there is none. */
function digitAt(line: string, at: number): number {
  const digit = line.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function isEndCode(code: number): code is EndCode {
  return Object.hasOwn(END_TEXT, code);
}

function excerpt(line: string): string {
  return quoteValue(line.length > 60 ? `${line.slice(0, 60)}...` : line);
}

/** Puts one reply after the other together from lines (cce 1.6): 1xx and 3xx lines, then exactly one final line. */
export class ReplyParser {
  readonly #maxBytes: number;
  #lines: ReplyLine[] = [];
  #bytes = 0;
  #afterGoodbye = false;

  /** `maxBytes`: largest reply in memory, as characters of its lines and 64 for each. Absent: 64 MiB. */
  constructor(maxBytes = 64 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a reply has begun and is not complete. */
  get inReply(): boolean {
    return this.#lines.length > 0;
  }

  /**
   * Takes the next line, without its line feed; answers the reply that it completes. `help`: lines without a code are a part of it.
   * Throws `CSCP_PROTOCOL` for what is no part of a reply, `CSCP_TOO_LARGE` for one without end; the parser must not be used after that.
   */
  push(rawLine: string, help = false): Reply | undefined {
    const line = withoutReturn(rawLine);
    if (line === '' && this.#afterGoodbye) {
      this.#afterGoodbye = false;
      return undefined;
    }
    const code = codeOf(line);
    const hundreds = Math.trunc(code / 100);
    if (hundreds === 1 || hundreds === 3) {
      this.#keep(line, readReplyLine(line, code));
      return undefined;
    }
    if (isEndCode(code)) return this.#finish(code);
    if (!help || code > 0) throw protocolError(`no line of a reply: ${excerpt(line)}`);
    this.#keep(line, { code: 0, text: line });
    return undefined;
  }

  /** The lines since the last final one, as a reply: the original's HELP has no final line. */
  endHelp(): Reply {
    return this.#finish(201);
  }

  #keep(line: string, read: ReplyLine): void {
    this.#bytes += line.length + LINE_COST;
    if (this.#bytes > this.#maxBytes) throw new CscpError('CSCP_TOO_LARGE', `a reply of more than ${this.#maxBytes} bytes`, { sent: true });
    this.#lines.push(read);
  }

  #finish(end: EndCode): Reply {
    const reply = { lines: this.#lines, end };
    this.#lines = [];
    this.#bytes = 0;
    this.#afterGoodbye = end === 202;
    return reply;
  }
}

/** A line of a reply that is read as it comes, or the code that ends it. Throws `CSCP_PROTOCOL` for what is neither. */
export function readStreamedLine(rawLine: string): ReplyLine | EndCode {
  const line = withoutReturn(rawLine);
  const code = codeOf(line);
  const hundreds = Math.trunc(code / 100);
  if (hundreds === 1 || hundreds === 3) return readReplyLine(line, code);
  if (isEndCode(code)) return code;
  throw protocolError(`no line of a reply: ${excerpt(line)}`);
}

/** Reads what a server says first (cce 1.2). */
export class GreetingParser {
  #version: string | undefined;
  readonly #events: string[] = [];
  #rollback = false;
  #suspended: string | undefined;

  /** Takes the next line; answers the greeting when it is complete. Throws `CSCP_PROTOCOL` for something else, `CSCP_NOT_READY` when the server does not serve. */
  push(rawLine: string): Greeting | undefined {
    const line = withoutReturn(rawLine);
    if (line.startsWith(NO_CONNECTION_LEFT)) throw notReady(line);
    const code = codeOf(line);
    if (code === 400 || code === 998 || code === 999) throw notReady(line);
    if (this.#version === undefined) return this.#readHeader(line);
    if (code === 200) return this.#finish(this.#version);
    this.#readDetail(line, code);
    return undefined;
  }

  #readHeader(line: string): undefined {
    if (!line.startsWith('100 CSCP/')) throw protocolError(`no greeting of CSCP: ${excerpt(line)}`);
    this.#version = line.slice('100 CSCP/'.length);
  }

  #readDetail(line: string, code: number): void {
    if (line.startsWith('101 EVENT ')) this.#events.push(line.slice('101 EVENT '.length));
    else if (code === 111) this.#rollback = true;
    else if (code === 309) this.#suspended = reasonOf(readReplyLine(line, code));
    else if (code < 100 || (code >= 200 && code < 300) || code >= 400) throw protocolError(`no line of a greeting: ${excerpt(line)}`);
  }

  #finish(version: string): Greeting {
    return { version, events: this.#events, rollback: this.#rollback, suspended: this.#suspended };
  }
}

function reasonOf(line: ReplyLine): string {
  return line.code === 309 ? line.reason : '';
}

function notReady(line: string): CscpError {
  return new CscpError('CSCP_NOT_READY', `the server does not serve: ${excerpt(line)}`);
}
