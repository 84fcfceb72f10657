import type { ReplyLine } from '@fairlead/cscp/codec';
import type { Level } from '../level.ts';
import { BAD_PARAMETERS, readOid } from '../replies.ts';
import { validate, written } from '../validate.ts';
import { withValues } from '../values.ts';
import { refuseConflict, type WriteOutcome, write } from '../write.ts';
import type { Command, CommandContext } from './command.ts';

interface Request {
  readonly oid: string;
  readonly namespace: string;
  readonly values: ReadonlyMap<string, string>;
}

/** SET (cce 1.7): object, namespace, values, rights, in this order; nothing is changed when any key fails. */
export const set: Command<'SET'> = async (context, request) => {
  const oid = readOid(request.oid);
  if (oid === undefined) return BAD_PARAMETERS;
  return write(context, (level) => change(context, level, { ...request, number: oid }));
};

async function change(context: CommandContext, level: Level, request: Request & { readonly number: number }): Promise<WriteOutcome> {
  const { number } = request;
  if ((await level.transaction.lock(number, context.options.signal)) === 'conflict') return refuseConflict(context, level, number);
  const view = context.view(level);
  const state = await view.state(number);
  if (!state) return refuse([{ code: 300, oid: request.oid }]);
  const type = view.schema.classes.get(state.class)?.namespaces.get(request.namespace);
  if (!type) return refuse([{ code: 303, namespace: request.namespace }]);
  const question = { type, oid: request.oid, state };
  const changed = written(question, request.values);
  const bad = await validate(context, question, changed);
  if (bad.length > 0) return refuse(bad);
  // Also of values that stay as they are: the answer would tell what they are.
  const denied = await (await context.rights(view, level)).refused(state, type, request.values.keys());
  if (denied.length > 0) return refuse(denied.map((what) => ({ code: 304, what })));
  if (changed.size > 0) level.layer.put({ ...state, values: withValues(state.values, type.name, changed), gone: false });
  return { refused: false, lines: [] };
}

export function refuse(lines: readonly ReplyLine[]): WriteOutcome {
  return { refused: true, lines };
}
