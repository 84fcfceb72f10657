import type { Level } from '../level.ts';
import { BAD_PARAMETERS, failed, succeeded } from '../replies.ts';
import { conclude, openLevel } from '../write.ts';
import type { Command, CommandContext } from './command.ts';

const FAREWELLS: readonly unknown[] = ['SUCCESS', 'FAIL', 'DEFER'];

/** BEGIN (cce 4.4): writes wait for COMMIT. */
export const begin: Command<'BEGIN'> = async (context) => {
  context.connection.open = openLevel(context);
  return succeeded();
};

/** COMMIT: one dispatch over everything since BEGIN; whatever comes of it, the transaction is over. */
export const commit: Command<'COMMIT'> = async (context) => {
  const { connection } = context;
  const level = connection.open;
  connection.open = undefined;
  if (!level) return succeeded();
  if (level.parent) return conclude(context, level, []);
  try {
    if (await isStillThere(context, level)) return await conclude(context, level, []);
    return failed([{ code: 304, what: 'COMMIT' }]);
  } finally {
    await level.transaction.end();
  }
};

/** What somebody wrote who has been disabled or destroyed since is not carried out. */
async function isStillThere(context: CommandContext, { transaction }: Level): Promise<boolean> {
  const caller = await context.view().caller(transaction.caller);
  return transaction.caller.oid === 0 || caller.oid !== 0;
}

/** BYE (cce 1.7). A good one moves the end of the session on. */
export const bye: Command<'BYE'> = async ({ connection, core }, { flag }) => {
  const farewell = flag ?? (connection.context === 'CLIENT' ? 'SUCCESS' : 'FAIL');
  if (!FAREWELLS.includes(farewell)) return BAD_PARAMETERS;
  if (farewell === 'SUCCESS' && connection.session !== undefined) await core.sessions.verify(connection.session);
  connection.farewell = farewell;
  await connection.close();
  return { lines: [], end: 202 };
};
