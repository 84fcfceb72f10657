import { newUuid } from '@fairlead/kernel/ids';
import { cleanCorrelationId, type Negotiated, negotiate, splitMatrix } from '@fairlead/ovirt/codec';
import type { FastifyRequest } from 'fastify';

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request before anything in it is trusted. */
export interface Incoming {
  readonly method: string;
  /** Still percent-encoded, without query and matrix parameters. */
  readonly path: string;
  /** Query and matrix parameters; the query's are first. */
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly address: string;
  readonly correlationId: string;
  /** Undefined: neither XML nor JSON is wanted. */
  readonly accepted: Negotiated | undefined;
}

/** `contentType` is what the caller said. Throws `OVIRT_WIRE_BAD_VALUE` for matrix parameters that are not UTF-8. */
export function readIncoming(request: FastifyRequest, contentType: string | undefined): Incoming {
  const [rawPath = '', rawQuery = ''] = splitOnce(request.raw.url ?? '/', '?');
  const matrix = splitMatrix(rawPath);
  const query = new URLSearchParams(rawQuery);
  for (const [name, value] of matrix.parameters) query.append(name, value);
  const headers = { ...request.headers, 'content-type': contentType };
  return {
    method: request.method,
    path: matrix.path,
    query,
    headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    address: request.ip,
    correlationId: cleanCorrelationId(textHeader(headers, 'correlation-id') ?? query.get('correlation_id') ?? undefined) ?? newUuid(),
    accepted: negotiate(headers.accept, query.get('accept') ?? undefined),
  };
}

/** The first value of a header. */
export function textHeader(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** The parts of a path; undefined when one is not percent-encoded UTF-8 or holds a slash. */
export function segmentsOf(path: string): readonly string[] | undefined {
  try {
    const parts = path.split('/').map(decodeURIComponent);
    return parts.some((part) => part.includes('/') || part.includes('\0')) ? undefined : parts.filter((part) => part !== '');
  } catch {
    return undefined;
  }
}

/** The path without slashes at its end, looked at once: a pattern for them takes the square of their number where another sign follows. */
export function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
