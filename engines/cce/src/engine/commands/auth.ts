import type { EngineReply } from '../../connection.ts';
import { ANONYMOUS, oidText } from '../identity.ts';
import { beginSession, findSessionUser, logIn } from '../log-in.ts';
import { failed, succeeded } from '../replies.ts';
import type { Command, CommandContext } from './command.ts';

const NOBODYS_SESSION = '0'.repeat(63);

/** AUTH (cce 1.7): whatever comes of it, the admin flag is gone. */
export const auth: Command<'AUTH'> = async (context, { user, password }) => {
  const { connection, core } = context;
  connection.identity = ANONYMOUS;
  connection.session = undefined;
  if (user === '') return succeeded([{ code: 109, sessionId: NOBODYS_SESSION }]);
  const found = await logIn(core, user, password, context.options.signal);
  const sessionId = found && (await beginSession(core, found));
  if (!found || sessionId === undefined) return refused(context, 'AUTH');
  connection.identity = { oid: found.oid, name: found.name, admin: false };
  connection.session = sessionId;
  return succeeded([{ code: 109, sessionId }]);
};

/** AUTHKEY (cce 1.7): a malformed id costs no pause. */
export const authKey: Command<'AUTHKEY'> = async (context, { user, sessionId }) => {
  const { connection, core } = context;
  connection.identity = ANONYMOUS;
  connection.session = undefined;
  if (!/^[A-Za-z0-9]{63}$/.test(sessionId)) return failed();
  const found = await findSessionUser(core, { user, sessionId });
  if (!found) return refused(context, 'AUTHKEY');
  connection.identity = { ...found, admin: false };
  connection.session = sessionId;
  return succeeded();
};

/** ENDKEY ends the session; the connection goes on as who it is. */
export const endKey: Command<'ENDKEY'> = async ({ connection, core }) => {
  const { session } = connection;
  connection.session = undefined;
  if (session !== undefined) await core.sessions.revoke(session);
  return succeeded();
};

export const whoAmI: Command<'WHOAMI'> = async (context) => {
  const { identity } = context.connection;
  const caller = await context.view().caller(identity);
  return succeeded([{ code: 104, oid: oidText({ ...identity, oid: caller.oid }) }]);
};

/** The pause holds up nobody but this connection. */
async function refused({ core, connection, options }: CommandContext, verb: string): Promise<EngineReply> {
  core.log.info({ peer: connection.peer, verb }, 'a login was refused');
  const pauseMs = core.options.failurePauseMs?.() ?? randomPauseMs();
  if (pauseMs > 0) await core.clock.sleep(pauseMs, options.signal);
  return failed();
}

function randomPauseMs(): number {
  return 500 + Math.random() * 2500;
}
