import { ConfigurationError, UnknownEndpointError } from '../errors/errors.ts';
import type { Endpoint, HostFamily } from './endpoint.ts';
import { endpoints, findEndpoint } from './registry.ts';

export interface EndpointChoice {
  readonly hostFamily?: HostFamily | undefined;
  /** Replaces the endpoint's own address of tokens. */
  readonly tokenUrl?: string | undefined;
  readonly allowInsecureHttp?: boolean | undefined;
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The endpoint of a name, an alias or a URL (spec 1.1).
 * @throws UnknownEndpointError for a name that is none
 * @throws ConfigurationError for a URL that cannot be a base, or plain http to another host than this
 */
export function resolveEndpoint(given: string, choice: EndpointChoice = {}): Endpoint {
  const text = given.trim();
  const endpoint = text.includes('/') ? endpointOfUrl(text, choice) : inFamily(named(text), choice.hostFamily);
  if (!choice.tokenUrl) return endpoint;
  const tokenUrl = checkedUrl(choice.tokenUrl, 'tokenUrl', choice).href;
  return { ...endpoint, tokenUrl, altTokenUrls: [], oauth2: true };
}

function named(name: string): Endpoint {
  const found = findEndpoint(name);
  if (found) return found;
  const known = endpoints.map((endpoint) => endpoint.name).join(', ');
  throw new UnknownEndpointError(`unknown endpoint ${JSON.stringify(name)}: use one of ${known}, or a URL as https://eu.api.ovh.com/1.0`);
}

/** The same endpoint under the other family's host names, where it has any. */
function inFamily(endpoint: Endpoint, family: HostFamily | undefined): Endpoint {
  const [altBase] = endpoint.altBaseUrls;
  if (family !== 'ovhcloud.com' || !altBase) return endpoint;
  const [altToken = endpoint.tokenUrl] = endpoint.altTokenUrls;
  return {
    ...endpoint,
    baseUrl: altBase,
    altBaseUrls: [endpoint.baseUrl, ...endpoint.altBaseUrls.slice(1)],
    tokenUrl: altToken,
    altTokenUrls: endpoint.tokenUrl ? [endpoint.tokenUrl] : [],
  };
}

/** A custom endpoint; one with the address of a named endpoint inherits everything of it but that address. */
function endpointOfUrl(given: string, choice: EndpointChoice): Endpoint {
  const baseUrl = normaliseBaseUrl(given, choice);
  const twin = endpointOfBaseUrl(baseUrl);
  if (twin) return twinAt(twin, baseUrl);
  return {
    name: baseUrl,
    aliases: [],
    baseUrl,
    altBaseUrls: [],
    tokenUrl: undefined,
    altTokenUrls: [],
    createAppUrl: undefined,
    createTokenUrl: undefined,
    consoleUrl: undefined,
    brand: 'custom',
    region: undefined,
    v2: true,
    oauth2: false,
  };
}

/** A known host has no routes outside its versions: without one, its base is that of version 1. */
function twinAt(twin: Endpoint, given: string): Endpoint {
  const baseUrl = withoutVersion(given) === given ? `${given}/1.0` : given;
  const others = [twin.baseUrl, ...twin.altBaseUrls].filter((base) => base !== baseUrl);
  return { ...twin, baseUrl, altBaseUrls: others };
}

/** The named endpoint that is served at a (normalised) base URL, whichever version it ends in. */
export function endpointOfBaseUrl(baseUrl: string): Endpoint | undefined {
  const root = withoutVersion(baseUrl);
  return endpoints.find((endpoint) => [endpoint.baseUrl, ...endpoint.altBaseUrls].some((base) => withoutVersion(base) === root));
}

/** A base without `/1.0`, `/v1` or `/v2` at its end (spec 3.3, step 3). */
export function withoutVersion(baseUrl: string): string {
  return baseUrl.replace(/\/(?:1\.0|v1|v2)$/, '');
}

/** As the URL parser writes it, without slashes at its end. */
function normaliseBaseUrl(given: string, choice: EndpointChoice = {}): string {
  const url = checkedUrl(given, 'endpoint', choice);
  if (url.search || url.hash || given.includes('?') || given.includes('#')) {
    throw new ConfigurationError(`the endpoint ${url.origin} has a query or fragment: give its base only, as https://eu.api.ovh.com/1.0`);
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function checkedUrl(given: string, what: string, choice: EndpointChoice): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new ConfigurationError(`the ${what} is no http(s):// URL`);
  }
  if (url.username || url.password) throw new ConfigurationError(`the ${what} ${url.origin} has a user name or password: remove it`);
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !choice.allowInsecureHttp) {
    throw new ConfigurationError(`the ${what} ${url.origin} is plain http: use https, or set allowInsecureHttp to send secrets in clear`);
  }
  return url;
}
