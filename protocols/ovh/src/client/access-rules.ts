import { InvalidCallError } from '../errors/errors.ts';

/** What the API knows of methods in rules. */
export type RuleMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface AccessRule {
  readonly method: RuleMethod;
  /** `*` stands for anything, `/` too. */
  readonly path: string;
}

/** The presets of the official clients. */
export const readOnly: readonly RuleMethod[] = ['GET'];
export const readWrite: readonly RuleMethod[] = ['GET', 'POST', 'PUT', 'DELETE'];
/** Everything but DELETE. */
export const readWriteSafe: readonly RuleMethod[] = ['GET', 'POST', 'PUT'];

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const UNPRINTABLE = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]/;

/** Which calls a consumer key shall allow. Blanks around a path are trimmed, doubles are left out, the order is kept. */
export class AccessRules implements Iterable<AccessRule> {
  readonly #rules = new Map<string, AccessRule>();

  /** Throws InvalidCallError for an unknown method, or a path with blanks or control characters in it. */
  allow(methods: string | readonly string[], path: string): this {
    const clean = cleanPath(path);
    for (const method of methodsOf(methods)) this.#rules.set(`${method} ${clean}`, { method, path: clean });
    return this;
  }

  /** The path and everything below it; of the root only the latter, because that is everything. */
  allowRecursive(methods: string | readonly string[], path: string): this {
    const stem = cleanPath(path).replace(/[*/\s]+$/, '');
    if (stem !== '') this.allow(methods, stem);
    return this.allow(methods, `${stem}/*`);
  }

  /** A route as it is documented: each `{variable}` may be anything. */
  allowRoute(methods: string | readonly string[], route: string): this {
    return this.allow(methods, route.replace(/\{[^{}/]*\}/g, '*'));
  }

  [Symbol.iterator](): Iterator<AccessRule> {
    return this.#rules.values();
  }

  toJSON(): AccessRule[] {
    return [...this];
  }
}

/** Whether one of the rules allows the call (spec 9.1, 12). `/1.0` and `/v1` do not count; of v2 both forms are tried. */
export function allows(rules: Iterable<AccessRule>, method: string, path: string): boolean {
  const paths = ruleForms(path);
  return [...rules].some(
    (rule) => rule.method.toUpperCase() === method.toUpperCase() && paths.some((form) => globMatches(rule.path, form)),
  );
}

/** How rules name a path: without query and version; of v2 with and without it. */
export function ruleForms(path: string): string[] {
  const route = path.replace(/[?#].*$/s, '');
  const [, version, rest = ''] = /^\/(1\.0|v1|v2)(\/.*)?$/s.exec(route) ?? [];
  if (version === undefined) return [route];
  return version === 'v2' ? [route, rest] : [rest];
}

/** `*` is anything, also nothing. Linear but for one step back, whatever the pattern. */
function globMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}

function methodsOf(methods: string | readonly string[]): RuleMethod[] {
  const list = typeof methods === 'string' ? methods.split(',') : methods;
  return list.map((text) => {
    const method = text.trim().toUpperCase();
    const known = readWrite.find((one) => one === method);
    if (known === undefined) throw new InvalidCallError(`access rule: ${JSON.stringify(text)} is none of GET, POST, PUT, DELETE`);
    return known;
  });
}

/** A tab pasted before a path makes keys that grant nothing (spec 3.12). */
function cleanPath(path: string): string {
  const clean = path.trim();
  if (UNPRINTABLE.test(clean)) throw new InvalidCallError(`access rule: the path ${JSON.stringify(path)} has blanks or control characters`);
  return clean === '' || clean.startsWith('/') ? clean : `/${clean}`;
}
