import { withoutVersion } from '../endpoints/resolve.ts';
import { InvalidCallError } from '../errors/errors.ts';
import type { PathValue } from './call.ts';
import { percentEncode } from './percent.ts';

type Variables = { readonly [name: string]: PathValue } | undefined;

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\//i;
const VERSIONS: ReadonlySet<string> = new Set(['1.0', 'v1', 'v2']);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/;
const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

/**
 * Base, version, and path with its variables (spec 3.3, steps 1 to 3); the URL parser has not seen it yet.
 * @throws InvalidCallError for a path that could lead elsewhere than it says
 */
export function targetOf(baseUrl: string, path: string, variables: Variables): string {
  checkText(path);
  const absolute = ABSOLUTE.test(path);
  const literal = absolute ? targetWithinOrigin(baseUrl, path) : withSlash(path);
  const [route, query] = splitQuery(literal);
  const filled = fillTemplate(route, variables);
  if (filled.split('/').some((segment) => DOT_SEGMENT.test(segment))) {
    throw new InvalidCallError(`the path ${route} has a segment "." or ".." (variables included): write the route itself`);
  }
  const base = absolute ? new URL(baseUrl).origin : baseOf(baseUrl, route);
  return `${base}${filled}${query}`.replaceAll(' ', '%20');
}

function checkText(path: string): void {
  if (typeof path !== 'string') throw new InvalidCallError('the path is no text');
  if (CONTROL.test(path)) throw new InvalidCallError('the path has a control character (a tab or line end pasted with it?)');
  if (path.includes('#'))
    throw new InvalidCallError('the path has a fragment ("#"): encode the sign as %23, or use a variable or the query');
  if (!path.isWellFormed()) throw new InvalidCallError('the path has half a surrogate pair');
}

/** The leak guard: a full URL is taken only for the very origin to which the credentials belong. */
function targetWithinOrigin(baseUrl: string, given: string): string {
  const [, authority = '', rest = ''] = /^([^/]+:\/\/[^/?\\]*)(.*)$/s.exec(given) ?? [];
  const url = URL.canParse(authority) ? new URL(authority) : undefined;
  const own = new URL(baseUrl).origin;
  if (!url || url.origin !== own || authority.includes('@')) {
    throw new InvalidCallError(`a full URL must be of the endpoint's own origin ${own}; nothing was sent`);
  }
  return withSlash(rest);
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function splitQuery(path: string): [route: string, query: string] {
  const at = path.indexOf('?');
  const route = at < 0 ? path : path.slice(0, at);
  if (route.includes('\\')) throw new InvalidCallError(`the path ${route} has a backslash: encode it as %5C, or use a variable`);
  return [route, at < 0 ? '' : path.slice(at)];
}

/** Segment-exact, and by the literal route: `/v10/x` and a variable that happens to be `v2` are ordinary. */
function baseOf(baseUrl: string, route: string): string {
  return VERSIONS.has(route.split('/', 2)[1] ?? '') ? withoutVersion(baseUrl) : baseUrl;
}

function fillTemplate(route: string, variables: Variables): string {
  const used = new Set<string>();
  const filled = route.replace(/\{([^{}/]*)\}/g, (_whole, name: string) => {
    used.add(name);
    return encodeVariable(route, name, variables);
  });
  for (const name of Object.keys(variables ?? {})) {
    if (!used.has(name)) throw new InvalidCallError(`the path ${route} has no {${name}}: the value given for it would be lost`);
  }
  return filled;
}

function encodeVariable(route: string, name: string, variables: Variables): string {
  const value = variables && Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined || value === null || value === '') {
    throw new InvalidCallError(`the path ${route} needs a value for {${name}}`);
  }
  if (typeof value === 'object' || typeof value === 'function') {
    throw new InvalidCallError(`the value for {${name}} of ${route} is no text or number`);
  }
  return percentEncode(String(value), `{${name}}`);
}
