import { END_TEXT, formatReplyLine, type Reply, type ReplyLine } from '@fairlead/cscp/codec';

/** An entry of `errors` and `infos` (cce 5.4): the code of a line and the text behind it, still in the form of CSCP. */
export interface Message {
  readonly code: number;
  readonly message: string;
}

/** Whether the command did what it was asked for: the final code decides (cce 18.1). */
export function isSuccess(reply: Reply): boolean {
  return reply.end === 201 || reply.end === 202;
}

/** Every 3xx line and the final code of a failure, in order; a warning of a success as well. */
export function errorsOf(reply: Reply): Message[] {
  const errors = reply.lines.filter(({ code }) => code >= 300).map(messageOf);
  if (!isSuccess(reply)) errors.push({ code: reply.end, message: END_TEXT[reply.end] });
  return errors;
}

/** What handlers tell. */
export function infosOf(reply: Reply): Message[] {
  return reply.lines.filter(({ code }) => code === 106).map(messageOf);
}

/** A line as an entry. */
export function messageOf(line: ReplyLine): Message {
  return { code: line.code, message: formatReplyLine(line).slice(4) };
}

/** What GET shows: committed values with those of the open transaction over them, keys in the order of their bytes (cce 5.4). */
export function valuesOf(reply: Reply): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const code of [102, 103]) {
    for (const line of reply.lines) if (line.code === code && 'value' in line) values.set(line.key, line.value);
  }
  return sortedByKey(values);
}

/** Names are ASCII, so the order of code units is that of bytes. */
export function sortedByKey<Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return isSorted(map.keys()) ? map : new Map([...map].sort(([a], [b]) => Number(a > b) - Number(a < b)));
}

/** Our own engine answers in order. */
function isSorted(keys: Iterable<string>): boolean {
  let former = '';
  for (const key of keys) {
    if (key < former) return false;
    former = key;
  }
  return true;
}

export function oidsOf(reply: Reply): readonly string[] {
  return reply.lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
}

export function namespacesOf(reply: Reply): readonly string[] {
  return reply.lines.flatMap((line) => (line.code === 105 ? [line.namespace] : []));
}

export function classesOf(reply: Reply): readonly string[] {
  return reply.lines.flatMap((line) => (line.code === 110 ? [line.class] : []));
}

/** The lines of HELP. */
export function textsOf(reply: Reply): readonly string[] {
  return reply.lines.flatMap((line) => (line.code === 0 ? [line.text] : []));
}
