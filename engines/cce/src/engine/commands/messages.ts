import type { EngineConnection } from '../engine-connection.ts';
import { Level } from '../level.ts';
import { BAD_COMMAND, BAD_PARAMETERS, succeeded } from '../replies.ts';
import type { Command } from './command.ts';

/** BADDATA is for whoever caused the dispatch that this handler belongs to (cce 4.6). */
export const badData: Command<'BADDATA'> = async ({ connection }, { oid, key, message }) => {
  if (!/^[0-9]+$/.test(oid)) return BAD_PARAMETERS;
  const level = levelOf(connection);
  if (!level) return BAD_COMMAND;
  level.badData.set(`${oid} ${key}`, { code: 302, oid, key, message });
  return succeeded();
};

/** INFO and WARN go to the client at the top, in the order in which all handlers say them. */
export const info: Command<'INFO'> = async ({ connection }, { message }) => {
  levelOf(connection)?.transaction.messages.push({ code: 106, text: message });
  return succeeded();
};

export const warn: Command<'WARN'> = async ({ connection }, { message }) => {
  levelOf(connection)?.transaction.messages.push({ code: 305, text: message });
  return succeeded();
};

function levelOf({ ground }: EngineConnection): Level | undefined {
  return ground instanceof Level ? ground : undefined;
}
