import { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CceError } from '../errors.ts';
import { formatAnswer } from '../map/answer.ts';
import { formatFailure } from '../map/failure.ts';
import { readRequest } from '../map/request.ts';
import type { Call, CommandParts } from '../service/commands/call.ts';
import { runCommand } from '../service/commands/run.ts';
import type { ApiCaller } from '../service/security/gatekeeper.ts';
import { CommandLog, type Observation } from './command-log.ts';
import { isCompanion, registerCompanions } from './companions.ts';
import { deadlineFor, ranOut } from './deadline.ts';
import { headerOf } from './header.ts';
import type { FaceSettings } from './settings.ts';

/** Everything that commands stand on, and who calls. */
export interface CceFaceOptions {
  readonly parts: CommandParts;
  readonly settings: FaceSettings;
  readonly log: Log;
  /** Who calls (cce 7.1). Throws `CCE_FORBIDDEN` for an address of a trusted proxy that is none. */
  readonly callerOf: (request: { readonly peer: string; readonly headers: FastifyRequest['headers'] }) => ApiCaller;
  /** Ends with the gateway. */
  readonly stopping: AbortSignal;
  /** One call for each command: for the instruments. */
  readonly observe?: ((observation: Observation) => void) | undefined;
}

const PATH = '/v2/cce';

/** The JSON API on a listener of its own (cce 5.1). */
export class CceFace {
  readonly #options: CceFaceOptions;
  readonly #log: CommandLog;
  readonly #callers = new WeakMap<FastifyRequest, ApiCaller>();

  constructor(options: CceFaceOptions) {
    this.#options = options;
    this.#log = new CommandLog(options.log, options.observe);
  }

  async register(app: FastifyInstance): Promise<void> {
    const { settings } = this.#options;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: settings.maxBody }, (_request, body, done) => done(null, body));
    app.addHook('onRequest', (request) => this.#admit(request));
    app.setErrorHandler((error, request, reply) => this.#refuse(request, reply, error));
    app.setNotFoundHandler((request, reply) => this.#refuse(request, reply, CceError('CCE_PATH_NOT_FOUND')));
    app.post(PATH, (request, reply) => this.#answer(request, reply));
    app.get(PATH, (request, reply) => this.#redirect(request, reply));
    app.route({
      method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: PATH,
      handler: (request, reply) => this.#refuse(request, reply.header('allow', 'POST'), CceError('CCE_METHOD_NOT_ALLOWED')),
    });
    registerCompanions(app, { ...this.#options, callerOf: (request) => this.#callerOf(request) });
  }

  /** Steps 1 and 2 of cce 7.2, before anything of the body is read. What the body is does not depend on what its header says (cce 5.1). */
  async #admit(request: FastifyRequest): Promise<void> {
    if (request.headers['content-type'] !== undefined) request.raw.headers['content-type'] = 'application/octet-stream';
    const caller = this.#options.callerOf({ peer: request.socket.remoteAddress ?? '', headers: request.headers });
    this.#callers.set(request, caller);
    if (!isCompanion(request.routeOptions.url)) await this.#options.parts.gatekeeper.admit(caller);
  }

  #callerOf(request: FastifyRequest): ApiCaller {
    const caller = this.#callers.get(request);
    if (caller === undefined) throw CceError('CCE_FORBIDDEN');
    return caller;
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const begun = this.#log.begin(this.#callerOf(request));
    try {
      const call = await this.#callOf(request, reply, begun);
      const answer = await runCommand(call);
      const { http, body } = formatAnswer(answer, this.#options.settings);
      begun.ended({ status: answer.status, message: answer.message });
      return reply.code(http).header('content-type', 'application/json').header('cache-control', 'no-store').send(body);
    } catch (error) {
      const own = this.#options.stopping.aborted ? stoppingError(error) : ownError(error);
      begun.ended({ status: own.status, message: own.publicText });
      return this.#refuse(request, reply, own);
    }
  }

  /** Steps 3 to 8 of cce 7.2. */
  async #callOf(request: FastifyRequest, reply: FastifyReply, begun: ReturnType<CommandLog['begin']>): Promise<Call> {
    const { parts, stopping } = this.#options;
    const caller = this.#callerOf(request);
    const understood = readRequest(bodyText(request.body), { arrays: ['1', 'true'].includes(headerOf(request, 'x-cce-arrays') ?? '') });
    begun.understood(understood);
    const admission = await parts.gatekeeper.authorize(caller, { verb: understood.verb, ...understood.credentials });
    begun.admitted(admission);
    const signal = deadlineFor(understood.verb, reply, stopping);
    return { request: understood, caller, admission, parts, signal, idempotencyKey: headerOf(request, 'idempotency-key') };
  }

  async #redirect(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { loginRedirect } = this.#options.settings;
    if (loginRedirect !== undefined) return reply.redirect(loginRedirect, 302);
    return this.#refuse(request, reply.header('allow', 'POST'), CceError('CCE_METHOD_NOT_ALLOWED'));
  }

  #refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
    const own = ownError(error);
    if (own.blame === 'gateway') this.#options.log.error({ err: own.cause ?? own }, 'request failed');
    if (own.blame === 'upstream') this.#options.log.warn({ code: own.code }, own.publicText);
    const { contentType, body } = formatFailure(own, { accept: request.headers.accept, errorFormat: this.#options.settings.errorFormat });
    if (own.retryAfterS !== undefined) reply.header('retry-after', String(Math.ceil(own.retryAfterS)));
    return reply.code(own.status).header('content-type', contentType).header('cache-control', 'no-store').send(body);
  }
}

/** A command that was cut off by the end of the gateway; its own refusals stay as they are. */
function stoppingError(cause: unknown): GatewayError {
  return cause instanceof GatewayError ? cause : CceError('CCE_BACKEND_UNREACHABLE', { reason: 'the gateway is stopping' }, { cause });
}

function bodyText(body: unknown): string {
  return Buffer.isBuffer(body) ? body.toString('utf8') : '';
}

/** What Fastify throws before there is a command, what took too long, and everything else. */
function ownError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (ranOut(error)) return CceError('CCE_BACKEND_TIMEOUT', {}, { cause: error });
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return CceError('CCE_BODY_TOO_LARGE');
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 500 ? CceError('CCE_BODY_INVALID', {}, { cause: error }) : GatewayError.from(error);
}
