import { MAX_BODY_BYTES } from '@fairlead/ovirt/codec';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OvirtError } from '../errors.ts';
import type { Parts } from '../service/parts.ts';
import { answerApi } from './api-calls.ts';
import { answerError, ownError } from './fault.ts';
import { answerLogout } from './logout.ts';
import { answerPlain, type PlainRoute } from './plain-calls.ts';
import { type Incoming, readIncoming, segmentsOf, withoutLastSlashes } from './request.ts';
import type { Route } from './route.ts';
import { RouteTable } from './routing.ts';
import type { Sent } from './sent.ts';
import { templateOf } from './template.ts';

export interface FaceOptions {
  readonly parts: Parts;
  /** Base path without a slash at its end: `/ovirt-engine`. */
  readonly base: string;
  readonly routes: readonly Route[];
  readonly plain: readonly PlainRoute[];
  /** Ends with the gateway. */
  readonly stopping: AbortSignal;
}

const LOGOUT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
const READ_DEADLINE_MS = 120_000;
/** Creating a VM follows jobs of CloudStack to their end (ovirt 10.2). */
const WRITE_DEADLINE_MS = 20 * 60_000;

/** The oVirt face on a listener: everything below the base path, and `/ca.crt`. */
export class OvirtFace {
  readonly #options: FaceOptions;
  readonly #routes: RouteTable;

  constructor(options: FaceOptions) {
    this.#options = options;
    this.#routes = new RouteTable(options.routes);
  }

  get prefixes(): readonly string[] {
    return [this.#options.base, '/ca.crt'];
  }

  /** Under which path a request is counted. */
  routeOf(method: string, url: string): string {
    const { base, plain } = this.#options;
    return templateOf(method, url, { base, plain, routes: this.#routes });
  }

  async register(app: FastifyInstance): Promise<void> {
    const { base } = this.#options;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) => done(null, body));
    // What a body is, its first byte says (ovirt 2.2): a header that cannot be parsed must not end the request.
    app.addHook('onRequest', async (request) => {
      const said = request.raw.headers['content-type'];
      if (said !== undefined) request.raw.headers['content-type'] = 'application/octet-stream';
      saidTypes.set(request, said);
    });
    app.setErrorHandler((error, request, reply) => this.#send(request, reply, this.#frameworkFailure(error, request)));
    for (const path of [base, `${base}/*`, '/ca.crt']) app.all(path, (request, reply) => this.#answer(request, reply));
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const incoming = readIncoming(request, saidTypes.get(request));
    const sent = await this.#route(incoming, this.#signalFor(request, reply));
    return this.#send(request, reply, sent, incoming.correlationId);
  }

  #route(incoming: Incoming, signal: AbortSignal): Promise<Sent> {
    const { parts, base, plain } = this.#options;
    const below = incoming.path.startsWith(`${base}/`) ? incoming.path.slice(base.length) : incoming.path;
    const api = /^\/api(?=\/|$)/.exec(below);
    if (incoming.path !== '/ca.crt' && api !== null) {
      const segments = withoutVersion(segmentsOf(below.slice('/api'.length)));
      const isLogout = segments?.length === 1 && segments[0]?.toLowerCase() === 'logout' && LOGOUT_METHODS.has(incoming.method);
      if (isLogout) return answerLogout(parts, incoming, `${base}/api`);
      return answerApi({ parts, routes: this.#routes, cookiePath: `${base}/api` }, { incoming, segments, signal });
    }
    return answerPlain({ parts, routes: plain }, { incoming, path: withoutLastSlashes(below), signal });
  }

  /** A body over the limit, a broken connection: what Fastify throws before there is a call. */
  #frameworkFailure(error: unknown, request: FastifyRequest): Sent {
    const incoming = readIncoming(request, undefined);
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    const own =
      code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? OvirtError('OVIRT_BODY_TOO_LARGE', { limit: MAX_BODY_BYTES }) : frameworkError(error);
    if (own.blame === 'gateway') this.#options.parts.context.log.error({ err: own }, 'request failed');
    const face = { format: incoming.accepted?.format ?? 'xml', isAction: false, isHtml: false, isBearer: false } as const;
    return { status: own.status, ...answerError(own, face) };
  }

  /** Reading ends when its caller has left; what changes something goes on, because CloudStack does too. */
  #signalFor(request: FastifyRequest, reply: FastifyReply): AbortSignal {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const deadline = AbortSignal.timeout(isReading ? READ_DEADLINE_MS : WRITE_DEADLINE_MS);
    const left = new AbortController();
    if (isReading) reply.raw.once('close', () => reply.raw.writableFinished || left.abort(new Error('the caller has left')));
    return AbortSignal.any([deadline, left.signal, this.#options.stopping]);
  }

  #send(_request: FastifyRequest, reply: FastifyReply, sent: Sent, correlationId?: string): FastifyReply {
    reply.code(sent.status).header('content-type', sent.contentType).header('cache-control', 'no-cache, no-store');
    if (correlationId !== undefined) reply.header('correlation-id', correlationId);
    for (const [name, value] of Object.entries(sent.headers)) reply.header(name, value);
    return reply.send(typeof sent.body === 'string' ? Buffer.from(sent.body) : sent.body);
  }
}

/** What the caller said his body is, before we made Fastify take any. */
const saidTypes = new WeakMap<FastifyRequest, string | undefined>();

/** Clients may name the version in the path (ovirt 2.1). */
function withoutVersion(segments: readonly string[] | undefined): readonly string[] | undefined {
  return segments?.[0] === 'v4' ? segments.slice(1) : segments;
}

/** Fastify's own refusals of a request say 4xx. */
function frameworkError(error: unknown): ReturnType<typeof ownError> {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  const isCallers = status >= 400 && status < 500;
  return isCallers ? OvirtError('OVIRT_BAD_REQUEST', { text: 'The request cannot be read' }, { cause: error }) : ownError(error);
}
