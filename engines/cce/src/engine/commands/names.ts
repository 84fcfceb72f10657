import { helpLines, type ReplyLine } from '@fairlead/cscp/codec';
import type { ClassType } from '../../schema/schema.ts';
import { failed, readOid, succeeded } from '../replies.ts';
import { byBytes } from '../values.ts';
import type { Command } from './command.ts';

/** NAMES (cce 1.7): digits are an OID, all else is a class. */
export const names: Command<'NAMES'> = async (context, { of }) => {
  const view = context.view();
  if (!/^[0-9]+$/.test(of)) {
    const type = view.schema.classes.get(of);
    return type ? succeeded(namespaceLines(type)) : failed([{ code: 301, class: of }]);
  }
  const oid = readOid(of);
  const state = oid === undefined ? undefined : await view.state(oid);
  const type = state && view.schema.classes.get(state.class);
  return type ? succeeded(namespaceLines(type)) : failed([{ code: 300, oid: of }]);
};

export const classes: Command<'CLASSES'> = async (context) => {
  const all = [...context.language().schema.classes.keys()].toSorted(byBytes);
  return succeeded(all.map((name) => ({ code: 110, class: name })));
};

export const help: Command<'HELP'> = async ({ connection }) => succeeded(helpLines(connection).map((text) => ({ code: 0, text })));

function namespaceLines(type: ClassType): readonly ReplyLine[] {
  return [...type.namespaces.keys()].filter((name) => name !== '').map((namespace) => ({ code: 105, namespace }));
}
