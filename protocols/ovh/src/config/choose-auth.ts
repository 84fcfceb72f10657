import type { Endpoint } from '../endpoints/endpoint.ts';
import { endpoints } from '../endpoints/registry.ts';
import { ConfigurationError } from '../errors/errors.ts';
import { CREDENTIAL_KEYS, type CredentialKey, type CredentialMethod, keysOf, METHODS, methodOf } from './keys.ts';
import { type Found, firstOf, type Layer, placeOf, textOf } from './layer.ts';
import { keyHint, Secret } from './secret.ts';
import type { Authentication, AuthMethod } from './settings.ts';

/**
 * The method and its keys (spec 3.2): the highest source that names any key of a method fixes the method; the other keys of
 * that method may come from lower sources, keys of other methods there are left alone.
 * @throws ConfigurationError that names the missing key and where it was looked for
 */
export function chooseAuthentication(layers: readonly Layer[], endpoint: Endpoint, wanted: AuthMethod | undefined): Authentication {
  const method = wanted ?? methodOfLayers(layers);
  switch (method) {
    case undefined:
      throw new ConfigurationError(nothingFound(layers, endpoint));
    case 'none':
      return { method, applicationKey: applicationKey(textOf(firstOf(layers, 'application_key'))) };
    case 'token':
      return { method, accessToken: accessToken(layers) };
    case 'oauth2':
      return oauth2(layers, endpoint);
    case 'application':
      return application(layers);
    default:
      throw new ConfigurationError('the option auth is none of application, oauth2, token, none');
  }
}

function methodOfLayers(layers: readonly Layer[]): CredentialMethod | undefined {
  for (const layer of layers) {
    const named = CREDENTIAL_KEYS.filter((key) => layer.get(key));
    const methods = METHODS.filter((method) => named.some((key) => methodOf(key) === method));
    if (methods.length > 1) throw new ConfigurationError(severalMethods(layer, named, methods));
    if (methods[0]) return methods[0];
  }
  return undefined;
}

function severalMethods(layer: Layer, named: readonly CredentialKey[], methods: readonly CredentialMethod[]): string {
  const places = named.map((key) => `${key} (${placeOf(layer.get(key) as Found)})`).join(', ');
  return `${layer.label}: several ways to authenticate at once (${methods.join(', ')}): ${places}. Remove the others, or choose one by auth`;
}

function nothingFound(layers: readonly Layer[], endpoint: Endpoint): string {
  const page = endpoint.createTokenUrl ? ` Keys are made at ${endpoint.createTokenUrl}` : '';
  const looked = layers.map((layer) => layer.label).join(', ');
  return `no credentials for ${endpoint.name}: provide at least application_key and application_secret, or client_id and client_secret, or access_token; or auth "none" for public routes. Looked in ${looked}.${page}`;
}

/** Every key of the method, or the message that one of them is missing. */
function required(layers: readonly Layer[], key: CredentialKey): string {
  const found = textOf(firstOf(layers, key));
  if (found !== undefined) return found;
  const others = keysOf(methodOf(key)).flatMap((other) => firstOf(layers, other) ?? []);
  const given = others.length > 0 ? ` while ${others.map(placeOf).join(' and ')} gives another key of its method` : '';
  const looked = layers.map((layer) => layer.spelling(key)).join(', ');
  throw new ConfigurationError(`${key} is missing${given}. Looked for ${looked}`);
}

function application(layers: readonly Layer[]): Authentication {
  const consumerKey = textOf(firstOf(layers, 'consumer_key'));
  return {
    method: 'application',
    applicationKey: applicationKey(required(layers, 'application_key')) as Secret,
    applicationSecret: new Secret(required(layers, 'application_secret')),
    consumerKey: consumerKey === undefined ? undefined : new Secret(consumerKey),
  };
}

function applicationKey(key: string | undefined): Secret | undefined {
  return key === undefined ? undefined : new Secret(key, keyHint(key));
}

function oauth2(layers: readonly Layer[], endpoint: Endpoint): Authentication {
  if (endpoint.tokenUrl === undefined) {
    const able = endpoints.filter((candidate) => candidate.oauth2).map((candidate) => candidate.name);
    const custom = endpoint.brand === 'custom' ? ', or give tokenUrl for this one' : '';
    throw new ConfigurationError(`${endpoint.name} has no OAuth2 authentication: use one of ${able.join(', ')}${custom}`);
  }
  return {
    method: 'oauth2',
    clientId: new Secret(required(layers, 'client_id')),
    clientSecret: new Secret(required(layers, 'client_secret')),
    tokenUrl: endpoint.tokenUrl,
  };
}

function accessToken(layers: readonly Layer[]): Extract<Authentication, { method: 'token' }>['accessToken'] {
  const found = firstOf(layers, 'access_token');
  return typeof found?.value === 'function' ? found.value : new Secret(required(layers, 'access_token'));
}
