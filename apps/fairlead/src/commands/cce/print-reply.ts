import { END_TEXT, type Operation, type Reply, type ReplyLine } from '@fairlead/cscp/codec';
import { CliError } from '../../cli-errors.ts';
import { formatTable, type Output } from '../../output.ts';

/** Properties with their values. */
const TABLES: ReadonlySet<string> = new Set(['GET', 'SCHEMA', 'VERSION']);
const SUCCESSES: ReadonlySet<number> = new Set([201, 202]);

/** Prints what a command answered, and what handlers had to say to the other stream. Throws `CLI_CCE_*` when the command failed. */
export function printReply(
  operation: Operation,
  reply: Reply,
  { json, output }: { readonly json: boolean; readonly output: Output },
): void {
  for (const line of reply.lines) if (line.code === 106 || line.code === 305) output.tell(shown(line.text));
  if (!SUCCESSES.has(reply.end)) throw refusal(reply);
  const found = resultOf(operation, reply);
  if (json) output.print(JSON.stringify(found));
  else if (Array.isArray(found)) for (const one of found) output.print(shown(String(one)));
  else if (TABLES.has(operation.verb))
    output.print(formatTable([['property', 'value'], ...Object.entries(found).map((row) => row.map(shown))]));
  else for (const value of Object.values(found)) output.print(shown(String(value)));
}

/** What a script wants of a reply: the object of GET, lists, the OID of CREATE and WHOAMI. */
function resultOf(operation: Operation, { lines }: Reply): Readonly<Record<string, string>> | readonly string[] {
  const oids = lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
  switch (operation.verb) {
    case 'GET':
    case 'SCHEMA':
    case 'VERSION':
      return propertiesOf(lines);
    case 'FIND':
      return oids;
    case 'NAMES':
      return lines.flatMap((line) => (line.code === 105 ? [line.namespace] : []));
    case 'CLASSES':
      return lines.flatMap((line) => (line.code === 110 ? [line.class.toWellFormed()] : []));
    case 'HELP':
      return lines.flatMap((line) => (line.code === 0 ? [line.text] : []));
    case 'CREATE':
    case 'WHOAMI':
      return { oid: oids[0] ?? '' };
    default:
      return {};
  }
}

/** Of a property that the transaction changed the new value counts (cce 1.7). */
function propertiesOf(lines: readonly ReplyLine[]): Readonly<Record<string, string>> {
  const properties = new Map<string, string>();
  for (const code of [102, 103] as const)
    for (const line of lines) if (line.code === code) properties.set(line.key.toWellFormed(), line.value.toWellFormed());
  return Object.fromEntries(properties);
}

/** The error of a reply that did not succeed, with every line that says why. */
function refusal(reply: Reply): Error {
  const reasons = reply.lines.map(reasonOf).filter((text) => text !== undefined);
  const reason = reasons.length > 0 ? reasons.map(shown).join('; ') : END_TEXT[reply.end];
  const codes = new Set(reply.lines.map((line) => line.code));
  if (codes.has(300) || codes.has(301) || codes.has(303)) return CliError('CLI_CCE_NOT_FOUND', { reason });
  if (codes.has(304)) return CliError('CLI_CCE_DENIED', { reason });
  if (reply.end === 402 || reply.end === 403) return CliError('CLI_USAGE', { reason });
  return reply.end >= 900 || reply.end === 400 ? CliError('CLI_CCE_AWAY', { reason }) : CliError('CLI_CCE_FAILED', { reason });
}

function reasonOf(line: ReplyLine): string | undefined {
  switch (line.code) {
    case 300:
      return `unknown object ${line.oid}`;
    case 301:
      return `unknown class ${line.class}`;
    case 302:
      return `bad data for ${line.key}: ${line.message}`;
    case 303:
      return `unknown namespace ${line.namespace}`;
    case 304:
      return `permission denied: ${line.what}`;
    case 306:
    case 308:
      return line.text;
    case 309:
      return `suspended: ${line.reason}`;
    default:
      return undefined;
  }
}

/** A value may hold what a terminal would obey, or what turns the direction of writing. */
export function shown(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}]/gu, (control) => {
    const code = control.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}
