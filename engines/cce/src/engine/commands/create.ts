import type { ClassType, NamespaceType } from '../../schema/schema.ts';
import type { Level } from '../level.ts';
import type { PendingObject } from '../overlay.ts';
import { validate, written } from '../validate.ts';
import { type WriteOutcome, write } from '../write.ts';
import type { Command, CommandContext } from './command.ts';
import { refuse } from './set.ts';

interface Made {
  readonly type: ClassType;
  readonly namespace: NamespaceType;
  readonly values: ReadonlyMap<string, string>;
}

/** CREATE (cce 1.7): values, rights to create, rights to each property; rules see the new object with all its data. */
export const create: Command<'CREATE'> = (context, operation) =>
  write(context, async (level) => {
    const type = context.language(level).schema.classes.get(operation.class);
    const namespace = type?.namespaces.get('');
    if (!type || !namespace) return refuse([{ code: 301, class: operation.class }]);
    const question = { type: namespace, oid: '0', state: undefined };
    const values = written(question, operation.values);
    const bad = await validate(context, question, values);
    if (bad.length > 0) return refuse(bad);
    return make(context, level, { type, namespace, values });
  });

async function make(context: CommandContext, level: Level, { type, namespace, values }: Made): Promise<WriteOutcome> {
  const view = context.view(level);
  const rights = await context.rights(view, level);
  const denied = refuse([{ code: 304, what: 'CREATE' }]);
  // Without an OID for those who have no chance at all.
  if (!rights.caller.sysadmin && [...type.namespaces.values()].some(({ createAcl }) => createAcl.trim() === '')) return denied;
  const oid = await level.transaction.reserve(context.options.signal);
  const object: PendingObject = { oid, class: type.name, values: new Map([['', values]]), gone: false };
  level.layer.put(object);
  if (!(await rights.mayCreate(object, type))) return denied;
  const refused = await rights.refused(object, namespace, values.keys());
  if (refused.length > 0) return refuse(refused.map((what) => ({ code: 304, what })));
  return { refused: false, lines: [{ code: 104, oid: String(oid) }] };
}
