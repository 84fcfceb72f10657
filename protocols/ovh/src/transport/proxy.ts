import { ConfigurationError } from '../errors/errors.ts';

/** `false`: never a proxy; a URL: always this one, besides NO_PROXY of the environment; undefined: what the environment says. */
export type ProxyOption = string | false | undefined;
type Environment = Readonly<Record<string, string | undefined>>;

/** Which proxy leads to a URL, if any. Names of variables count in lower case too, and lower case wins, as in curl. */
export function proxyFor(target: URL, option: ProxyOption, env: Environment): URL | undefined {
  if (option === false) return undefined;
  if (bypassed(target, variable(env, 'NO_PROXY') ?? '')) return undefined;
  if (option !== undefined) return proxyUrl(option, 'option proxy');
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const direct = variable(env, name);
  if (direct !== undefined) return proxyUrl(direct, name);
  const any = variable(env, 'ALL_PROXY');
  return any === undefined ? undefined : proxyUrl(any, 'ALL_PROXY');
}

/** Throws ConfigurationError unless the text is an `http:` or `https:` URL; `host:port` alone means `http:`. Never repeats the text. */
export function proxyUrl(text: string, where: string): URL {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || url.hostname === '') throw new ConfigurationError(`${where}: not a URL of a proxy`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigurationError(`${where}: ${url.protocol} is not supported; only http: and https: proxies are`);
  }
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    throw new ConfigurationError(`${where}: user or password has a "%" that stands for nothing: write it as %25`);
  }
  return url;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Empty values count as absent (spec 3.1). */
function variable(env: Environment, name: string): string | undefined {
  return env[name.toLowerCase()] || env[name] || undefined;
}

/** `*`, `host`, `.domain`, `*.domain`, `host:port`, separated by commas or spaces; a name covers the names below it. */
function bypassed(target: URL, list: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, bracketed, bare, wanted] = /^(?:\[([^\]]+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  const name = (bracketed ?? bare ?? entry).replace(/^\*?\./, '');
  if (wanted !== undefined && wanted !== port) return false;
  return host === name || host.endsWith(`.${name}`);
}
