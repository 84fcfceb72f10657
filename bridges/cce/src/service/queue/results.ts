import { canonicalText, END_TEXT, formatReplyLine, type Operation, type Reply, type ReplyLine } from '@fairlead/cscp/codec';
import type { Answerable } from '../../map/json.ts';
import { isSuccess, messageOf, namespacesOf, oidsOf, valuesOf } from '../../map/reply.ts';

/** The entry of one command in `results` or `errors` of COMMIT (cce 8.1). */
export type ResultEntry = Readonly<Record<string, Answerable | undefined>>;

/** The words of a line without what it is about. */
const WORDS: ReadonlyMap<number, string> = new Map([
  [300, 'UNKNOWN OBJECT'],
  [301, 'UNKNOWN CLASS'],
  [302, 'BAD DATA'],
  [303, 'UNKNOWN NAMESPACE'],
  [304, 'PERMISSION DENIED'],
  [306, 'ERROR'],
  [307, 'OUT OF MEMORY'],
  [308, 'BAD REGEX'],
  [309, 'SUSPENDED'],
]);
const WARNING = 305;

/** What came of a command; its text masks what is secret. */
export function resultEntry(operation: Operation, index: number, reply: Reply): ResultEntry {
  const command = canonicalText(operation, { mask: true });
  if (!isSuccess(reply)) return failureEntry(command, index, reply);
  const warnings = reply.lines.filter(({ code }) => code === WARNING).map((line) => ({ ...messageOf(line) }));
  return { command, index, message: 'OK', status: 201, ...madeBy(operation, reply), errors: warnings.length === 0 ? undefined : warnings };
}

/** The first line that says what is wrong decides status and message, the others stand beside it. */
export function failureEntry(command: string, index: number, reply: Reply): ResultEntry {
  const [first, ...others] = reply.lines.filter(({ code }) => code >= 300 && code !== WARNING);
  if (first === undefined) {
    return { command, error: `Error: ${reply.end} ${END_TEXT[reply.end]}`, index, message: END_TEXT[reply.end], status: reply.end };
  }
  const errors = others.length === 0 ? undefined : others.map((line) => ({ ...messageOf(line) }));
  return { command, error: `Error: ${formatReplyLine(first)}`, index, message: wordsOf(first), status: first.code, errors };
}

function wordsOf(line: ReplyLine): string {
  return WORDS.get(line.code) ?? messageOf(line).message;
}

/** The object of a CREATE, and what queued reads show (cce 8.2). */
function madeBy({ verb }: Operation, reply: Reply): ResultEntry {
  if (verb === 'CREATE') return { oid: oidsOf(reply)[0] };
  if (verb === 'GET') return { data: { DATA: valuesOf(reply) } };
  if (verb === 'FIND') return { data: { oidlist: oidsOf(reply) } };
  return verb === 'NAMES' ? { data: { namespaces: namespacesOf(reply) } } : {};
}
