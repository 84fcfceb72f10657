import type { Operation } from '@fairlead/cscp/codec';
import type { Answer } from '../../map/answer.ts';
import { passed } from './answers.ts';
import { type Call, execute, requireIdentity, withConnection } from './call.ts';

/** SUSPEND and RESUME (cce 6.15). */
export function answerAdmin(call: Call, operation: Operation): Promise<Answer> {
  return withConnection(call, async (connection) => passed(call, await execute(call, connection, operation)));
}

/** SUSPENDED: no data at all when it is not, because PHP takes any for a yes. */
export async function answerSuspended(call: Call): Promise<Answer> {
  await requireIdentity(call);
  const { suspended: reason } = await call.parts.backend.health(call.signal);
  return { status: 201, message: 'GOODBYE', passed: true, ...(reason !== undefined && { data: { suspended: true, reason } }) };
}
