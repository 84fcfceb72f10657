import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { gzipSync } from 'node:zlib';

/** Certificate and key in PEM. */
export interface FakeTls {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** An answer, ready for the wire. */
export interface WireReply {
  readonly status: number;
  readonly contentType?: string | undefined;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** The server closes what is idle for 30 s, and says nothing about it before. */
export const IDLE_MS = 30_000;
const MAX_URI = 8192;

/** An HTTP(S) server with the habits of the real one's. */
export function fakeHttpServer(tls: FakeTls | undefined, listener: RequestListener, idleMs = IDLE_MS): Server {
  const options = { keepAliveTimeout: idleMs, maxHeaderSize: 64 * 1024 };
  const server =
    tls === undefined ? createHttpServer(options, listener) : createHttpsServer({ ...options, key: tls.key, cert: tls.cert }, listener);
  // Node adds a second of grace, in which the real server is already gone.
  server.keepAliveTimeoutBuffer = 0;
  return server;
}

/** What is answered without looking at the parameters; undefined when the call goes on. */
export function earlyReply(message: IncomingMessage): WireReply | undefined {
  if ((message.url ?? '').length > MAX_URI) return page(414, '<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>');
  if (message.method === 'OPTIONS') return { status: 200, body: '', headers: { Allow: 'GET, HEAD, POST, TRACE, OPTIONS' } };
  if (message.method === 'GET' || message.method === 'POST' || message.method === 'HEAD') return undefined;
  return { status: 405, body: '' };
}

/** Jetty's page for a form over the limit. */
export function tooLargePage(): WireReply {
  return page(404, '<html>\n<head>\n<title>Error 404 Not Found</title>\n</head>\n<body><h2>HTTP ERROR 404 Not Found</h2></body>\n</html>');
}

/** Some HTML, such as a proxy in between would send. */
export function page(status: number, body: string): WireReply {
  return { status, contentType: 'text/html;charset=iso-8859-1', body };
}

/** Writes an answer: no `Date`, no `Connection`, gzip where it is accepted. */
export function writeReply(message: IncomingMessage, response: ServerResponse, reply: WireReply): void {
  const zip = reply.body.length > 1024 && /\bgzip\b/.test(String(message.headers['accept-encoding'] ?? ''));
  // The least effort: the fake's time is not what is measured.
  const body = zip ? gzipSync(reply.body, { level: 1 }) : Buffer.from(reply.body, 'utf8');
  response.sendDate = false;
  response.statusCode = reply.status;
  if (reply.contentType !== undefined) {
    response.setHeader('Content-Type', reply.contentType);
    if (!reply.contentType.startsWith('text/html')) setSafetyHeaders(response);
  }
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (zip) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', body.length);
  response.removeHeader('Connection');
  response.end(message.method === 'HEAD' ? undefined : body);
}

function setSafetyHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-XSS-Protection', '1;mode=block');
  response.setHeader('content-security-policy', 'style-src=self');
}
