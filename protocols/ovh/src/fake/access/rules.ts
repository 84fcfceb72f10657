import { fits } from '../glob.ts';
import { asRow, type Json } from '../json.ts';
import { refuse } from '../refusal.ts';
import type { Unsettled } from '../unsettled.ts';

/** One line of what a credential may do. */
export interface AccessRule {
  readonly method: string;
  readonly path: string;
}

/** As the API words it, without the second t. */
export const BAD_RULES = "Body parameter accessRules isn't formated correctly";

const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE']);

/** The forms in which rules may name a path, which is without query, `/1.0` and `/v1`; one of v2 begins with `/v2`. */
export function formsOf(path: string, v2Rules: Unsettled['v2Rules']): readonly string[] {
  if (!path.startsWith('/v2/')) return [path];
  const bare = path.slice('/v2'.length);
  return { either: [path, bare], prefixed: [path], bare: [bare] }[v2Rules];
}

/**
 * Whether a rule covers a call (9.1 step 12).
 * @param forms of its path, of which one is enough
 */
export function granted(rules: readonly AccessRule[], method: string, forms: readonly string[]): boolean {
  return rules.some((rule) => rule.method === method && forms.some((path) => fits(rule.path, path)));
}

/** The rules of a request for a credential. Throws a 400 with the words of the API. */
export function parseRules(value: Json | undefined): AccessRule[] {
  if (!Array.isArray(value) || value.length === 0) throw badRules();
  return value.map((entry: Json) => {
    const { method, path } = asRow(entry) ?? {};
    if (typeof method !== 'string' || typeof path !== 'string' || !METHODS.has(method)) throw badRules();
    return { method, path };
  });
}

function badRules() {
  return refuse.badRequest(BAD_RULES);
}
