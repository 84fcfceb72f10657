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
  readonly outcome: Omit<Outcome, 'answer'> & {
    readonly status: number;
    readonly responseId?: string | undefined;
    /** Who of Acronis has signed for it. */
    readonly subject?: string | undefined;
    /** It was let in without a request token. */
    readonly isUnsigned?: boolean;
  };
}

export interface CallbackFaceOptions {
  readonly paths: readonly string[];
  readonly maxBody: number;
  readonly admission: Admission;
  readonly pipeline: Pipeline;
  readonly log: Log;
  /** The whole of a call; 30 s when absent. */
  readonly callMs?: number | undefined;
  readonly observe: (observed: Observed) => Promise<void>;
}

/** What is answered with 405 beside other faces, where nobody else may say so. */
const OTHER_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const BODY_HEADERS = ['authorization', 'x-cyberapp-auth', 'x-cyberapp-extra', 'content-type'];
const CALL_MS = 30_000;
const RETRY_S = 5;
/** Names of versions that are told once each. */
const MOST_DRIFTED = 100;
/** After these nothing more of the connection is read. */
const HANG_UP: ReadonlySet<Step> = new Set(['address', 'size']);

/** `POST /callback` and the index, and nothing else: the one face that is meant for the internet (cyberapp 2.1). */
export class CallbackFace {
  readonly #options: CallbackFaceOptions;
  readonly #crowd = new Crowd();
  readonly #drifted = new Set<string>();
  readonly #tokens = new WeakMap<FastifyRequest, RequestToken | undefined>();

  constructor(options: CallbackFaceOptions) {
    this.#options = options;
  }

  /** With `index` the face has a listener of its own: `GET /` and unknown paths are its too. Beside other faces it has only its paths. */
  async register(app: FastifyInstance, { index }: { readonly index: boolean }): Promise<void> {
    const { paths, maxBody } = this.#options;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBody }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error, request, reply) => this.#refuse(request, reply, error));
    const line = `Fairlead. Acronis sends callbacks to POST ${paths.join(', ')}.\n`;
    if (index) app.get('/', (_request, reply) => reply.type('text/plain; charset=utf-8').send(line));
    if (index) app.setNotFoundHandler((request, reply) => this.#none(request, reply));
    for (const url of paths) {
      if (!index) app.route({ method: [...OTHER_METHODS], url, handler: (request, reply) => this.#none(request, reply) });
      app.post(url, { onRequest: (request, reply) => this.#admit(request, reply) }, (request, reply) => this.#answer(request, reply));
    }
  }

  /** Steps 2 to 4 of cyberapp 2.11, before anything of the body is read. */
  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const leave = this.#crowd.enter(request.ip);
    reply.raw.once('close', leave);
    const { headers, rawHeaders } = request.raw;
    const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    const token = await this.#options.admission.admit({
      address: request.ip,
      contentType: headers['content-type'],
      authorization: headers.authorization,
      length: Number(headers['content-length'] ?? 0),
      headers: names.length,
      repeated: BODY_HEADERS.some((name) => names.filter((one) => one === name).length > 1),
    });
    this.#tokens.set(request, token);
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const token = this.#tokens.get(request);
    const running = this.#options.pipeline.run(admitted(request, token));
    const { answer, ...rest } = await this.#inTime(running, (this.#options.callMs ?? CALL_MS) - reply.elapsedTime);
    // What goes on after its time ends with a record too: its effect may have come about.
    if (rest.refusedAt === 'deadline') void running.then((late) => this.#record(request, reply, late, token));
    await this.#record(request, reply, { ...rest, answer }, token);
    return send(reply, answer);
  }

  async #record(
    request: FastifyRequest,
    reply: FastifyReply,
    { answer, ...rest }: Outcome,
    token: RequestToken | undefined,
  ): Promise<void> {
    this.#tellDrift(rest.drifted);
    if (rest.facts.cut_to !== undefined)
      this.#options.log.warn({ ...rest.facts }, 'an organization has more customers than an answer has room for');
    await this.#observe(request, reply, {
      ...rest,
      subject: token?.subject,
      isUnsigned: token === undefined,
      status: answer.status,
      responseId: answer.responseId,
    });
  }

  /** The outcome, or at the end of the time of a call a refusal that asks to come again: a repeated write gets the truth then. */
  async #inTime(running: Promise<Outcome>, leftMs: number): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const error = CyberappError('CYBERAPP_UNAVAILABLE', {}, { retryAfterS: RETRY_S });
    const late = () => resolve({ answer: refusal(error, undefined), replayed: false, facts: {}, refusedAt: 'deadline', error });
    const timer = setTimeout(late, Math.max(0, leftMs));
    try {
      return await Promise.race([running, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #tellDrift(id: string | undefined): void {
    if (id === undefined || this.#drifted.has(id) || this.#drifted.size >= MOST_DRIFTED) return;
    this.#drifted.add(id);
    this.#options.log.info({ callback_id: id }, 'Acronis calls another minor version of a callback; it is answered as the registered one');
  }

  async #refuse(request: FastifyRequest, reply: FastifyReply, thrown: unknown): Promise<FastifyReply> {
    const refused = thrown instanceof Refused ? thrown : refusedByKit(thrown);
    const error = answerable(refused.cause);
    const answer = refusal(error, undefined);
    const { step: refusedAt, reason } = refused;
    await this.#observe(request, reply, {
      replayed: false,
      facts: {},
      refusedAt,
      reason,
      error,
      status: answer.status,
      responseId: answer.responseId,
    });
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
    this.#tell(outcome.error, outcome.responseId);
    await this.#options.observe({ address: request.ip, seconds: reply.elapsedTime / 1000, outcome });
  }

  #tell(error: GatewayError | undefined, responseId: string | undefined): void {
    const { log } = this.#options;
    if (error?.blame === 'gateway' && error.status >= 500)
      log.error({ err: error.cause ?? error, response_id: responseId }, 'a callback has failed');
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
