import type { ReplyLine } from '@fairlead/cscp/codec';
import type { NamespaceType } from '../../schema/schema.ts';
import type { StoredObject } from '../../storage/object-storage.ts';
import type { PendingObject } from '../overlay.ts';
import { readable } from '../readable.ts';
import { BAD_PARAMETERS, failed, readOid, succeeded } from '../replies.ts';
import type { Rights } from '../rights.ts';
import type { Command } from './command.ts';

interface Shown {
  readonly type: NamespaceType;
  readonly committed: StoredObject | undefined;
  readonly pending: PendingObject | undefined;
  readonly rights: Rights;
}

/** GET (cce 1.7): 102 is what is in the store, 103 what the transaction made of it. */
export const get: Command<'GET'> = async (context, operation) => {
  const oid = readOid(operation.oid);
  if (oid === undefined) return BAD_PARAMETERS;
  const view = context.view();
  await view.load([oid, context.connection.identity.oid].filter((one) => one > 0));
  const committed = await view.committed(oid);
  if (committed) context.connection.scope?.transaction.noteRead(oid, committed.version);
  const pending = view.pending(oid);
  const object = pending ?? committed;
  if (!object || (pending?.gone && !committed)) return failed([{ code: 300, oid: operation.oid }]);
  const type = view.schema.classes.get(object.class)?.namespaces.get(operation.namespace);
  if (!type) return failed([{ code: 303, namespace: operation.namespace }]);
  return succeeded(await linesOf({ type, committed, pending, rights: await context.rights(view) }));
};

async function linesOf({ type, committed, pending, rights }: Shown): Promise<readonly ReplyLine[]> {
  if (!committed) return [{ code: 107 }, ...(pending ? dataLines(103, await readable(rights, type, pending)) : [])];
  const old = await readable(rights, type, committed);
  const lines = dataLines(102, old);
  if (!pending) return lines;
  if (pending.gone) return [...lines, { code: 108 }];
  const now = await readable(rights, type, pending);
  return [...lines, ...dataLines(103, new Map([...now].filter(([key, value]) => old.get(key) !== value)))];
}

function dataLines(code: 102 | 103, values: ReadonlyMap<string, string>): ReplyLine[] {
  return [...values].map(([key, value]) => ({ code, key, value }));
}
