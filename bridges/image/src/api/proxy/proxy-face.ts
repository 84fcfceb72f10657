import type { ClientRequest, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ImageioError } from '@fairlead/imageio';
import { parseContentLength, TICKET_ID, texts, withoutUnixSocket, writeOptions } from '@fairlead/imageio/codec';
import type { Log } from '@fairlead/kernel/log';
import { ImageError } from '../../errors.ts';
import type { Routes } from '../../service/gateway/routes.ts';
import { readBody } from '../../service/read-body.ts';
import type { RouteRow } from '../../tables.ts';
import { logFailure, toAnswer } from '../data/face.ts';
import { METHODS, parseTarget, type Target } from '../data/route.ts';
import { allowOrigin } from '../data/rules/allow-origin.ts';
import { prepare, send, VERSION } from '../wire/answer.ts';
import type { ClientConnection } from '../wire/client-connection.ts';
import type { Exchange } from '../wire/listener.ts';
import { MAX_REQUEST_LINE } from '../wire/refusals.ts';
import { forwardedAnswer, forwardedRequest } from './headers.ts';
import { Upstream } from './upstream.ts';

export interface ProxyFaceParts {
  readonly routes: Routes;
  readonly log: Log;
  /** PEM of the authority that signs the hosts' certificates. */
  readonly ca: () => string;
}

const MAX_OPTIONS = 64 * 1024;

/** Passes one request on to the host that carries the transfer, as it is (imageio 6.2). */
export async function serveProxy(exchange: Exchange, parts: ProxyFaceParts): Promise<void> {
  const { request, response, connection } = exchange;
  const target = parseTarget(request.url ?? '');
  prepare(response);
  try {
    await (localAnswer(exchange, target) ?? forward(exchange, target, parts));
  } catch (error) {
    if (!connection.signal.aborted) logFailure(parts.log, error, { method: request.method, face: 'proxy' });
    // A short body must never look like a whole one.
    if (response.headersSent) connection.socket.destroy();
    else send(response, toAnswer(error, !request.complete));
  }
}

/** What the proxy answers itself: requests that name no transfer. */
function localAnswer({ request, response }: Exchange, { path, route }: Target): Promise<void> | undefined {
  const method = request.method ?? '';
  if (method.length + (request.url ?? '').length + ' HTTP/1.1 '.length > MAX_REQUEST_LINE) throw ImageError('IMAGE_URI_TOO_LONG');
  if (!METHODS.includes(method)) throw ImageError('IMAGE_METHOD', { text: texts.invalidMethod(method) });
  if (!route) throw ImageError('IMAGE_ROUTE_UNKNOWN', { text: texts.noHandler(path) });
  if (route.name === 'info' || (route.id === '*' && method === 'OPTIONS')) {
    allowOrigin(request, response, method === 'OPTIONS' ? 'OPTIONS,GET,PUT' : '*');
    const info = route.name === 'info';
    if (info && method !== 'GET') throw ImageError('IMAGE_METHOD', { text: texts.methodNotDefined(method, path) });
    const body = info ? `{"version": "${VERSION}"}\n` : writeOptions({ features: ['extents', 'flush', 'zero'] });
    send(response, { status: 200, type: 'json', body, ...(!info && { headers: { allow: 'OPTIONS,GET,PUT,PATCH' } }) });
    return Promise.resolve();
  }
  if (route.id === '') throw ImageError('IMAGE_TICKET_REQUIRED');
  return undefined;
}

async function forward(exchange: Exchange, target: Target, parts: ProxyFaceParts): Promise<void> {
  const { request, connection } = exchange;
  if (request.headers['transfer-encoding'] !== undefined)
    throw ImageioError('IMAGEIO_REQUEST_INVALID', { text: 'Content-Length header is required' });
  const route = await findRoute(target.route?.id ?? '', exchange, target, parts.routes);
  connection.setInactivity(route.inactivity_s);
  const upstream = upstreamOf(exchange, route, parts);
  const length = request.headers['content-length'] === undefined ? 0 : parseContentLength(request.headers['content-length']);
  const headers = { ...forwardedRequest(request.headers, upstream.host), ...(exchange.expectsContinue && { expect: '100-continue' }) };
  const call = { method: request.method ?? '', path: request.url ?? '', headers, signal: connection.signal };
  const { request: onward, answer } = await upstream.begin(call);
  try {
    await sendBody(exchange, onward, answer, length);
    await passAnswer(exchange, await answer, target);
  } catch (error) {
    onward.destroy();
    if (connection.signal.aborted || error instanceof Error === false) throw error;
    throw 'code' in error && String(error.code).startsWith('IMAGE') ? error : ImageError('IMAGE_PROXY_UNREACHABLE', {}, { cause: error });
  }
}

async function findRoute(id: string, { request, response }: Exchange, target: Target, routes: Routes): Promise<RouteRow> {
  if (target.route?.name === 'image') allowOrigin(request, response, request.method === 'OPTIONS' ? 'OPTIONS,GET,PUT' : '*');
  const route = TICKET_ID.test(id) ? await routes.findByTicket(id) : undefined;
  if (!route) throw ImageError('IMAGE_TICKET_FORBIDDEN', { why: texts.noSuchTicket(id) });
  return route;
}

function upstreamOf({ connection }: Exchange, route: RouteRow, parts: ProxyFaceParts): Upstream {
  const key = route.data_url;
  const known = connection.holdings.get(key);
  if (known instanceof Upstream) return known;
  const upstream = new Upstream(route, parts.ca());
  connection.holdings.set(key, upstream);
  return upstream;
}

/** Streams the body on; an answer that comes first is a refusal, and ends the sending. Throws `IMAGE_BODY_CUT`. */
async function sendBody(exchange: Exchange, onward: ClientRequest, answer: Promise<IncomingMessage>, length: number): Promise<void> {
  const { request, response, connection, expectsContinue } = exchange;
  if (length === 0) {
    onward.end();
    return;
  }
  // The host may refuse by the head alone, before anything of the body has come.
  onward.flushHeaders();
  const sending = { over: false };
  const over = answer.then(
    () => stop(sending, connection.body),
    () => stop(sending, connection.body),
  );
  if (expectsContinue) {
    await Promise.race([event(onward, 'continue'), over]);
    if (sending.over) return;
    response.writeContinue();
  }
  const body = connection.startBody(request, length);
  for await (const batch of body.batches()) {
    if (sending.over) return;
    if (!writeBatch(onward, batch)) await Promise.race([event(onward, 'drain'), over]);
  }
  if (sending.over) return;
  if (body.failure) throw body.failure;
  onward.end();
}

function stop(sending: { over: boolean }, body: ClientConnection['body']): void {
  sending.over = true;
  body?.fail(new Error('the host has answered'));
}

/** In one piece, as far as the connection is concerned; false asks for a pause. */
function writeBatch(onward: ClientRequest, batch: readonly Buffer[]): boolean {
  onward.cork();
  let more = true;
  for (const piece of batch) more = onward.write(piece);
  onward.uncork();
  return more;
}

function event(emitter: ClientRequest, name: 'continue' | 'drain'): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  emitter.once(name, () => resolve());
  return promise;
}

async function passAnswer(exchange: Exchange, answer: IncomingMessage, target: Target): Promise<void> {
  const { request, response, connection } = exchange;
  const headers = forwardedAnswer(answer);
  const length = Number(request.headers['content-length'] ?? 0);
  if (answer.headers.connection === 'close' || (length > 0 && !connection.body?.consumed)) headers.connection = 'close';
  for (const name of response.getHeaderNames()) if (name in headers || name.startsWith('access-control-')) response.removeHeader(name);
  if (!('connection' in headers)) response.removeHeader('connection');
  if (request.method === 'OPTIONS' && target.route?.name === 'image' && answer.statusCode === 200) {
    const body = Buffer.from(withoutUnixSocket((await readBody(answer, MAX_OPTIONS)).toString('utf8')));
    response.writeHead(200, { ...headers, 'content-length': body.length });
    response.end(body);
    return;
  }
  response.writeHead(answer.statusCode ?? 502, headers);
  // A short body of the host is never ended as if it were whole: both sides are cut.
  await pipeline(answer, response, { signal: connection.signal });
}
