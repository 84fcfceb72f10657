import { InvalidCallError } from '../errors/errors.ts';

/** One thing that a consumer key may do. `*` in the path stands for any characters, `/` among them. */
export interface AccessRule {
  readonly method: string;
  readonly path: string;
}

/** The sets of methods that python-ovh and go-ovh name. */
export const READ_ONLY: readonly string[] = ['GET'];
export const READ_WRITE: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'];
export const READ_WRITE_SAFE: readonly string[] = ['GET', 'POST', 'PUT'];

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const NOT_IN_A_PATH = /[\u0000-\u0020\u007f]/;

/** Builds the rules of a consumer key (spec 3.12); each rule stands once, in the order of its first mention. */
export class AccessRules {
  readonly #rules = new Map<string, AccessRule>();

  /**
   * @param methods one or more of GET, POST, PUT, DELETE, in any case
   * @throws InvalidCallError for another method, or a path with blanks or control characters inside
   */
  allow(methods: string | readonly string[], path: string): this {
    const checked = checkedPath(path);
    for (const method of typeof methods === 'string' ? [methods] : methods) this.#add(checkedMethod(method), checked);
    return this;
  }

  /** The path and everything below it; of `/`, `/*` and nothing: everything. */
  allowRecursive(methods: string | readonly string[], path: string): this {
    const root = path.replace(/[*/ ]+$/, '');
    if (root.trim() !== '') this.allow(methods, root);
    return this.allow(methods, `${root}/*`);
  }

  /** A route as the schema writes it: each `{variable}` becomes `*`. */
  allowRoute(methods: string | readonly string[], route: string): this {
    return this.allow(methods, route.replace(/\{[^{}/]*\}/g, '*'));
  }

  readOnly(path = '/'): this {
    return this.allowRecursive(READ_ONLY, path);
  }

  readWrite(path = '/'): this {
    return this.allowRecursive(READ_WRITE, path);
  }

  /** Everything but DELETE. */
  readWriteSafe(path = '/'): this {
    return this.allowRecursive(READ_WRITE_SAFE, path);
  }

  list(): AccessRule[] {
    return [...this.#rules.values()];
  }

  #add(method: string, path: string): void {
    const key = `${method} ${path}`;
    if (!this.#rules.has(key)) this.#rules.set(key, { method, path });
  }
}

function checkedMethod(method: string): string {
  const upper = method.trim().toUpperCase();
  if (READ_WRITE.includes(upper)) return upper;
  throw new InvalidCallError(`a rule is for one of ${READ_WRITE.join(', ')}, not ${JSON.stringify(upper)}`);
}

/** A blank that came along with a pasted path makes a rule that grants nothing. */
function checkedPath(path: string): string {
  const trimmed = path.replace(/^ +| +$/g, '');
  if (NOT_IN_A_PATH.test(trimmed)) {
    throw new InvalidCallError(`the path ${JSON.stringify(path)} of a rule has a blank or control character: it would grant nothing`);
  }
  return trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

/** What a request for a consumer key may say besides its rules. */
export interface CredentialRequestOptions {
  /** Where the browser goes after the validation. */
  readonly redirection?: string | undefined;
  /** Addresses or blocks from which the key may be used. */
  readonly allowedIPs?: readonly string[] | undefined;
}

/** The body of `POST /auth/credential`; what is not given is not in it. */
export interface CredentialRequest {
  readonly accessRules: readonly AccessRule[];
  readonly redirection?: string;
  readonly allowedIPs?: readonly string[];
}

/** @throws InvalidCallError without any rule, or for an address that is none */
export function credentialRequest(rules: AccessRules | readonly AccessRule[], options: CredentialRequestOptions = {}): CredentialRequest {
  const accessRules = rules instanceof AccessRules ? rules.list() : listOf(rules);
  if (accessRules.length === 0) throw new InvalidCallError('a consumer key needs at least one rule, as allow("GET", "/me")');
  const { redirection, allowedIPs } = options;
  for (const address of allowedIPs ?? []) checkAddress(address);
  return {
    accessRules,
    ...(redirection === undefined ? {} : { redirection }),
    ...(allowedIPs === undefined ? {} : { allowedIPs: [...allowedIPs] }),
  };
}

function listOf(rules: readonly AccessRule[]): AccessRule[] {
  if (!Array.isArray(rules)) throw new InvalidCallError('rules are neither AccessRules nor a list of { method, path }');
  const checked = new AccessRules();
  for (const { method, path } of rules) checked.allow(method, path);
  return checked.list();
}

function checkAddress(text: string): void {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = versionOf(address);
  const longest = version === 4 ? 32 : 128;
  if (version === 0 || (prefix !== undefined && Number(prefix) > longest)) {
    throw new InvalidCallError(`${JSON.stringify(text)} in allowedIPs is no address or block, as 192.0.2.0/24`);
  }
}

/** The first rule that lets a call through; undefined: it needs another rule. */
export function grantingRule(rules: readonly AccessRule[], method: string, path: string): AccessRule | undefined {
  const upper = method.toUpperCase();
  const forms = pathForms(path);
  return rules.find((rule) => rule.method.toUpperCase() === upper && forms.some((form) => matches(rule.path, form)));
}

/** Rules are written without `/1.0` and `/v1`; how those of v2 are written is not documented: both forms count. */
function pathForms(path: string): string[] {
  const [route = ''] = path.split('?', 1);
  const whole = route.startsWith('/') ? route : `/${route}`;
  const bare = whole.replace(/^\/(?:1\.0|v1|v2)(?=\/|$)/, '');
  return /^\/v2(?:\/|$)/.test(whole) ? [whole, bare] : [bare];
}

/** Greedy from left to right, one part of the pattern after the other: linear in the length of the path. */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return pattern === path;
  const last = parts.at(-1) ?? '';
  if (!path.startsWith(first) || !path.endsWith(last)) return false;
  const end = path.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}

/** The page where a key with these rules is made by hand: `<createTokenUrl>?GET=/me&POST=/sms/*`. */
export function createTokenLink(createTokenUrl: string, rules: readonly AccessRule[]): string {
  const pairs = rules.map(({ method, path }) => `${method}=${encodeURI(path).replace(/[&#+]/g, encodeURIComponent)}`);
  return `${createTokenUrl}?${pairs.join('&')}`;
}

/** 4, 6, or 0 where the text is no address. */
function versionOf(address: string): 0 | 4 | 6 {
  if (/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address)) return 4;
  return /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(address) && URL.canParse(`http://[${address}]/`) ? 6 : 0;
}
