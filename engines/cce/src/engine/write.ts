import type { ReplyLine } from '@fairlead/cscp/codec';
import type { EngineReply } from '../connection.ts';
import type { CommandContext } from './commands/command.ts';
import { type CommitResult, commitTransaction } from './commit.ts';
import { cleanUp, dispatch, type Run, rollBack } from './dispatch.ts';
import { Level } from './level.ts';
import { failed, OTHERS_TRANSACTION, succeeded } from './replies.ts';
import { Transaction } from './transaction.ts';

/** What validation and ACL say of a write: it is refused with these lines, or done, with these lines before the outcome. */
export interface WriteOutcome {
  readonly refused: boolean;
  readonly lines: readonly ReplyLine[];
}

/** Puts a write into a level, or refuses it. */
export type Apply = (level: Level) => Promise<WriteOutcome>;

/** A transaction of its own, or a branch of that of the handler. */
export function openLevel({ connection, core }: CommandContext): Level {
  if (connection.ground instanceof Level) return connection.ground.branch();
  return new Level({ transaction: new Transaction(core, { identity: connection.identity, peer: connection.peer }) });
}

/** Carries out a write: as part of what BEGIN opened, else as a transaction of its own (cce 4.4). */
export async function write(context: CommandContext, apply: Apply): Promise<EngineReply> {
  const { open } = context.connection;
  if (open) return writeInto(context, open, apply);
  const level = openLevel(context);
  level.dryRun ||= context.options.dryRun;
  let concluded = false;
  try {
    const outcome = await apply(level);
    if (outcome.refused) return failed(outcome.lines);
    concluded = true;
    return await conclude(context, level, outcome.lines);
  } finally {
    if (!concluded && !level.parent) await level.transaction.end();
  }
}

/** A write that fails changes nothing, and the transaction stays open (cce 4.4). */
async function writeInto({ connection, options }: CommandContext, open: Level, apply: Apply): Promise<EngineReply> {
  const { transaction } = open;
  if (!open.parent && !transaction.mayBeWrittenBy(connection.identity)) return OTHERS_TRANSACTION;
  const mark = transaction.mark();
  const trial = open.branch();
  const outcome = await apply(trial);
  if (outcome.refused || options.dryRun) await transaction.forgetSince(mark);
  if (outcome.refused) return failed(outcome.lines);
  if (options.dryRun) return succeeded(outcome.lines);
  trial.layer.mergeIntoParent();
  if (!open.parent) transaction.writtenBy(connection.identity);
  return succeeded(outcome.lines);
}

/** Runs the handlers for a level and makes it part of what is above it: of the branch, or of the store. */
export async function conclude(context: CommandContext, level: Level, lead: readonly ReplyLine[]): Promise<EngineReply> {
  if (level.parent) return concludeBranch(context, level, lead);
  try {
    return await concludeTransaction(context, level, lead);
  } finally {
    await level.transaction.end();
  }
}

async function concludeBranch(context: CommandContext, level: Level, lead: readonly ReplyLine[]): Promise<EngineReply> {
  const run = { core: context.core, level, signal: context.options.signal };
  const passed = await dispatch(run);
  if (passed) level.join();
  const lines = [...lead, ...level.badData.values()];
  return passed ? succeeded(lines) : failed(lines);
}

async function concludeTransaction(context: CommandContext, level: Level, lead: readonly ReplyLine[]): Promise<EngineReply> {
  const { core, options } = context;
  const { signal } = options;
  const { transaction } = level;
  const reason = await core.suspended();
  if (reason !== undefined) return failed([...lead, { code: 309, reason }]);
  if (core.options.readOnly) return failed(lead);
  level.dryRun ||= options.dryRun;
  const run = { core, level, signal };
  const passed = await dispatch(run);
  if (passed && !level.dryRun) await cleanUp(run);
  if (passed && signal.aborted) await rollBack(run);
  signal.throwIfAborted();
  const before = [...lead, ...level.badData.values()];
  if (!passed) return told(failed([...before, ...conflictLines(transaction), ...transaction.messages]), transaction);
  if (level.dryRun) return succeeded([...before, ...transaction.messages]);
  const outcome = await commitOrRollBack(run);
  if (outcome.ok) return { ...succeeded([...before, ...transaction.messages]), events: outcome.events, transaction: transaction.id };
  await rollBack(run);
  return told(failed([...before, conflictLine(outcome.conflict), ...transaction.messages]), transaction);
}

/** A store that is away is told to the rollback handlers as well. */
async function commitOrRollBack(run: Run): Promise<CommitResult> {
  try {
    return await commitTransaction(run.core, run.level);
  } catch (error) {
    await rollBack(run);
    throw error;
  }
}

/** Somebody else has changed the object, or holds it. Should a handler fail for that, the caller at the top is told too. */
export function refuseConflict({ connection }: CommandContext, { transaction }: Level, oid: number): WriteOutcome {
  if (connection.context === 'HANDLER') transaction.conflict = oid;
  return { refused: true, lines: [conflictLine(oid)] };
}

function conflictLine(oid: number): ReplyLine {
  return { code: 306, text: `CONFLICT ${oid}` };
}

function conflictLines({ conflict }: Transaction): readonly ReplyLine[] {
  return conflict === undefined ? [] : [conflictLine(conflict)];
}

function told(reply: EngineReply, transaction: Transaction): EngineReply {
  return transaction.handlersStarted ? { ...reply, rollback: transaction.rolledBack } : reply;
}
