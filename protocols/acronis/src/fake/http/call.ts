import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isObject } from '../../codec/read.ts';
import { refuse } from './refusal.ts';

/** A request as it arrived. */
export interface Call {
  readonly method: string;
  /** Without the query, still encoded. */
  readonly path: string;
  /** Of the request line, untouched. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly text: string;
  /** The body if it is JSON, whatever its media type; else undefined. */
  readonly value: unknown;
}

/** Line and headers, with the body that was read. */
export function callOf(message: IncomingMessage, body: Buffer): Call {
  const target = message.url ?? '/';
  const [path, query] = splitTarget(target);
  const text = body.toString('utf8');
  return {
    method: message.method ?? 'GET',
    path,
    target,
    query: new URLSearchParams(query),
    headers: message.headers,
    remoteAddress: message.socket.remoteAddress ?? '',
    text,
    value: parsed(text),
  };
}

function splitTarget(target: string): readonly [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** All bytes of the body. @throws Refusal 413 above the limit */
export async function bodyOf(message: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw refuse(413, 'TooLarge', 'The body is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Tenants that a call names: in its query, its body or the items of it. */
export function tenantsOf({ query, value }: Call): readonly string[] {
  const named = [...query.getAll('tenantID'), ...query.getAll('tenant_id'), ...query.getAll('tenant')].flatMap(idsIn);
  const items = isObject(value) && Array.isArray(value.items) ? (value.items as readonly unknown[]) : [];
  for (const one of [value, ...items]) {
    if (!isObject(one)) continue;
    for (const id of [one.tenantID, one.tenant_id]) if (typeof id === 'string') named.push(id);
  }
  return [...new Set(named.map((id) => id.toLowerCase()))];
}

/** `a`, `eq(a)` and `or(a,b)`. */
function idsIn(text: string): readonly string[] {
  const [, inner] = /^(?:or|eq)\((.*)\)$/.exec(text) ?? [];
  return (inner ?? text).split(',').map((one) => one.trim());
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
