import { ConfigurationError } from '../errors/errors.ts';
import type { ConfigurationKey } from './keys.ts';
import type { Found, Layer } from './layer.ts';
import type { ConfigurationOptions } from './settings.ts';

/** Ours first, then those of python-ovh and node-ovh. */
const SPELLINGS: Readonly<Record<ConfigurationKey, readonly (keyof ConfigurationOptions)[]>> = {
  endpoint: ['endpoint'],
  profile: ['profile'],
  application_key: ['applicationKey', 'application_key', 'appKey'],
  application_secret: ['applicationSecret', 'application_secret', 'appSecret'],
  consumer_key: ['consumerKey', 'consumer_key'],
  client_id: ['clientId', 'client_id', 'clientID'],
  client_secret: ['clientSecret', 'client_secret'],
  access_token: ['accessToken', 'access_token'],
};

/**
 * The highest source: what the caller stated.
 * @throws ConfigurationError for a value of the wrong type, or two spellings that disagree
 */
export function optionLayer(options: ConfigurationOptions): Layer {
  const values = new Map<ConfigurationKey, Found>();
  for (const [key, names] of Object.entries(SPELLINGS) as [ConfigurationKey, readonly (keyof ConfigurationOptions)[]][]) {
    const found = stated(options, key, names);
    if (found) values.set(key, found);
  }
  const url = urlOfHost(options);
  if (url && values.has('endpoint')) {
    throw new ConfigurationError('the options endpoint and host both name an endpoint: give one of them');
  }
  if (url) values.set('endpoint', { value: url, source: 'option', name: 'host' });
  return {
    label: 'the options',
    get: (key) => values.get(key),
    headers: () => Object.entries(options.headers ?? {}).map(([name, value]) => [name, { value, source: 'option', name: 'headers' }]),
    spelling: (key) => `option ${SPELLINGS[key][0]}`,
  };
}

function stated(options: ConfigurationOptions, key: ConfigurationKey, names: readonly (keyof ConfigurationOptions)[]): Found | undefined {
  let first: Found | undefined;
  for (const name of names) {
    const value: unknown = options[name];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string' && !(key === 'access_token' && typeof value === 'function')) {
      throw new ConfigurationError(`the option ${name} is a ${typeof value}, not a text`);
    }
    if (first && first.value !== value) throw new ConfigurationError(`the options ${first.name} and ${name} disagree: give one of them`);
    first ??= { value: value as Found['value'], source: 'option', name };
  }
  return first;
}

/** node-ovh's three options for a custom endpoint. */
function urlOfHost({ host, port, basePath = '/1.0' }: ConfigurationOptions): string | undefined {
  if (!host) return undefined;
  if (/[/@?#\\]/.test(host)) throw new ConfigurationError('the option host is no host name: use endpoint for a URL');
  return `https://${host}${port === undefined ? '' : `:${port}`}${basePath.startsWith('/') ? '' : '/'}${basePath}`;
}
