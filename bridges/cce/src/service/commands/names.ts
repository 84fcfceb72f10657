import type { Operation } from '@fairlead/cscp/codec';
import type { Answer } from '../../map/answer.ts';
import { classesOf, namespacesOf, textsOf } from '../../map/reply.ts';
import { passed } from './answers.ts';
import { type Call, execute, withConnection } from './call.ts';

/** NAMES, CLASSES and HELP (cce 6.13, 6.16): lists, which are left out when they are empty. */
export function answerList(call: Call, operation: Operation): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const reply = await execute(call, connection, operation);
    const lists = { namespaces: namespacesOf(reply), classes: classesOf(reply), commands: textsOf(reply) };
    return passed(call, reply, Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)));
  });
}
