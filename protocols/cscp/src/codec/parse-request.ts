import { COMMANDS, type Command, isLegal, type Where } from './commands.ts';
import { isSpaceOrEnd, lex, skipSpace } from './lexer.ts';
import type { Operation } from './operation.ts';
import { readParameters } from './parameters.ts';
import type { Reply } from './reply.ts';

/** What a line of a request says. A refused one has its whole reply with it. */
export type ParsedRequest =
  | { readonly kind: 'blank' }
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'refused'; readonly reply: Reply };

const BLANK: ParsedRequest = { kind: 'blank' };
const BAD_COMMAND: ParsedRequest = { kind: 'refused', reply: { lines: [], end: 402 } };
const BAD_PARAMETERS: ParsedRequest = { kind: 'refused', reply: { lines: [], end: 403 } };
const PARSE_ERROR: ParsedRequest = errorOf('COMMAND PARSE ERROR');

/** The reply to a line beyond the limit; the connection is closed after it (cce 1.1). */
export const LINE_TOO_LONG: Reply = { lines: [{ code: 306, text: 'LINE TOO LONG' }], end: 402 };

const KEYWORD = /[A-Za-z]+/y;

function errorOf(text: string): ParsedRequest {
  return { kind: 'refused', reply: { lines: [{ code: 306, text }], end: 402 } };
}

/**
 * Reads one line, without its line feed, by the grammar of cce 1.4 and the checks of 1.4(5) in their order: command known and legal in
 * this place, number of parameters, lexical errors, and then what 1.7 says about the parameters of each command.
 */
export function parseRequest(line: string, where: Where): ParsedRequest {
  const start = skipSpace(line, 0);
  if (start >= line.length) return BLANK;
  const verb = keywordAt(line, start);
  const command = COMMANDS.get(verb.toUpperCase());
  if (!command || !isLegal(command, where)) return BAD_COMMAND;
  return parseParameters(command, line, start + verb.length);
}

function keywordAt(line: string, start: number): string {
  KEYWORD.lastIndex = start;
  const word = KEYWORD.exec(line)?.[0] ?? '';
  return isSpaceOrEnd(line, start + word.length) ? word : '';
}

function parseParameters(command: Command, line: string, from: number): ParsedRequest {
  const { tokens, broken } = lex(line, from);
  // What cannot be read counts as one parameter, so that `GET "5` is a parse error and no missing parameter.
  const count = tokens.length + (broken ? 1 : 0);
  if (count < command.min || count > command.max) return BAD_PARAMETERS;
  if (broken) return PARSE_ERROR;
  const operation = readParameters(command.verb, tokens);
  return operation ? { kind: 'operation', operation } : BAD_PARAMETERS;
}
