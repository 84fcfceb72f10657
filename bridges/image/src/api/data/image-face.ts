import { texts } from '@fairlead/imageio/codec';
import { ImageError } from '../../errors.ts';
import { prepare, send, VERSION } from '../wire/answer.ts';
import type { Exchange } from '../wire/listener.ts';
import { MAX_REQUEST_LINE } from '../wire/refusals.ts';
import { logFailure, toAnswer } from './face.ts';
import { flushImage } from './flush-image.ts';
import { getExtents } from './get-extents.ts';
import { getImage } from './get-image.ts';
import { type ImageFaceParts, ImageRequest } from './image-request.ts';
import { optionsImage } from './options-image.ts';
import { patchImage } from './patch-image.ts';
import { putImage } from './put-image.ts';
import { METHODS, parseTarget, type Route, type Target } from './route.ts';
import { allowOrigin } from './rules/allow-origin.ts';

type Handler = (request: ImageRequest) => Promise<void>;

/** Each method of each route is a list of steps in a file of its own. */
const handlers: Readonly<Record<Route['name'], Readonly<Record<string, Handler>>>> = {
  extents: { GET: getExtents },
  flush: { POST: flushImage },
  image: { OPTIONS: optionsImage, GET: getImage, PUT: putImage, PATCH: patchImage },
  info: { GET: async ({ response }) => send(response, { status: 200, type: 'json', body: `{"version": "${VERSION}"}\n` }) },
};

/** Answers one request of the data API (imageio 2). */
export async function serveImage(exchange: Exchange, parts: ImageFaceParts): Promise<void> {
  const { request, response, connection } = exchange;
  const method = request.method ?? '';
  const started = performance.now();
  const target = parseTarget(request.url ?? '');
  const image = new ImageRequest(exchange, target, parts);
  prepare(response);
  try {
    await handlerOf(method, request.url ?? '', target, exchange)(image);
  } catch (error) {
    if (!connection.signal.aborted)
      logFailure(parts.log, error, { method, route: target.route?.name, transfer: image.ticket?.grant.transferId });
    refuse(exchange, error);
  }
  const facts = { method, route: target.route?.name, transfer: image.ticket?.grant.transferId, status: response.statusCode };
  parts.log.debug({ ...facts, ms: Math.round(performance.now() - started), bytes: image.range.length }, 'request');
}

/** When the answer has begun, only the end of the connection can tell that it is incomplete (imageio 2.4). */
function refuse({ request, response, connection }: Exchange, error: unknown): void {
  if (response.headersSent) return void connection.socket.destroy();
  const announced = Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined;
  const answer = toAnswer(error, announced && !connection.body?.consumed);
  const close = answer.close === true || response.getHeader('connection') === 'close';
  send(response, { ...answer, close });
}

function handlerOf(method: string, url: string, target: Target, { request, response }: Exchange): Handler {
  if (method.length + url.length + ' HTTP/1.1 '.length > MAX_REQUEST_LINE) throw ImageError('IMAGE_URI_TOO_LONG');
  const { route, path } = target;
  if (!METHODS.includes(method)) throw ImageError('IMAGE_METHOD', { text: texts.invalidMethod(method) });
  if (!route) throw ImageError('IMAGE_ROUTE_UNKNOWN', { text: texts.noHandler(path) });
  const handler = handlers[route.name][method];
  if (!handler) throw ImageError('IMAGE_METHOD', { text: texts.methodNotDefined(method, path) });
  if (route.name === 'image' || route.name === 'info') allowOrigin(request, response, method === 'OPTIONS' ? 'OPTIONS,GET,PUT' : '*');
  return handler;
}
