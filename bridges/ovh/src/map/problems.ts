import type { RecordError } from '@fairlead/ovh/inventory';
import { cleanText } from './text.ts';

const MOST = 5;

/** A call that failed, in words. */
export function problemOf({ route, code, message, queryId }: RecordError): string {
  const query = queryId === undefined || message.includes(queryId) ? '' : ` (query ${queryId})`;
  return cleanText(`${route}: ${code}: ${message}${query}`, 300) ?? code;
}

/** A few of the failures, each route and code once, with how often; what lacks a rule or an action is told by that instead. */
export function problemsOf(errors: readonly RecordError[]): readonly string[] {
  const seen = new Map<string, { readonly error: RecordError; times: number }>();
  for (const error of errors) {
    if (error.missingRule !== undefined || (error.missingActions ?? []).length > 0) continue;
    const mark = `${error.route} ${error.code}`;
    const known = seen.get(mark);
    if (known === undefined) seen.set(mark, { error, times: 1 });
    else known.times += 1;
  }
  const told = [...seen.values()].map(({ error, times }) => (times === 1 ? problemOf(error) : manyOf(error, times)));
  return told.length <= MOST ? told : [...told.slice(0, MOST), `and ${told.length - MOST} more`];
}

function manyOf({ route, code }: RecordError, times: number): string {
  return cleanText(`${route}: ${code}, ${times} times`, 300) ?? code;
}
