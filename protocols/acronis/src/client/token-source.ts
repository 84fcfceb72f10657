import { isObject, type JsonObject } from '../codec/read.ts';
import { privateHost, systemResolve } from '../net/public-host.ts';
import type { Attempts, Call } from './attempts.ts';
import type { AcronisClientOptions, ClientCredentials } from './options.ts';
import { type Failure, failureError, withoutSecrets } from './outcome.ts';
import type { ServerTime } from './server-time.ts';
import { decodeBody } from './wire.ts';

interface Token {
  readonly value: string;
  /** By the server's clock, ms since 1970. */
  readonly expiresAt: number;
  readonly lifeMs: number;
  readonly clientId: string;
  /** What no error may hold. */
  readonly secrets: readonly string[];
}

const NO_EXPIRY_S = 3600;
const LEAST_MARGIN_MS = 300_000;
const CALL: Call = {
  name: 'token',
  method: 'POST',
  path: '/bc/idp/token',
  effect: 'repeatable',
  expects: 'json',
  body: 'grant_type=client_credentials',
  contentType: 'application/x-www-form-urlencoded',
};
/** What Acronis answers for credentials that are none (CyberApp 4.2). */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 401, 403]);

/** The access token of one data center: one for all workers, in memory only. */
export class TokenSource {
  readonly #options: AcronisClientOptions;
  readonly #attempts: Attempts;
  readonly #serverTime: ServerTime;
  #token: Token | undefined;
  #flight: Promise<Token> | undefined;

  constructor(options: AcronisClientOptions, attempts: Attempts, serverTime: ServerTime) {
    this.#options = options;
    this.#attempts = attempts;
    this.#serverTime = serverTime;
  }

  /** A token with some life left, and the client it is for. @throws ACRONIS_TOKEN_REFUSED, and what any call may throw */
  async get(signal: AbortSignal | undefined): Promise<Token> {
    signal?.throwIfAborted();
    const known = this.#token;
    if (known !== undefined && this.#left(known) > marginOf(known)) return known;
    try {
      return await untilAborted(this.#fetchOnce(), signal);
    } catch (error) {
      // A token that lives still is better than none.
      if (known !== undefined && known === this.#token && this.#left(known) > 0 && !signal?.aborted) return known;
      throw error;
    }
  }

  /** Forgets a token that an API refused; a newer one is kept. */
  reject(token: Token): void {
    if (this.#token === token) this.#token = undefined;
  }

  #left(token: Token): number {
    return token.expiresAt - this.#serverTime.now();
  }

  #fetchOnce(): Promise<Token> {
    this.#flight ??= this.#fetch().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #fetch(): Promise<Token> {
    await this.#refusePrivate();
    const first = await this.#options.credentials(false);
    const answer = await this.#ask(first);
    if (!('failure' in answer)) return answer;
    if (answer.failure.kind !== 'token') throw this.#error(answer.failure);
    // Somebody may have made a new key, which ends the one before at once (CyberApp 4.2).
    const second = await this.#options.credentials(true);
    if (second.clientId === first.clientId && second.clientSecret === first.clientSecret) throw this.#error(answer.failure);
    const again = await this.#ask(second);
    if ('failure' in again) throw this.#error(again.failure);
    return again;
  }

  async #ask(credentials: ClientCredentials): Promise<Token | { readonly failure: Failure }> {
    const { clientId, clientSecret } = credentials;
    const basic = Buffer.from(`${clientId}:${clientSecret}`, 'utf8').toString('base64');
    const result = await this.#attempts.run(CALL, { authorization: `Basic ${basic}` });
    if (!result.ok) return { failure: withoutSecrets(refusalOf(result.failure), [basic, clientSecret]) };
    const life = this.#read(result.value);
    if (life === undefined) return { failure: { kind: 'protocol', reason: 'no access token in the answer' } };
    this.#token = { ...life, clientId, secrets: [life.value, basic, clientSecret] };
    return this.#token;
  }

  #read({ access_token: value, expires_on: on, expires_in: life }: JsonObject): Omit<Token, 'clientId' | 'secrets'> | undefined {
    if (typeof value !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(value)) return undefined;
    const now = this.#serverTime.now();
    const expiresAt = isTime(on) ? on * 1000 : now + (isTime(life) ? life : NO_EXPIRY_S) * 1000;
    return { value, expiresAt, lifeMs: Math.max(0, expiresAt - now) };
  }

  async #refusePrivate(): Promise<void> {
    const { url, allowPrivate, resolve = systemResolve } = this.#options;
    const reason = allowPrivate === true ? undefined : await privateHost(url, resolve);
    if (reason !== undefined) throw this.#error({ kind: 'unreachable', reason });
  }

  #error(failure: Failure): Error {
    return failureError(failure, this.#options.datacenter, CALL.name);
  }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Less than this is refreshed; a short life is used up to its half. */
function marginOf({ lifeMs }: Token): number {
  return Math.min(Math.max(LEAST_MARGIN_MS, lifeMs / 10), lifeMs / 2);
}

/** The text of an OAuth error without what was sent: only its code and description. */
function refusalOf(failure: Failure): Failure {
  if (!REFUSALS.has(failure.status)) return failure;
  return { ...failure, kind: 'token', reason: oauthReason(failure.reason) ?? `status ${failure.status}` };
}

function oauthReason(text: string): string | undefined {
  try {
    const value = decodeBody(text);
    return isObject(value) && typeof value.error === 'string' ? value.error.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}

/** The promise, or the signal's reason when that comes first: others may wait for the same promise. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
