import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { EngineReply } from '@fairlead/engine-cce';
import { CceError } from '../../errors.ts';
import type { Answer } from '../../map/answer.ts';
import { infosOf, isSuccess, messageOf, oidsOf } from '../../map/reply.ts';
import type { BackendConnection } from '../backend.ts';
import { type Call, execute, withConnection } from '../commands/call.ts';
import { Reach } from './reach.ts';
import { resolveReferences } from './references.ts';
import { failureEntry, type ResultEntry, resultEntry } from './results.ts';
import type { QueuedTransaction } from './transactions.ts';

/** The session has ended between BEGIN and COMMIT; its commands are gone (cce 8.1). */
export const COMMIT_REFUSED: Answer = { status: 401, message: 'AUTHKEY failed: session invalid or expired' };

/** COMMIT (cce 8.3). Throws `CCE_NO_TRANSACTION`, `CCE_FORBIDDEN`. */
export async function answerCommit(call: Call): Promise<Answer> {
  const { admission, parts, request } = call;
  const { queueKey: key, userName: user } = admission;
  const taken = key === undefined ? undefined : await parts.transactions.take({ key, user });
  if (taken === undefined) throw CceError('CCE_NO_TRANSACTION');
  // The line of the secret may say less than when they were queued.
  const verbs = admission.scope?.verbs;
  if (verbs !== undefined && !taken.operations.every(({ verb }) => verbs.has(verb))) throw CceError('CCE_FORBIDDEN');
  const isAtomic = request.options.atomic ?? taken.atomic ?? parts.settings.dtsMode === 'atomic';
  const reach = new Reach();
  try {
    return await withConnection(call, async (bare) => {
      if (taken.operations.length === 0) return committed([], undefined);
      const connection = reach.through(bare);
      return isAtomic ? await commitAtomic(call, connection, taken) : await commitOneByOne(call, connection, taken);
    });
  } catch (error) {
    if (reach.wasNothingSent(error)) await parts.transactions.putBack(taken);
    throw error;
  }
}

/** One transaction of CSCP: every command is tried, so that every error is told, and none stays when one failed. */
async function commitAtomic(call: Call, connection: BackendConnection, taken: QueuedTransaction): Promise<Answer> {
  const begun = await execute(call, connection, { verb: 'BEGIN' });
  if (!isSuccess(begun)) return failed([], [failureEntry('BEGIN', -1, begun)], { rolled_back: true });
  const results = entriesOf(taken.operations, await runAll(call, connection, taken));
  const errors = results.filter(isFailure);
  if (errors.length > 0) return failed(undone(results), errors, { rolled_back: true });
  const reply = await execute(call, connection, { verb: 'COMMIT' });
  if (isSuccess(reply)) return committed(results, reply, call.request.options.events);
  return failed(undone(results), [failureEntry('COMMIT', -1, reply)], { rolled_back: true, ...told(reply) });
}

/** As the original proxy did: each command for itself, and those that can stay do (cce 8.3). */
async function commitOneByOne(call: Call, connection: BackendConnection, taken: QueuedTransaction): Promise<Answer> {
  const replies = await runAll(call, connection, taken);
  const results = entriesOf(taken.operations, replies);
  const errors = results.filter(isFailure);
  const infos = replies.flatMap((reply) => infosOf(reply)).map((info) => ({ ...info }));
  const data = infos.length === 0 ? {} : { infos };
  return errors.length > 0 ? failed(results, errors, data) : { ...committed(results, undefined), data: { results, ...data } };
}

const UNKNOWN_REFERENCE: Reply = { lines: [], end: 403 };

/** All at once, unless a command may name what one before it made. */
async function runAll(call: Call, connection: BackendConnection, { refs, operations }: QueuedTransaction): Promise<readonly Reply[]> {
  if (!refs) return connection.executeAll(operations, { signal: call.signal });
  const replies: Reply[] = [];
  const made = new Map<number, string>();
  for (const [index, operation] of operations.entries()) {
    const resolved = resolveReferences(operation, made);
    const reply = resolved === undefined ? UNKNOWN_REFERENCE : await execute(call, connection, resolved);
    const [oid] = oidsOf(reply);
    if (operation.verb === 'CREATE' && isSuccess(reply) && oid !== undefined) made.set(index, oid);
    replies.push(reply);
  }
  return replies;
}

function entriesOf(operations: readonly Operation[], replies: readonly Reply[]): ResultEntry[] {
  return operations.map((operation, index) => resultEntry(operation, index, replies[index] ?? UNKNOWN_REFERENCE));
}

function isFailure(entry: ResultEntry): boolean {
  return entry.status !== 201;
}

/** What was fine keeps its status, as in the seed, and says that it did not stay. */
function undone(results: readonly ResultEntry[]): ResultEntry[] {
  return results.map((entry) => (isFailure(entry) ? entry : { ...entry, rolled_back: true }));
}

function committed(results: readonly ResultEntry[], reply: EngineReply | undefined, withEvents = false): Answer {
  const warnings = (reply?.lines ?? []).filter(({ code }) => code === 305).map((line) => ({ ...messageOf(line) }));
  const events = withEvents ? [...(reply?.events ?? [])] : undefined;
  const data = { errors: warnings.length === 0 ? undefined : warnings, results, events, ...(reply && told(reply)) };
  return { status: 201, message: 'COMMIT successful', data };
}

function failed(results: readonly ResultEntry[], errors: readonly ResultEntry[], more: ResultEntry): Answer {
  return { status: 409, message: 'One or more commands in the transaction failed.', data: { errors, results, ...more } };
}

/** What handlers said, and how far the engine had come. */
function told(reply: EngineReply): ResultEntry {
  const infos = infosOf(reply).map((info) => ({ ...info }));
  const { rollback } = reply;
  return { infos: infos.length === 0 ? undefined : infos, rollback: rollback && true, rollback_events: rollback && [...rollback] };
}
