import type { Query } from '../../codec/call.ts';
import { ApiError } from '../../errors/api-error.ts';
import { isOvhError } from '../../errors/errors.ts';
import type { RecordError } from '../record.ts';
import { ruleFor } from '../rules.ts';

/** What nobody reads to the end. */
const LONGEST_MESSAGE = 300;

/**
 * A failed call as a record tells of it.
 * @param route the template, as `/vps/{serviceName}`
 * @param query told in the message: it says which part of a thing failed
 */
export function failureOf(route: string, error: unknown, query: Query = {}): RecordError {
  const call = `GET ${route}`;
  const part = Object.entries(query).map(([name, value]) => ` (${name} ${String(value)})`);
  if (error instanceof ApiError) return { route: call, ...answered(route, error), message: `${cut(error.text)}${part.join('')}` };
  const code = isOvhError(error) ? error.code : 'OVH_API';
  const text = error instanceof Error ? error.message : String(error);
  return { route: call, status: 0, code, message: `${cut(text)}${part.join('')}` };
}

/** An answer that is not what the route gives. */
export function strangeAnswer(route: string, message: string): RecordError {
  return { route: `GET ${route}`, status: 200, code: 'OVH_INVALID_RESPONSE', message };
}

/** The endpoint does not have the route at all (So you Start and Kimsufi have few): no failure. */
export function isNoRoute(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'OVH_ROUTE_NOT_FOUND';
}

/** True for a refusal that another rule or IAM permission would heal. */
export function isRefusal(error: RecordError): boolean {
  return error.missingRule !== undefined || error.missingActions !== undefined;
}

/** What is missing in the key and the identity, each once. */
export function missingIn(errors: readonly RecordError[]): { readonly missingRules: string[]; readonly missingActions: string[] } {
  const rules = new Set(errors.flatMap((error) => error.missingRule ?? []));
  const actions = new Set(errors.flatMap((error) => error.missingActions ?? []));
  return { missingRules: [...rules].sort(), missingActions: [...actions].sort() };
}

function answered(route: string, error: ApiError) {
  return {
    status: error.status,
    code: error.code,
    ...(error.class === undefined ? {} : { class: error.class }),
    ...(error.queryId === undefined ? {} : { queryId: error.queryId }),
    ...(error.code === 'OVH_NOT_GRANTED_CALL' ? { missingRule: ruleFor(route) } : {}),
    ...(error.missingActions.length > 0 ? { missingActions: error.missingActions } : {}),
  };
}

function cut(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}…`;
}
