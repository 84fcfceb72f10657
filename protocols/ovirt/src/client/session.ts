import { Agent } from 'node:https';
import { isObject, parseJson } from '../codec/json-reader.ts';
import { OvirtWireError } from '../errors.ts';
import { CallLimit } from './call-limit.ts';
import { type HttpAnswer, send } from './http.ts';
import { readRefusal } from './refusal.ts';

export interface OvirtClientOptions {
  /** Where the engine is: `https://engine.example/ovirt-engine`, with or without `/api` behind it. */
  readonly url: string;
  /** `user@profile`. */
  readonly username: string;
  readonly password: string;
  /** PEM of the authorities to trust; the system's when absent. */
  readonly ca?: string | undefined;
  /** Milliseconds for a call, its logins included, when it says nothing itself; 60 000. */
  readonly deadlineMs?: number | undefined;
  /** Bytes of an answer; 64 MiB, for lists of very many machines. */
  readonly maxAnswerBytes?: number | undefined;
  /** What is asked for at the login; `ovirt-app-api`. */
  readonly scope?: string | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
  /** Sent along, so that the engine's jobs and log lines can be found again. */
  readonly correlationId?: string | undefined;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api`, with its query. */
  readonly path: string;
  readonly body?: string | undefined;
}

const DEADLINE_MS = 60_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_JSON_DEPTH = 32;
const FORM = 'application/x-www-form-urlencoded';

interface Login {
  readonly login: Promise<string>;
  /** Once it has succeeded. */
  token: string | undefined;
}

/** A login that renews itself: one token, fetched when first needed and once more when it is refused (oVirt 3.1, 3.3). */
export class Session {
  readonly #options: OvirtClientOptions;
  readonly #base: string;
  readonly #agent: Agent;
  #current: Login | undefined;

  constructor(options: OvirtClientOptions) {
    this.#options = options;
    this.#base = baseOf(options.url);
    this.#agent = new Agent({ keepAlive: true, maxSockets: 8, ...(options.ca === undefined ? {} : { ca: options.ca }) });
  }

  /** The answer of a call below `/api` that was accepted. Throws what `send` throws, and the refusal of any other answer. */
  async request(request: ApiRequest, options: CallOptions): Promise<HttpAnswer> {
    const limit = this.#limit(options);
    const token = await limit.wait(this.#login());
    let answer = await this.#authorized(token, request, { options, limit });
    if (answer.status === 401) {
      this.#forget(token);
      answer = await this.#authorized(await limit.wait(this.#login()), request, { options, limit });
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw readRefusal(answer);
  }

  /** Gives the token back to the engine, if there is one; the next call logs in anew. */
  async logout(options: CallOptions): Promise<void> {
    const login = this.#current?.login;
    this.#current = undefined;
    if (login === undefined) return;
    const limit = this.#limit(options);
    const form = new URLSearchParams({ token: await limit.wait(login), scope: this.#scope() });
    const answer = await this.#form('/services/sso-logout', form, limit);
    if (answer.status >= 400) throw readRefusal(answer);
  }

  /** Ends the connections. */
  close(): void {
    this.#agent.destroy();
  }

  /** One login for everybody who needs one now; it has a deadline of its own, because who began it may give up. */
  #login(): Promise<string> {
    if (this.#current !== undefined) return this.#current.login;
    const current: Login = { login: this.#fetchToken(), token: undefined };
    this.#current = current;
    current.login.then(
      (token) => {
        current.token = token;
      },
      () => {
        if (this.#current === current) this.#current = undefined;
      },
    );
    return current.login;
  }

  /** Drops a token that was refused, unless another call has dropped it already. */
  #forget(token: string): void {
    if (this.#current?.token === token) this.#current = undefined;
  }

  async #fetchToken(): Promise<string> {
    const { username, password } = this.#options;
    const form = new URLSearchParams({ grant_type: 'password', username, password, scope: this.#scope() });
    return readToken(await this.#form('/sso/oauth/token', form, this.#limit({})));
  }

  #authorized(
    token: string,
    { method, path, body }: ApiRequest,
    { options, limit }: { options: CallOptions; limit: CallLimit },
  ): Promise<HttpAnswer> {
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: 'application/xml',
      Version: '4',
      ...(body === undefined ? {} : { 'Content-Type': 'application/xml' }),
      ...(options.correlationId === undefined ? {} : { 'Correlation-Id': options.correlationId }),
    };
    return this.#send({ method, path: `/api${path}`, body, headers }, limit);
  }

  #form(path: string, form: URLSearchParams, limit: CallLimit): Promise<HttpAnswer> {
    const headers = { Accept: 'application/json', 'Content-Type': FORM };
    return this.#send({ method: 'POST', path, body: form.toString(), headers }, limit);
  }

  #send(
    request: { method: string; path: string; body: string | undefined; headers: Record<string, string> },
    limit: CallLimit,
  ): Promise<HttpAnswer> {
    return send({
      ...request,
      headers: { ...request.headers, 'User-Agent': 'fairlead' },
      url: new URL(`${this.#base}${request.path}`),
      agent: this.#agent,
      limit,
      maxBytes: this.#options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
    });
  }

  #limit(options: CallOptions): CallLimit {
    return new CallLimit(options.deadlineMs ?? this.#options.deadlineMs ?? DEADLINE_MS, options.signal);
  }

  #scope(): string {
    return this.#options.scope ?? 'ovirt-app-api';
  }
}

/** The engine's address without `/api` and slashes at its end. Throws `OVIRT_WIRE_BAD_VALUE` for what is no https URL. */
export function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' || parsed.search !== '' || parsed.username !== '') {
    throw OvirtWireError('OVIRT_WIRE_BAD_VALUE', { detail: 'The address of an oVirt API is an https URL without query and credentials.' });
  }
  const parts = parsed.pathname.split('/');
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  if (parts.at(-1) === 'api') parts.pop();
  return `${parsed.origin}${parts.join('/')}`;
}

/** The token of an answer, or its refusal in any of the conventions that engines have (oVirt 3.1). */
function readToken(answer: HttpAnswer): string {
  const json = bodyJson(answer);
  const token = json?.access_token;
  if (typeof token === 'string' && token !== '' && json?.error === undefined) return token;
  if (json === undefined || (json.error === undefined && json.detail === undefined)) {
    throw OvirtWireError('OVIRT_WIRE_BAD_ANSWER', { status: answer.status, detail: `status ${answer.status} without a token` });
  }
  const detail = words(json.error_description) ?? words(json.error) ?? words(json.detail) ?? '';
  // Not the credentials: the engine, or what stands behind it, is ill.
  if (answer.status >= 500)
    throw OvirtWireError('OVIRT_WIRE_FAULT', { status: answer.status, reason: 'Login is not possible now', detail });
  throw OvirtWireError('OVIRT_WIRE_LOGIN_REFUSED', { status: answer.status, detail });
}

function bodyJson(answer: HttpAnswer): Readonly<Record<string, unknown>> | undefined {
  try {
    const json = parseJson(answer.body.toString('utf8'), MAX_JSON_DEPTH);
    const first = Array.isArray(json) ? (json[0] as unknown) : json;
    return isObject(first) ? first : undefined;
  } catch {
    return undefined;
  }
}

function words(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 500) : undefined;
}
