import type { BuiltRequest } from '../codec/call.ts';
import type { Authentication } from '../config/settings.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { InvalidCallError, MissingConsumerKeyError } from '../errors/errors.ts';
import { sign } from './sign.ts';

type ApplicationAuth = Extract<Authentication, { method: 'application' }>;

/**
 * The request with the four headers of a signed call. Sign each attempt anew: the signature is bound to its second.
 * @param timestamp whole seconds since 1970 on the server's clock
 * @throws MissingConsumerKeyError without a consumer key, with the way to get one
 */
export function signRequest(
  request: BuiltRequest,
  auth: ApplicationAuth,
  timestamp: number,
  endpoint?: Pick<Endpoint, 'createTokenUrl'>,
): BuiltRequest {
  if (!auth.consumerKey) throw new MissingConsumerKeyError(withoutConsumerKey(endpoint?.createTokenUrl));
  const consumerKey = auth.consumerKey.reveal();
  const { method, url, body } = request;
  const signature = sign({ applicationSecret: auth.applicationSecret.reveal(), consumerKey, method, url, body, timestamp });
  return withHeaders(request, {
    'X-Ovh-Application': auth.applicationKey.reveal(),
    'X-Ovh-Consumer': consumerKey,
    'X-Ovh-Timestamp': String(timestamp),
    'X-Ovh-Signature': signature,
  });
}

function withoutConsumerKey(createTokenUrl: string | undefined): string {
  const page = createTokenUrl ? `, or make a key by hand at ${createTokenUrl}` : '';
  return `this call is signed, and there is no consumer key: request one with credentials.request(), have it validated, and give it as consumerKey or OVH_CONSUMER_KEY${page}`;
}

/** The request as it goes out unsigned: with the application key where one is known (spec 3.6). */
export function announceApplication(request: BuiltRequest, auth: Authentication): BuiltRequest {
  const key = auth.method === 'application' || auth.method === 'none' ? auth.applicationKey : undefined;
  return key ? withHeaders(request, { 'X-Ovh-Application': key.reveal() }) : request;
}

/**
 * The request with an access token.
 * @throws InvalidCallError for a token that cannot stand in a header
 */
export function bearRequest(request: BuiltRequest, token: string): BuiltRequest {
  if (!/^[\x21-\x7e]+$/.test(token)) throw new InvalidCallError('the access token is empty or has blanks or other than ASCII characters');
  return withHeaders(request, { Authorization: `Bearer ${token}` });
}

function withHeaders(request: BuiltRequest, more: Record<string, string>): BuiltRequest {
  return { ...request, headers: { ...request.headers, ...more } };
}
