import type { Operation } from '@fairlead/cscp/codec';
import { CceError } from '../../errors.ts';
import type { Answer } from '../../map/answer.ts';
import { OID, refused } from '../../map/command.ts';
import { FAILED, passed } from '../commands/answers.ts';
import { type Call, execute, requireClass, requireIdentity, withConnection } from '../commands/call.ts';

const QUEUED: Answer = { status: 100, message: 'QUEUED' };

const WRITES: ReadonlySet<string> = new Set(['SET', 'CREATE', 'DESTROY']);
const READS: ReadonlySet<string> = new Set(['GET', 'FIND', 'NAMES']);

/** BEGIN (cce 8.2): only whoever has shown who he is can have a transaction. */
export async function answerBegin(call: Call): Promise<Answer> {
  const { admission, parts, request } = call;
  const { queueKey: key, userName: user } = admission;
  if (key === undefined) return FAILED;
  await requireIdentity(call);
  const { refs, atomic } = request.options;
  const discarded = await parts.transactions.begin({ key, user }, { refs, atomic });
  return { status: 201, message: 'BEGIN OK', ...(discarded !== undefined && { data: { discarded } }) };
}

/** The answer to a command that waits for COMMIT, or undefined for one that is carried out now (cce 8.2). */
export async function queueCommand(call: Call): Promise<Answer | undefined> {
  const { admission, parts } = call;
  if (!mayWait(call)) return undefined;
  const { queueKey: key, userName: user } = admission;
  if (key === undefined) return undefined;
  const open = await parts.transactions.find({ key, user });
  if (open === undefined) return undefined;
  const operation = queueable(call);
  if (operation === 'not inside') return passed(call, refused(402).reply);
  if (operation === undefined || (!open.refs && 'oid' in operation && !OID.test(operation.oid))) return passed(call, refused(403).reply);
  await requireScope(call, operation);
  return (await parts.transactions.add({ key, user }, operation)) ? QUEUED : undefined;
}

/** Outside of its classes a secret cannot even queue: one by one, commands before it would stay (cce 12.5). */
async function requireScope(call: Call, operation: Operation): Promise<void> {
  if ('class' in operation && operation.class !== undefined) requireClass(call, operation.class);
  if (call.admission.scope?.classes === undefined || !('oid' in operation) || !OID.test(operation.oid)) return;
  const { oid } = operation;
  await withConnection(call, (connection) => execute(call, connection, { verb: 'GET', oid, namespace: '' }));
}

/** What is not asked for here never waits, so that reading costs no look at the queues. */
function mayWait({ request, parts }: Call): boolean {
  const { command } = request;
  if (request.options.dryRun) return false;
  if (command.kind === 'create-deep') return true;
  if (command.kind === 'find') return parts.settings.dtsQueueReads && command.style === 'FIND';
  if (command.kind !== 'operation') return false;
  const { verb } = command.operation;
  return WRITES.has(verb) || verb === 'ADMIN' || (parts.settings.dtsQueueReads && READS.has(verb));
}

/** The command as it is kept. Throws `CCE_NOT_QUEUEABLE` for what a queue cannot carry. */
function queueable({ request }: Call): Operation | 'not inside' | undefined {
  const { command, options } = request;
  if (command.kind === 'create-deep') throw CceError('CCE_NOT_QUEUEABLE', { what: 'namespaces' });
  if (options.expect !== undefined) throw CceError('CCE_NOT_QUEUEABLE', { what: 'expect' });
  if (command.kind === 'find')
    return { verb: 'FIND', class: command.search.class, criteria: command.search.criteria, sort: command.search.sort };
  if (command.kind !== 'operation') return undefined;
  return command.operation.verb === 'ADMIN' ? 'not inside' : command.operation;
}
