import { redactText } from '../codec/redact.ts';
import { ApiError } from '../errors/api-error.ts';
import { errorOf } from '../errors/classify.ts';
import { OAuth2Error } from '../errors/errors.ts';
import { textOf } from '../transport/text.ts';
import type { WireAnswer, WireRequest } from '../transport/transport.ts';
import type { Engine, Passage, Plan, RunOptions } from './engine.ts';
import { type HeldToken, heldTokens, isHeldToken, type TokenSource, useUntil } from './token-source.ts';

/** A place outside this process where tokens are kept, so that several processes share one. Errors of it count as "nothing there". */
export interface TokenStore {
  get(key: string): Promise<HeldToken | undefined>;
  set(key: string, token: HeldToken): Promise<void>;
}

export interface OAuth2Options {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userAgent: string;
  readonly store?: TokenStore | undefined;
  readonly run: Omit<RunOptions, 'signal'>;
}

type Place = 'header' | 'body';

/** Where the server does not say how long a token lives. */
const ASSUMED_LIFETIME_MS = 300_000;
const KEPT = 4096;

/** Tokens of the client credentials grant (RFC 6749 4.4; spec 3.8). */
export function oauth2Tokens(options: OAuth2Options, engine: Engine): TokenSource {
  const key = `${options.tokenUrl}#${options.clientId}`;
  let place: Place = 'header';
  return heldTokens(async (signal, rejected) => {
    const stored = await storedToken(options.store, key);
    if (stored !== undefined && stored.token !== rejected && engine.clock.now() < stored.useUntil) return stored;
    const [token, worked] = await fetchToken(options, engine, place, signal);
    place = worked;
    await keepToken(options.store, key, token);
    return token;
  }, engine.clock);
}

/** A store is the caller's: whatever else than a token it gives counts as nothing. */
async function storedToken(store: TokenStore | undefined, key: string): Promise<HeldToken | undefined> {
  try {
    const stored: Partial<HeldToken> | null | undefined = await store?.get(key);
    return isHeldToken(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

async function keepToken(store: TokenStore | undefined, key: string, token: HeldToken): Promise<void> {
  try {
    await store?.set(key, token);
  } catch {
    // The next process fetches its own.
  }
}

/** Basic first; a server that does not know the client there is asked once more with the body (RFC 6749 2.3.1). */
async function fetchToken(options: OAuth2Options, engine: Engine, place: Place, signal: AbortSignal): Promise<[HeldToken, Place]> {
  try {
    return [await ask(options, engine, place, signal), place];
  } catch (error) {
    const failure = asOAuth2Error(error, options, signal);
    if (failure.error !== 'invalid_client' || (failure.status !== 400 && failure.status !== 401)) throw failure;
    const other = place === 'header' ? 'body' : 'header';
    try {
      return [await ask(options, engine, other, signal), other];
    } catch {
      signal.throwIfAborted();
      throw failure;
    }
  }
}

function ask(options: OAuth2Options, engine: Engine, place: Place, signal: AbortSignal): Promise<HeldToken> {
  const request = tokenRequest(options, place);
  const plan: Plan<HeldToken> = {
    method: 'POST',
    idempotent: true,
    ready: async () => () => request,
    read: (answer, passage, ended) => readToken({ answer, passage, engine, signal: ended }),
  };
  return engine.run(plan, { ...options.run, signal });
}

function tokenRequest(options: OAuth2Options, place: Place): WireRequest {
  const id = formEncode(options.clientId);
  const secret = formEncode(options.clientSecret);
  const basic = `Basic ${btoa(`${id}:${secret}`)}`;
  const body = 'grant_type=client_credentials&scope=all';
  return {
    method: 'POST',
    url: options.tokenUrl,
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      'User-Agent': options.userAgent,
      ...(place === 'header' ? { Authorization: basic } : {}),
    },
    body: new TextEncoder().encode(place === 'header' ? body : `${body}&client_id=${id}&client_secret=${secret}`),
  };
}

/** application/x-www-form-urlencoded, as RFC 6749 2.3.1 wants both halves before they are joined. */
function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

interface Reading {
  readonly answer: WireAnswer;
  readonly passage: Passage;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

async function readToken({ answer, passage, engine, signal }: Reading): Promise<HeldToken> {
  const { status, headers } = answer;
  const bodyText = await textOf(answer.body, signal);
  const now = engine.clock.now();
  if (status < 200 || status > 299) {
    const { url, method } = passage.request;
    throw errorOf({ status, headers, bodyText, method, path: new URL(url).pathname, url, durationMs: passage.durationMs, now });
  }
  const members = membersOf(bodyText);
  const body = redactText(bodyText.slice(0, KEPT));
  if (members === undefined) throw new OAuth2Error(`OAuth2 failure: invalid body: ${body.slice(0, 512)}`, { status, body });
  if (typeof members.error === 'string') throw new OAuth2Error(refusal(status, members), { ...said(members), status, body });
  const { access_token: token, expires_in: seconds } = members;
  if (typeof token !== 'string' || token === '') throw new OAuth2Error('OAuth2 failure: the answer has no access_token', { status });
  const lifetime = Number(seconds) > 0 ? Number(seconds) * 1000 : ASSUMED_LIFETIME_MS;
  return { token, useUntil: useUntil(now, lifetime) };
}

/** Everything that kept us from a token becomes one kind of error; no text of it holds the secret. */
function asOAuth2Error(error: unknown, options: OAuth2Options, signal: AbortSignal): OAuth2Error {
  signal.throwIfAborted();
  if (error instanceof OAuth2Error) return error;
  if (!(error instanceof ApiError)) return new OAuth2Error(`OAuth2 failure: ${(error as Error).message}`, { cause: error });
  const { status } = error;
  const body = redactText(error.bodyText.slice(0, KEPT)).replaceAll(options.clientSecret, '[redacted]');
  const members = membersOf(body);
  if (typeof members?.error === 'string') return new OAuth2Error(refusal(status, members), { ...said(members), status, body });
  return new OAuth2Error(`OAuth2 failure: HTTP ${status}: ${body.slice(0, 512)}`, { status, body });
}

function refusal(status: number, members: Readonly<Record<string, unknown>>): string {
  const { error, errorDescription } = said(members);
  const hint = error === 'invalid_client' ? ' (are client id, client secret and endpoint of one account?)' : '';
  return `OAuth2 failure: HTTP ${status}: ${error}${errorDescription === undefined ? '' : `: ${errorDescription}`}${hint}`;
}

function said(members: Readonly<Record<string, unknown>>): { error: string; errorDescription: string | undefined } {
  const description = members.error_description;
  return { error: String(members.error), errorDescription: typeof description === 'string' ? description : undefined };
}

function membersOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
