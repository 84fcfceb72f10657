import type { RequestToken } from '@fairlead/acronis';
import { ANSWER_HEADERS } from '@fairlead/acronis/codec';
import type { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CyberappError } from '../errors.ts';
import { type Answer, answerable, refusal } from './answers.ts';
import type { AdmittedRequest, Outcome, Pipeline } from './pipeline.ts';
import type { Admission } from './rules/admission.ts';
import { Crowd } from './rules/crowd.ts';
import { Refused, type Step } from './rules/step.ts';

/** What became of a call, for audit and metrics. */
export interface Observed {
  readonly address: string;
  readonly seconds: number;
  readonly outcome: Omit<Outcome, 'answer'> & { readonly status: number };
}

export interface CallbackFaceOptions {
  readonly paths: readonly string[];
  readonly maxBody: number;
  readonly admission: Admission;
  readonly pipeline: Pipeline;
  readonly log: Log;
  readonly observe: (observed: Observed) => Promise<void>;
}

const BODY_HEADERS = ['authorization', 'x-cyberapp-auth', 'x-cyberapp-extra', 'content-type'];
/** After these nothing more of the connection is read. */
const HANG_UP: ReadonlySet<Step> = new Set(['address', 'size']);

/** `POST /callback` and the index, and nothing else: the one face that is meant for the internet (cyberapp 2.1). */
export class CallbackFace {
  readonly #options: CallbackFaceOptions;
  readonly #crowd = new Crowd();
  readonly #tokens = new WeakMap<FastifyRequest, RequestToken | undefined>();

  constructor(options: CallbackFaceOptions) {
    this.#options = options;
  }

  /** With `index` the face has a listener of its own: `GET /` and unknown paths are its too. */
  async register(app: FastifyInstance, { index }: { readonly index: boolean }): Promise<void> {
    const { paths, maxBody } = this.#options;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBody }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error, request, reply) => this.#refuse(request, reply, error));
    app.setNotFoundHandler((request, reply) => this.#none(request, reply));
    const line = `Fairlead. Acronis sends callbacks to POST ${paths.join(', ')}.\n`;
    if (index) app.get('/', (_request, reply) => reply.type('text/plain; charset=utf-8').send(line));
    for (const url of paths) {
      app.post(url, { onRequest: (request, reply) => this.#admit(request, reply) }, (request, reply) => this.#answer(request, reply));
    }
  }

  /** Steps 2 to 4 of cyberapp 2.11, before anything of the body is read. */
  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const leave = this.#crowd.enter(request.ip);
    reply.raw.once('close', leave);
    const { headers, rawHeaders } = request.raw;
    // Whoever it is: what is longer than any callback is not read.
    if (Number(headers['content-length'] ?? 0) > this.#options.maxBody) throw new Refused('size', CyberappError('CYBERAPP_TOO_LARGE'));
    const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    const token = await this.#options.admission.admit({
      address: request.ip,
      contentType: headers['content-type'],
      authorization: headers.authorization,
      repeated: BODY_HEADERS.some((name) => names.filter((one) => one === name).length > 1),
    });
    this.#tokens.set(request, token);
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const outcome = await this.#options.pipeline.run(admitted(request, this.#tokens.get(request)));
    const { answer, ...rest } = outcome;
    await this.#observe(request, reply, { ...rest, status: answer.status });
    return send(reply, answer);
  }

  async #refuse(request: FastifyRequest, reply: FastifyReply, thrown: unknown): Promise<FastifyReply> {
    const refused = thrown instanceof Refused ? thrown : refusedByKit(thrown);
    const error = answerable(refused.cause);
    const answer = refusal(error, undefined);
    const { step: refusedAt, reason } = refused;
    await this.#observe(request, reply, { replayed: false, facts: {}, refusedAt, reason, error, status: answer.status });
    if (HANG_UP.has(refusedAt)) reply.header('connection', 'close');
    return send(reply, answer);
  }

  #none(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = request.url.replace(/\?.*$/s, '');
    const allowed = path === '/' ? 'GET' : 'POST';
    if (path !== '/' && !this.#options.paths.includes(path)) return send(reply, refusal(CyberappError('CYBERAPP_PATH_UNKNOWN'), undefined));
    return send(reply.header('allow', allowed), refusal(CyberappError('CYBERAPP_METHOD_REFUSED', { allowed }), undefined));
  }

  async #observe(request: FastifyRequest, reply: FastifyReply, outcome: Observed['outcome']): Promise<void> {
    this.#tell(outcome.error);
    await this.#options.observe({ address: request.ip, seconds: reply.elapsedTime / 1000, outcome });
  }

  #tell(error: GatewayError | undefined): void {
    const { log } = this.#options;
    if (error?.blame === 'gateway') log.error({ err: error.cause ?? error }, 'a callback has failed');
    if (error?.blame === 'upstream') log.warn({ code: error.code }, error.publicText);
  }
}

function admitted(request: FastifyRequest, token: RequestToken | undefined): AdmittedRequest {
  const text = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { token, body, credentials: text('x-cyberapp-auth'), extra: text('x-cyberapp-extra') };
}

function send(reply: FastifyReply, { status, body, retryAfterS }: Answer): FastifyReply {
  if (retryAfterS !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterS)));
  return reply.code(status).headers(ANSWER_HEADERS).send(body);
}

/** What the HTTP kit throws before there is a call. */
function refusedByKit(error: unknown): Refused {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Refused('size', CyberappError('CYBERAPP_TOO_LARGE'));
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  const isCallers = status >= 400 && status < 500;
  return isCallers
    ? new Refused('body', CyberappError('CYBERAPP_MALFORMED', { reason: 'The request cannot be read.' }, { cause: error }))
    : new Refused('internal', error);
}
