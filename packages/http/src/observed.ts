import { callerAddress, type Networks } from '@fairlead/kernel/access';
import type { ListenerPlugin } from '@fairlead/kernel/lifecycle';
import type { Log } from '@fairlead/kernel/log';
import type { Metrics } from '@fairlead/kernel/metrics';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpMetrics } from './metrics.ts';

interface Face {
  readonly label: string;
  readonly routeOf: ListenerPlugin<unknown>['routeOf'];
}

/** Which face answers a request. */
const faces = new WeakMap<FastifyRequest, Face>();

/** `request.ip` of every route that is added afterwards is who is asking (design 12), in its one form. */
export function tellCallers(app: FastifyInstance, trusted: Networks): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const peer = request.raw.socket.remoteAddress ?? '';
    const ip = callerAddress({ peer, forwarded: request.headers['x-forwarded-for'], trusted });
    Object.defineProperty(request, 'ip', { value: ip });
    done();
  });
}

/** Requests to the routes of this scope count for the face. */
export function nameFace(scope: FastifyInstance, { face, routeOf }: Pick<ListenerPlugin<unknown>, 'face' | 'routeOf'>): void {
  const known = { label: face.toLowerCase().replaceAll(/\W+/g, '_').replace(/_$/, ''), routeOf };
  scope.addHook('onRequest', async (request) => {
    faces.set(request, known);
  });
}

/** One log line and one observation for each request. */
export function observeRequests(app: FastifyInstance, log: Log, metrics: Metrics): void {
  const { requests } = metrics.use(httpMetrics);
  app.addHook('onResponse', async (request, reply) => {
    const path = shownPath(request.url);
    const status = reply.statusCode;
    log.info({ method: request.method, path, status, ms: Math.round(reply.elapsedTime), from: request.ip }, 'request');
    const face = faces.get(request);
    const route = face?.routeOf?.(request.method, request.url) ?? request.routeOptions.url ?? 'none';
    requests.observe({ face: face?.label ?? 'main', method: request.method, route, status: String(status) }, reply.elapsedTime / 1000);
  });
}

const LONGEST_PATH = 300;

/** The path alone: queries and matrix parameters may be secrets. */
function shownPath(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .replaceAll(/;[^/]*/g, '')
    .slice(0, LONGEST_PATH);
}
