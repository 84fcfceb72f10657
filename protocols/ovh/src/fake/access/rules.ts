import { fits } from '../glob.ts';
import { asRow, type Json } from '../json.ts';
import { refuse } from '../refusal.ts';

/** One line of what a credential may do. */
export interface AccessRule {
  readonly method: string;
  readonly path: string;
}

/** As the API words it, without the second t. */
export const BAD_RULES = "Body parameter accessRules isn't formated correctly";

const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE']);

/**
 * Whether a rule covers a call (9.1 step 12).
 * @param path without query, `/1.0` and `/v1`; one of v2 begins with `/v2` and also counts without that
 */
export function granted(rules: readonly AccessRule[], method: string, path: string): boolean {
  const bare = path.startsWith('/v2/') ? path.slice(3) : undefined;
  return rules.some((rule) => rule.method === method && (fits(rule.path, path) || (bare !== undefined && fits(rule.path, bare))));
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
