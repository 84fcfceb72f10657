import type { Answer } from '../../map/answer.ts';
import type { Command } from '../../map/command.ts';
import { describeClasses, describeNamespace } from '../../map/schema-description.ts';
import { passed } from './answers.ts';
import { allowsClass, type Call, requireClass, requireIdentity } from './call.ts';
import { writeRights } from './write-rights.ts';

/** SCHEMA (cce 12.4): the list of classes, or one namespace with its properties. */
export async function answerSchema(call: Call, wish: Extract<Command, { kind: 'schema' }>): Promise<Answer> {
  const { schema, bindings } = call.parts.backend;
  const { classes } = schema;
  if (wish.class === undefined) {
    await requireIdentity(call);
    const allowed = new Map([...classes].filter(([name]) => allowsClass(call, name)));
    return { status: 201, message: 'OK', data: { schema: describeClasses(allowed) } };
  }
  requireClass(call, wish.class);
  const rights = await writeRights(call);
  const found = classes.get(wish.class);
  if (found === undefined) return passed(call, { lines: [{ code: 301, class: wish.class }], end: 401 });
  const namespace = found.namespaces.get(wish.namespace ?? '');
  if (namespace === undefined) return passed(call, { lines: [{ code: 303, namespace: wish.namespace ?? '' }], end: 401 });
  return { status: 201, message: 'OK', data: { schema: describeNamespace(namespace, { mayWrite: rights.of, bindings }) } };
}
