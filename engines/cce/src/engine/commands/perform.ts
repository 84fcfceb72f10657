import { COMMANDS, type ExtensionVerb, isExtension, isLegal, type Operation, type Verb } from '@fairlead/cscp/codec';
import type { EngineReply } from '../../connection.ts';
import type { EngineConnection } from '../engine-connection.ts';
import { BAD_COMMAND } from '../replies.ts';
import { admin } from './admin.ts';
import { auth, authKey, endKey, whoAmI } from './auth.ts';
import { begin, bye, commit } from './bounds.ts';
import { type Command, CommandContext, type CommandOptions } from './command.ts';
import { create } from './create.ts';
import { destroy } from './destroy.ts';
import { find } from './find.ts';
import { get } from './get.ts';
import { badData, info, warn } from './messages.ts';
import { classes, help, names } from './names.ts';
import { set } from './set.ts';

/** Of real CSCP: what is offered beyond it is no matter of the engine. */
type PlainVerb = Exclude<Verb, ExtensionVerb>;

const commands: { readonly [V in PlainVerb]: Command<V> } = {
  ADMIN: admin,
  AUTH: auth,
  AUTHKEY: authKey,
  BADDATA: badData,
  BEGIN: begin,
  BYE: bye,
  CLASSES: classes,
  COMMIT: commit,
  CREATE: create,
  DESTROY: destroy,
  ENDKEY: endKey,
  FIND: find,
  GET: get,
  HELP: help,
  INFO: info,
  NAMES: names,
  SET: set,
  WARN: warn,
  WHOAMI: whoAmI,
};

/** Carries out one command, when it is legal there (cce 1.3). */
export async function perform(connection: EngineConnection, operation: Operation, options: CommandOptions): Promise<EngineReply> {
  const command = COMMANDS.get(operation.verb);
  if (!command || !isLegal(command, connection) || isExtension(operation)) return BAD_COMMAND;
  const run = commands[operation.verb] as Command<Verb>;
  return run(new CommandContext(connection, options), operation);
}
