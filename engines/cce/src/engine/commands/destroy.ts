import type { Level } from '../level.ts';
import { BAD_PARAMETERS, readOid } from '../replies.ts';
import { refuseConflict, type WriteOutcome, write } from '../write.ts';
import type { Command, CommandContext } from './command.ts';
import { refuse } from './set.ts';

/** DESTROY (cce 1.7): every namespace must allow it. */
export const destroy: Command<'DESTROY'> = async (context, operation) => {
  const oid = readOid(operation.oid);
  if (oid === undefined) return BAD_PARAMETERS;
  return write(context, (level) => remove(context, level, { oid, text: operation.oid }));
};

async function remove(
  context: CommandContext,
  level: Level,
  { oid, text }: { readonly oid: number; readonly text: string },
): Promise<WriteOutcome> {
  if ((await level.transaction.lock(oid, context.options.signal)) === 'conflict') return refuseConflict(context, level, oid);
  const view = context.view(level);
  const state = await view.state(oid);
  const type = state && view.schema.classes.get(state.class);
  if (!state || !type) return refuse([{ code: 300, oid: text }]);
  const rights = await context.rights(view, level);
  if (!(await rights.mayDestroy(state, type))) return refuse([{ code: 304, what: 'DESTROY' }]);
  level.layer.put({ ...state, gone: true });
  return { refused: false, lines: [] };
}
