import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { refuse } from '../refusal.ts';

/** A request as it arrived. */
export interface Call {
  readonly method: string;
  /** Of the request line, untouched. */
  readonly target: string;
  /** Without the query, still encoded, without `/1.0` and `/v1`; one of v2 begins with `/v2`. */
  readonly path: string;
  /** Whether it is below `/1.0`, `/v1` or `/v2`. */
  readonly api: boolean;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  /** Scheme and host as the client wrote them. */
  readonly origin: string;
  body: Buffer;
}

const BRANCH = /^\/(?:1\.0|v1|v2)(?=\/|$)/;

/** Reads the line and the headers; the body is empty yet. */
export function callOf(message: IncomingMessage): Call {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const branch = BRANCH.exec(path)?.[0];
  const scheme = (message.socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
  return {
    method: message.method ?? 'GET',
    target,
    path: branch === undefined || branch === '/v2' ? path : path.slice(branch.length),
    api: branch !== undefined,
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: message.headers,
    remoteAddress: message.socket.remoteAddress ?? '',
    origin: `${scheme}://${message.headers.host ?? ''}`,
    body: Buffer.alloc(0),
  };
}

/** All bytes of the body. Throws a 413 above the limit. */
export async function bodyOf(message: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw refuse.tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** A header that came once; absent or empty: undefined. */
export function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
