import type { IncomingMessage } from 'node:http';
import { type Agent, request as httpsRequest } from 'node:https';
import { OvirtWireError } from '../errors.ts';
import type { CallLimit } from './call-limit.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly agent: Agent;
  readonly limit: CallLimit;
  /** Bytes of the answer's body. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * One request over TLS, its answer read whole. Redirects are not followed.
 * Throws `OVIRT_WIRE_UNREACHABLE`, `OVIRT_WIRE_TIMEOUT`, `OVIRT_WIRE_ABORTED` or, for an answer beyond its limit, `OVIRT_WIRE_BAD_ANSWER`.
 */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  const { limit } = request;
  try {
    limit.signal.throwIfAborted();
    const answer = await answerTo(request);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await readBody(answer, request.maxBytes) };
  } catch (error) {
    if (OvirtWireError.is(error, 'OVIRT_WIRE_BAD_ANSWER')) throw error;
    throw limit.explain(error) ?? OvirtWireError('OVIRT_WIRE_UNREACHABLE', { detail: causeOf(error) }, { cause: error });
  }
}

function answerTo(request: HttpRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { method, url, agent, body, limit } = request;
  const length = { 'Content-Length': String(Buffer.byteLength(body ?? '')) };
  const outgoing = httpsRequest(url, {
    method,
    agent,
    signal: limit.signal,
    headers: { ...request.headers, ...(body === undefined ? {} : length) },
  });
  outgoing.on('response', resolve);
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

async function readBody(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      answer.destroy();
      throw OvirtWireError('OVIRT_WIRE_BAD_ANSWER', { detail: `the answer is larger than ${maxBytes} bytes` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The code of a failed connection says more than its text, and holds no secret. */
function causeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'the connection failed';
}
