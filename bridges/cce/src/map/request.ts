import type { Operation } from '@fairlead/cscp/codec';
import { CceError } from '../errors.ts';
import type { CceRequest, Command, RequestCredentials, RequestOptions } from './command.ts';
import { Fields, invalidValue } from './fields.ts';
import { isObject, readJson } from './json.ts';
import { type RawCommand, readRaw } from './raw.ts';
import { commandOfOids, commandOfOperation } from './raw-command.ts';
import { readStructured } from './structured.ts';

/** What headers say about a request. */
export interface RequestHeaders {
  /** `X-CCE-Arrays: 1`. */
  readonly arrays: boolean;
}

/**
 * Understands a body (cce 5.2, 5.3). What only makes the command wrong becomes a `refused` command; throws `CCE_BODY_INVALID`, `CCE_COMMAND_MISSING`,
 * `CCE_COMMAND_ERRORS`, `CCE_LINE_BREAK`, `CCE_VALUE_INVALID` for what is no request at all.
 */
export function readRequest(body: string, headers: RequestHeaders = { arrays: false }): CceRequest {
  const json = readJson(body);
  if (!isObject(json)) throw CceError('CCE_BODY_INVALID');
  const fields = new Fields(json);
  const text = trimmed(fields.text('cmd') ?? '');
  if (text === '') throw CceError('CCE_COMMAND_MISSING');
  const word = /^\S+?(?=[\s,]|$)/.exec(text)?.[0] ?? text;
  // Only letters of ASCII: other scripts have letters that become these in capitals.
  const verb = /^[A-Za-z]+$/.test(word) ? word.toUpperCase() : word;
  if (verb === 'ERRORS') throw CceError('CCE_COMMAND_ERRORS');
  const { command, operation } =
    word === text ? { command: readStructured(verb, fields), operation: undefined } : fromRaw(readRaw(text, verb), fields);
  return { verb, command, credentials: readCredentials(fields, operation), options: readOptions(fields, headers) };
}

/** White space of the grammar at both ends (cce 1.4). A last line break belongs to no second command. */
function trimmed(text: string): string {
  return text.replace(/^[\s,]+/, '').trimEnd();
}

function fromRaw(raw: RawCommand, fields: Fields): { command: Command; operation: Operation | undefined } {
  if (raw.kind === 'done') return { command: raw.command, operation: undefined };
  if (raw.kind === 'oids') return { command: commandOfOids(raw.oids, fields), operation: undefined };
  return { command: commandOfOperation(raw.verb, raw.operation, fields), operation: raw.operation };
}

/** No engine has a longer name; this one is counted, logged and kept in the audit before anybody knows it (cce 7.5). */
const LONGEST_USER = 255;

/** Who calls. Throws `CCE_VALUE_INVALID` for a user name that cannot be one. */
function readCredentials(fields: Fields, operation: Operation | undefined): RequestCredentials {
  const credentials = credentialsOf(fields, operation);
  if ((credentials.user?.length ?? 0) > LONGEST_USER) throw invalidValue('user');
  return credentials;
}

/** AUTH and AUTHKEY that are written out carry the credentials themselves. */
function credentialsOf(fields: Fields, operation: Operation | undefined): RequestCredentials {
  const said = {
    user: fields.filled('user') ?? fields.filled('username'),
    password: fields.filled('password'),
    sessionId: fields.filled('sessionid'),
    token: fields.filled('token'),
  };
  if (operation?.verb === 'AUTH') return { ...said, user: operation.user, password: operation.password };
  if (operation?.verb === 'AUTHKEY') return { ...said, user: operation.user, sessionId: operation.sessionId };
  return said;
}

function readOptions(fields: Fields, headers: RequestHeaders): RequestOptions {
  return {
    arrays: fields.optionalFlag('arrays') ?? headers.arrays,
    typed: fields.flag('typed'),
    dryRun: fields.flag('dryrun'),
    events: fields.flag('events'),
    messages: fields.flag('messages'),
    expect: fields.has('expect') ? fields.values('expect') : undefined,
    atomic: fields.optionalFlag('atomic'),
    refs: fields.flag('refs'),
  };
}
