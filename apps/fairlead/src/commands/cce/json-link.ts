import { readFile } from 'node:fs/promises';
import { formatRequest, type Operation, type Reply } from '@fairlead/cscp/codec';
import { silentLog } from '@fairlead/kernel/log';
import { createUpstream, type Upstream } from '@fairlead/kernel/upstream';
import { CliError } from '../../cli-errors.ts';
import { type JsonAnswer, readAnswer, replyOfAnswer } from './json-answer.ts';
import type { CceLink, LinkOptions } from './link.ts';
import { findPassword, findSecret } from './password.ts';
import { asUsage } from './unsendable.ts';

const CONNECT_MS = 10_000;
/** A write may wait for handlers. */
const ANSWER_MS = 320_000;
const BODY_LIMIT = 64 * 1024 * 1024;
const GOODBYE_MS = 2000;

type Fields = Readonly<Record<string, string>>;

/**
 * CCE over `POST /v2/cce`: with a client secret by LOGIN and a token, with a user by AUTH and a session (from the gateway's own machine only), else
 * anonymous. Throws `CLI_CCE_DENIED` when that is refused.
 */
export async function openJsonLink(options: JsonOptions, signal: AbortSignal): Promise<CceLink> {
  const api = await openApi(options, signal);
  return { execute: (operation) => execute(api, operation), [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

export type JsonOptions = LinkOptions & { readonly url: string };

/** The API with credentials, which disposing gives back. */
export interface JsonApi extends AsyncDisposable {
  post(body: Fields): Promise<JsonAnswer>;
}

/** Logs in as the options say. Throws `CLI_CCE_DENIED` when that is refused. */
export async function openApi(options: JsonOptions, signal: AbortSignal): Promise<JsonApi> {
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8');
  const limits = { connectMs: CONNECT_MS, headersMs: ANSWER_MS, bodyMs: ANSWER_MS, maxBodyBytes: BODY_LIMIT };
  const upstream = createUpstream({
    name: 'the CCE API',
    baseUrl: options.url.replace(/\/(v2\/cce\/?)?$/, ''),
    ca,
    ...limits,
    log: silentLog(),
  });
  try {
    const secret = await findSecret(options.secret);
    const post = poster(upstream, secret, signal);
    const credentials = await logIn(post, options, secret !== undefined);
    return {
      post: (body) => post({ ...body, ...credentials }),
      [Symbol.asyncDispose]: async () => {
        const bye = poster(upstream, secret, AbortSignal.timeout(GOODBYE_MS));
        if (Object.keys(credentials).length > 0)
          await bye({ cmd: options.user === undefined ? 'BYE' : 'ENDKEY', ...credentials }).catch(() => undefined);
        await upstream.close();
      },
    };
  } catch (error) {
    await upstream.close();
    throw error;
  }
}

type Post = (body: Fields) => Promise<JsonAnswer>;

function poster(upstream: Upstream, secret: string | undefined, signal: AbortSignal): Post {
  const headers = { 'content-type': 'application/json', ...(secret !== undefined && { 'x-client-secret': secret }) };
  return async (body) => {
    const answer = await upstream.request({ method: 'POST', path: '/v2/cce', headers, body: JSON.stringify(body), signal });
    return readAnswer(answer.status, await answer.body());
  };
}

async function logIn(post: Post, options: LinkOptions, hasSecret: boolean): Promise<Fields> {
  if (hasSecret) {
    const { token, message } = await post({ cmd: 'LOGIN' });
    if (token === undefined) throw CliError('CLI_CCE_DENIED', { reason: message });
    return { token };
  }
  if (options.user === undefined) return {};
  const { sessionid, message } = await post({
    cmd: 'AUTH',
    user: options.user,
    password: await findPassword(options.user, options.passwordFile),
  });
  if (sessionid === undefined) throw CliError('CLI_CCE_DENIED', { reason: message === 'GOODBYE' ? 'user or password are wrong' : message });
  return { user: options.user, sessionid };
}

/** The raw form (cce 5.3) carries every operation as it is. */
async function execute(api: JsonApi, operation: Operation): Promise<Reply> {
  return replyOfAnswer(await api.post({ cmd: lineOf(operation) }));
}

function lineOf(operation: Operation): string {
  try {
    return formatRequest(operation);
  } catch (error) {
    throw asUsage(error);
  }
}
