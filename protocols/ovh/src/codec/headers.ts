import { InvalidCallError } from '../errors/errors.ts';

/** Who calls, and how the message is framed, is not the caller's to say (spec 3.6). */
const RESERVED: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-ovh-application',
  'x-ovh-consumer',
  'x-ovh-signature',
  'x-ovh-timestamp',
]);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether a text can stand as the value of a header. */
export function isFieldValue(text: string): boolean {
  return FIELD_VALUE.test(text);
}

/** Why a header cannot be sent, or undefined; never tells its value. */
export function headerProblem(name: string, value: unknown): string | undefined {
  if (!TOKEN.test(name)) return `the header name ${JSON.stringify(name)} is no token`;
  if (typeof value !== 'string') return `the header ${name} has no text as its value`;
  if (!isFieldValue(value)) return `the header ${name} has a value with line ends, control or non-Latin characters`;
  return undefined;
}

/**
 * Headers where later ones win, whatever the case of their names; those that authenticate or frame are left out.
 * @throws InvalidCallError for a header that cannot be sent
 */
export function mergeHeaders(...layers: readonly (Readonly<Record<string, string | undefined>> | undefined)[]): Record<string, string> {
  const byName = new Map<string, [name: string, value: string]>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      const folded = name.toLowerCase();
      if (value === undefined || RESERVED.has(folded)) continue;
      const problem = headerProblem(name, value);
      if (problem) throw new InvalidCallError(problem);
      byName.set(folded, [name, value]);
    }
  }
  return Object.fromEntries(byName.values());
}
