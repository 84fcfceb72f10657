import { buildRequest } from '../codec/build-request.ts';
import type { BuiltRequest, CallSettings } from '../codec/call.ts';
import { decodeJson } from '../codec/json.ts';
import { redactUrl } from '../codec/redact.ts';
import { Secret } from '../config/secret.ts';
import type { Authentication, Settings } from '../config/settings.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { type Answered, errorOf, invalidResponse } from '../errors/classify.ts';
import { ConfigurationError, InvalidCallError } from '../errors/errors.ts';
import { textOf } from '../transport/text.ts';
import type { WireAnswer, WireBody, WireTimeouts } from '../transport/transport.ts';
import { RouteAdvice } from './advice.ts';
import { type Grant, grantFor, unsigned } from './authorizer.ts';
import { retryPolicy } from './backoff.ts';
import type { Engine, Passage, Plan, RunOptions } from './engine.ts';
import { oauth2Tokens } from './oauth2.ts';
import type { CallOptions, ClientOptions, OvhResponse, Pagination, Timeouts } from './options.ts';
import { endedBy } from './raw-body.ts';
import { ServerClock } from './server-clock.ts';
import { spanMs } from './span.ts';
import { fixedToken, providedTokens, type TokenSource } from './token-source.ts';
import { userAgentOf } from './version.ts';

const DEFAULT_TIMEOUTS: WireTimeouts = { connect: 10_000, headers: 180_000, body: 180_000 };

/** An answer of any status, its body not yet read. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly queryId: string | undefined;
  readonly url: string;
  /** Decompressed, ended by the call's signal and by the timeout `body`, not by that in total. Must be read or destroyed. */
  readonly body: WireBody;
}

interface Sent {
  readonly answer: WireAnswer;
  readonly passage: Passage;
  readonly signal: AbortSignal;
}

/** Calls of one endpoint with one identity: builds, authenticates, sends through the engine, and reads. */
export class Caller {
  readonly serverClock: ServerClock;
  readonly #options: ClientOptions;
  readonly #endpoint: Endpoint;
  readonly #engine: Engine;
  readonly #settings: CallSettings;
  readonly #tokens: TokenSource | undefined;
  readonly #advice: RouteAdvice | undefined;
  #auth: Authentication;
  /** Of calls that say nothing about it. */
  readonly #ordinary: RunOptions;

  constructor(options: ClientOptions, settings: Settings, engine: Engine) {
    this.#options = options;
    this.#endpoint = settings.endpoint;
    this.#engine = engine;
    this.#auth = settings.auth;
    this.#settings = {
      baseUrl: settings.endpoint.baseUrl,
      asciiJson: options.asciiJson,
      headers: settings.headers,
      userAgent: userAgentOf(options.userAgent),
      schemaVersion: options.schemaVersion,
    };
    this.#ordinary = this.#runOptions({});
    this.#tokens = this.#tokenSource();
    const { metadata } = options;
    this.#advice = metadata && new RouteAdvice(metadata, (message) => engine.warn(message));
    this.serverClock = new ServerClock({
      clock: engine.clock,
      fetchTime: (signal) => this.#timeAnswer({ signal }),
      timeDelta: options.timeDelta ?? options.apiTimeDiff,
      timeSync: options.timeSync,
      timeTtlMs: options.timeTtl,
    });
  }

  /** The consumer key in use; undefined where there is none, or the identity is of another kind. */
  get consumerKey(): Secret | undefined {
    return this.#auth.method === 'application' ? this.#auth.consumerKey : undefined;
  }

  /** Throws InvalidCallError for an identity that has no consumer keys. */
  useConsumerKey(consumerKey: string): void {
    if (this.#auth.method !== 'application') throw new InvalidCallError('only an application key has consumer keys');
    this.#auth = { ...this.#auth, consumerKey: new Secret(consumerKey) };
  }

  /** How `auto` expands a list: by the API where that is known to be able to. */
  expansionOf(path: string): 'server' | 'parallel' {
    return this.#advice?.factsOf('GET', path)?.expandable === true ? 'server' : 'parallel';
  }

  /** The server's Unix time in seconds, asked without identity. */
  async time(options: Pick<CallOptions, 'signal' | 'timeout'> = {}): Promise<number> {
    return (await this.#timeAnswer(options)).data;
  }

  #timeAnswer(options: Pick<CallOptions, 'signal' | 'timeout'>): Promise<OvhResponse<number>> {
    // A base of v2 has no /auth.
    const path = this.#settings.baseUrl.endsWith('/v2') ? '/1.0/auth/time' : '/auth/time';
    return this.call<number>('GET', path, { ...options, auth: false });
  }

  /** Throws every error of spec 5.2. */
  call<T>(method: string, path: string, options: CallOptions = {}): Promise<OvhResponse<T>> {
    return this.#run(method, path, options, (sent) => this.#read<T>(sent));
  }

  /** The answer as it is, whatever its status; only what never arrived is sent again. */
  raw(method: string, path: string, options: CallOptions = {}): Promise<RawResponse> {
    return this.#run(method, path, options, async ({ answer, passage }) => ({
      status: answer.status,
      headers: answer.headers,
      queryId: answer.headers['x-ovh-queryid'],
      url: passage.request.url,
      body: endedBy(answer.body, options.signal),
    }));
  }

  async #run<T>(method: string, path: string, options: CallOptions, read: (sent: Sent) => Promise<T>): Promise<T> {
    const { path: variables, query, body, rawBody, headers, auth } = options;
    const built = buildRequest({ method, path, variables, query, body, rawBody, headers }, this.#settings);
    this.#advice?.look({ method, path, authenticated: auth !== false && this.#isSomebody() });
    let grant: Grant | undefined;
    const plan: Plan<T> = {
      method: built.method,
      idempotent: options.idempotent,
      ready: async (signal) => {
        grant = auth === false ? unsigned(this.#auth) : await this.#grant(built, signal);
        const { apply } = grant;
        return () => apply(built);
      },
      read: (answer, passage, signal) => read({ answer, passage, signal }),
      mend: (error) => grant?.mend(error),
    };
    return this.#engine.run(plan, isOrdinary(options) ? this.#ordinary : this.#runOptions(options));
  }

  #isSomebody(): boolean {
    const auth = this.#auth;
    return auth.method === 'application' ? auth.consumerKey !== undefined : auth.method !== 'none';
  }

  #grant(built: BuiltRequest, signal: AbortSignal): Promise<Grant> {
    return grantFor(this.#auth, built, { serverClock: this.serverClock, tokens: this.#tokens, endpoint: this.#endpoint }, signal);
  }

  async #read<T>({ answer, passage, signal }: Sent): Promise<OvhResponse<T>> {
    const { status, headers } = answer;
    const bodyText = await textOf(answer.body, signal);
    const { url } = passage.request;
    if (status < 200 || status > 299) throw errorOf(this.#answered(answer, bodyText, passage));
    return {
      data: this.#decoded(answer, bodyText, passage) as T,
      status,
      headers,
      queryId: headers['x-ovh-queryid'],
      pagination: paginationOf(headers),
      url,
      durationMs: passage.durationMs,
      attempts: passage.attempts,
    };
  }

  /** Nothing is `null`, whatever the status: the API answers an empty 200 sometimes (spec 3.11). */
  #decoded(answer: WireAnswer, bodyText: string, passage: Passage): unknown {
    if (bodyText.trim() === '') return null;
    try {
      return decodeJson(bodyText, this.#options.bigints);
    } catch {
      throw invalidResponse(this.#answered(answer, bodyText, passage));
    }
  }

  #answered(answer: WireAnswer, bodyText: string, passage: Passage): Answered {
    const { status, headers } = answer;
    const url = redactUrl(passage.request.url);
    const base = this.#settings.baseUrl;
    const below = url.startsWith(`${base}/`) ? url.slice(base.length) : url.slice(new URL(url).origin.length);
    const path = below.replace(/\?.*$/s, '');
    const { method } = passage.request;
    const secrets = this.#options.metadata?.secrets;
    const now = this.#engine.clock.now();
    const sentSecrets = secretsIn(passage.request.headers);
    return { status, headers, bodyText, method, path, url, durationMs: passage.durationMs, now, secrets, sentSecrets };
  }

  #runOptions(call: Pick<CallOptions, 'signal' | 'timeout' | 'timeouts' | 'retry'>): RunOptions {
    const retry = call.retry === false || this.#options.retry === false ? (call.retry ?? false) : { ...this.#options.retry, ...call.retry };
    const general = this.#options.timeouts;
    return {
      signal: call.signal,
      timeouts: wireTimeouts(general, call.timeouts),
      total: spanOf('total', call.timeout ?? call.timeouts?.total, this.#options.timeout ?? general?.total),
      policy: retryPolicy(retry),
    };
  }

  #tokenSource(): TokenSource | undefined {
    const auth = this.#auth;
    const { clock } = this.#engine;
    if (auth.method === 'token') {
      return auth.accessToken instanceof Secret ? fixedToken(auth.accessToken.reveal()) : providedTokens(auth.accessToken, clock);
    }
    if (auth.method !== 'oauth2') return undefined;
    const { timeouts, total, policy } = this.#ordinary;
    return oauth2Tokens(
      {
        tokenUrl: auth.tokenUrl,
        clientId: auth.clientId.reveal(),
        clientSecret: auth.clientSecret.reveal(),
        userAgent: userAgentOf(this.#options.userAgent),
        store: this.#options.tokenStore,
        run: { timeouts, total, policy },
      },
      this.#engine,
    );
  }
}

function secretsIn(headers: Readonly<Record<string, string>>): string[] {
  const { Authorization: bearer, 'X-Ovh-Consumer': consumerKey, 'X-Ovh-Signature': signature } = headers;
  return [bearer?.replace(/^Bearer /, ''), consumerKey, signature].filter((secret) => secret !== undefined);
}

function isOrdinary({ signal, timeout, timeouts, retry }: CallOptions): boolean {
  return signal === undefined && timeout === undefined && timeouts === undefined && retry === undefined;
}

function wireTimeouts(general: Timeouts | undefined, own: Timeouts | undefined): WireTimeouts {
  return {
    connect: spanOf('connect', own?.connect, general?.connect) ?? DEFAULT_TIMEOUTS.connect,
    headers: spanOf('headers', own?.headers, general?.headers) ?? DEFAULT_TIMEOUTS.headers,
    body: spanOf('body', own?.body, general?.body) ?? DEFAULT_TIMEOUTS.body,
  };
}

function spanOf(name: keyof Timeouts, own: number | undefined, general: number | undefined): number | undefined {
  return spanMs(own, `the timeout ${name}`, InvalidCallError) ?? spanMs(general, `the option timeouts.${name}`, ConfigurationError);
}

function paginationOf(headers: Readonly<Record<string, string>>): Pagination {
  const elements = headers['x-pagination-elements'];
  return {
    cursorNext: headers['x-pagination-cursor-next'] || undefined,
    elements: elements !== undefined && /^\d{1,15}$/.test(elements) ? Number(elements) : undefined,
  };
}
