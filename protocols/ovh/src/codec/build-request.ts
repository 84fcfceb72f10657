import { withoutVersion } from '../endpoints/resolve.ts';
import { InvalidCallError } from '../errors/errors.ts';
import type { BuiltRequest, Call, CallSettings } from './call.ts';
import { mergeHeaders } from './headers.ts';
import { asciiJson, encodeJson } from './json.ts';
import { targetOf } from './path.ts';
import { appendQuery } from './query.ts';

const UTF8 = new TextEncoder();
/** Segments of dots do not come this far. */
const PLAIN = /^\/[\w\-.~/]*(?:\?[\w\-.~/=&]*)?$/;
const JSON_TYPE = 'application/json; charset=utf-8';

/** The part of a call that decides where it goes. */
export type CallTarget = Pick<Call, 'path' | 'variables' | 'query'>;

/**
 * The full URL of a call, passed once through the URL parser: the text that is signed and sent (spec 3.3).
 * @throws InvalidCallError when a variable is missing or the path could lead elsewhere than it says
 */
export function buildUrl(target: CallTarget, settings: Pick<CallSettings, 'baseUrl'>): string {
  const located = targetOf(settings.baseUrl, target.path, target.variables);
  const url = appendQuery(located, target.query);
  return isPlain(url, settings.baseUrl) ? url : new URL(url).href;
}

/** Whether the URL parser would change nothing: a base that came out of it, and then only characters that mean themselves. */
function isPlain(url: string, baseUrl: string): boolean {
  return url.startsWith(baseUrl) && PLAIN.test(url.slice(baseUrl.length));
}

/** Whether a URL of an endpoint is below its `/v2`. */
function isV2(url: string, baseUrl: string): boolean {
  return /^\/v2(?:[/?]|$)/.test(url.slice(withoutVersion(baseUrl).length));
}

/**
 * One request, exact to the byte, without the headers that authenticate. Nothing of the call is changed.
 * @throws InvalidCallError for a call that cannot be sent as it is
 */
export function buildRequest(call: Call, settings: CallSettings): BuiltRequest {
  const method = typeof call.method === 'string' ? call.method.toUpperCase() : '';
  if (!/^[A-Z]{1,16}$/.test(method)) throw new InvalidCallError('the method is no word of letters');
  const url = buildUrl(call, settings);
  const body = bodyBytes(call, settings.asciiJson ?? true);
  if (body && (method === 'GET' || method === 'HEAD')) {
    throw new InvalidCallError(`a ${method} call has no body: put its parameters in the query`);
  }
  const own = {
    Accept: 'application/json',
    'User-Agent': settings.userAgent,
    'X-Schemas-Version': isV2(url, settings.baseUrl) ? settings.schemaVersion : undefined,
    'Content-Type': body && JSON_TYPE,
  };
  const headers = call.headers === undefined ? generalHeaders(own, settings) : mergeHeaders(own, settings.headers, call.headers);
  const length = contentLength(method, body);
  return { method, url, headers: length === undefined ? headers : { ...headers, 'Content-Length': length }, body };
}

type OwnHeaders = Readonly<Record<string, string | undefined>>;
/** What calls without headers of their own are sent with, by what differs between them. */
const merged = new WeakMap<object, Map<string, Readonly<Record<string, string>>>>();

function generalHeaders(own: OwnHeaders, settings: Pick<CallSettings, 'headers'>): Readonly<Record<string, string>> {
  const known = merged.get(settings) ?? new Map<string, Readonly<Record<string, string>>>();
  merged.set(settings, known);
  const key = `${own['X-Schemas-Version']} ${own['Content-Type']}`;
  const headers = known.get(key) ?? Object.freeze(mergeHeaders(own, settings.headers));
  known.set(key, headers);
  return headers;
}

function bodyBytes(call: Call, ascii: boolean): Uint8Array | undefined {
  const { body, rawBody } = call;
  if (rawBody !== undefined) {
    if (body !== undefined) throw new InvalidCallError('a call has either body or rawBody');
    if (typeof rawBody !== 'string' && !(rawBody instanceof Uint8Array)) {
      throw new InvalidCallError('rawBody is neither a text nor a Uint8Array');
    }
    // A copy: what is signed is what is sent, whatever the caller does with the bytes meanwhile.
    return typeof rawBody === 'string' ? UTF8.encode(rawBody) : Uint8Array.from(rawBody);
  }
  if (body === undefined) return undefined;
  const text = encodeJson(body);
  return UTF8.encode(ascii ? asciiJson(text) : text);
}

/** RFC 9110 8.6: methods that usually have a body say that there is none. */
function contentLength(method: string, body: Uint8Array | undefined): string | undefined {
  if (body) return String(body.length);
  return method === 'POST' || method === 'PUT' || method === 'PATCH' ? '0' : undefined;
}
