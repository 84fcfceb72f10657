import { type Operation, parseRequest } from '@fairlead/cscp/codec';
import { CceError } from '../errors.ts';
import { type Command, refused } from './command.ts';

/** A command written out (cce 5.3), before the fields beside it are looked at. */
export type RawCommand =
  | { readonly kind: 'operation'; readonly verb: string; readonly operation: Operation }
  | { readonly kind: 'oids'; readonly verb: string; readonly oids: readonly string[] }
  | { readonly kind: 'done'; readonly verb: string; readonly command: Command };

/** Commands of ours that are written as another one of CSCP. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  FINDX: 'FIND',
  GETOBJECT: 'FIND',
  GETALL: 'FIND',
  SUSPEND: 'ADMIN SUSPEND',
  RESUME: 'ADMIN RESUME',
};

const PLACE = { context: 'CLIENT', state: 'CMD' } as const;
/** COMMIT is legal only inside of a transaction. */
const INSIDE = { context: 'CLIENT', state: 'TXN' } as const;

/** Reads a command that has something behind its verb. Throws `CCE_LINE_BREAK` for more than one line. */
export function readRaw(text: string, verb: string): RawCommand {
  if (hasLineBreak(text)) throw CceError('CCE_LINE_BREAK');
  const rest = text.slice(verb.length);
  if (verb === 'GETALL' && /^[\s,]+\d[\d\s,]*$/.test(rest)) return { kind: 'oids', verb, oids: rest.split(/[\s,]+/).filter(Boolean) };
  const parsed = parseRequest(`${WRITTEN_AS[verb] ?? verb}${rest}`, verb === 'COMMIT' ? INSIDE : PLACE);
  if (parsed.kind === 'operation') return { kind: 'operation', verb, operation: parsed.operation };
  return { kind: 'done', verb, command: parsed.kind === 'refused' ? parsed : refused(402) };
}

/** Whether CR or LF stands outside of quotes, where it would begin another command of CSCP. */
function hasLineBreak(text: string): boolean {
  if (!/[\r\n]/.test(text)) return false;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) return true;
  }
  return false;
}
