import { setImmediate as letOthersWork } from 'node:timers/promises';
import type { ObjectView } from '../connection.ts';
import type { NamespaceType } from '../schema/schema.ts';
import { CommandContext } from './commands/command.ts';
import type { EngineConnection } from './engine-connection.ts';
import { readable } from './readable.ts';
import { readOid } from './replies.ts';
import type { Rights } from './rights.ts';
import type { ObjectState } from './values.ts';

/** After so many objects others have their turn. */
const TURN = 50;

/** Objects with all namespaces that the caller may read, with one look at the store for all of them. */
export async function readObjects(
  connection: EngineConnection,
  oids: readonly string[],
  signal: AbortSignal,
): Promise<readonly ObjectView[]> {
  const context = new CommandContext(connection, { signal, dryRun: false });
  const view = context.view();
  const numbers = oids.flatMap((oid) => readOid(oid) ?? []);
  await view.load([...new Set([...numbers, connection.identity.oid])].filter((oid) => oid > 0));
  const rights = await context.rights(view);
  const views: ObjectView[] = [];
  for (const [at, oid] of numbers.entries()) {
    if (at % TURN === TURN - 1) await letOthersWork();
    signal.throwIfAborted();
    const state = await view.state(oid);
    const type = state && view.schema.classes.get(state.class);
    if (state && type) views.push(await viewOf(rights, type.namespaces.values(), state));
  }
  return views;
}

async function viewOf(rights: Rights, types: Iterable<NamespaceType>, state: ObjectState): Promise<ObjectView> {
  const namespaces = new Map<string, ReadonlyMap<string, string>>();
  for (const type of types) namespaces.set(type.name, await readable(rights, type, state));
  return { oid: String(state.oid), class: state.class, namespaces };
}
