import { failed, succeeded } from '../replies.ts';
import type { Command } from './command.ts';

const MAX_REASON_BYTES = 128;

/** ADMIN SUSPEND and ADMIN RESUME (cce 1.7). */
export const admin: Command<'ADMIN'> = async (context, operation) => {
  const { core, connection } = context;
  const caller = await context.view().caller(connection.identity);
  if (!caller.sysadmin) return failed();
  const action = operation.action.toUpperCase();
  const isSuspended = (await core.suspended()) !== undefined;
  if (action === 'SUSPEND' && !isSuspended) {
    await core.setSuspended(shortened(operation.reason ?? ''));
    core.log.warn({ user: connection.oid }, 'writes to CCE are suspended');
    return succeeded();
  }
  if (action === 'RESUME' && isSuspended) {
    await core.setSuspended(undefined);
    core.log.info({ user: connection.oid }, 'writes to CCE go on');
    return succeeded();
  }
  return failed();
};

function shortened(reason: string): string {
  let bytes = 0;
  let kept = '';
  for (const char of reason) {
    bytes += Buffer.byteLength(char);
    if (bytes > MAX_REASON_BYTES) return kept;
    kept += char;
  }
  return kept;
}
