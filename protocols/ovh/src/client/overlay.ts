import type { ClientOptions } from './options.ts';

type Key = keyof ClientOptions;

/** Spellings of one thing; what is changed under one of them is forgotten under the others. */
const SPELLINGS: readonly (readonly Key[])[] = [
  ['applicationKey', 'application_key', 'appKey'],
  ['applicationSecret', 'application_secret', 'appSecret'],
  ['consumerKey', 'consumer_key'],
  ['clientId', 'client_id', 'clientID'],
  ['clientSecret', 'client_secret'],
  ['accessToken', 'access_token'],
  ['configFile', 'config_file'],
  ['timeDelta', 'apiTimeDiff'],
  ['endpoint', 'host'],
];
const APPLICATION: readonly Key[] = (SPELLINGS.slice(0, 3) as Key[][]).flat();
const OAUTH2: readonly Key[] = (SPELLINGS.slice(3, 5) as Key[][]).flat();
const TOKEN: readonly Key[] = (SPELLINGS.slice(5, 6) as Key[][]).flat();
const METHODS = [APPLICATION, OAUTH2, TOKEN];
const PLACE: readonly Key[] = [
  'endpoint',
  'host',
  'port',
  'basePath',
  'hostFamily',
  'profile',
  'configFile',
  'config_file',
  'env',
  'files',
];
const CONNECTION: readonly Key[] = ['transport', 'agent', 'proxy', 'tls', 'env'];

/** The options with changes. Naming a key of one way to authenticate forgets the keys of the others. */
export function overlaid(base: ClientOptions, changes: ClientOptions): ClientOptions {
  const gone = new Set<Key>();
  for (const names of SPELLINGS) if (names.some((name) => name in changes)) for (const name of names) gone.add(name);
  const chosen = METHODS.find((keys) => keys.some((name) => changes[name] !== undefined));
  if (chosen !== undefined) for (const keys of METHODS) if (keys !== chosen) for (const name of keys) gone.add(name);
  if (chosen !== undefined && changes.auth === undefined) gone.add('auth');
  const kept = Object.entries(base).filter(([name]) => !gone.has(name as Key));
  return { ...Object.fromEntries(kept), ...changes };
}

/** Whether a consumer key of the one is one of the other. */
export function sharesIdentity(changes: ClientOptions): boolean {
  return ![...METHODS.flat(), ...PLACE, 'auth' as const].some((name) => name in changes);
}

export function sharesTransport(changes: ClientOptions): boolean {
  return !CONNECTION.some((name) => name in changes);
}
