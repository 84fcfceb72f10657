import type { Operation } from '@fairlead/cscp/codec';
import type { EngineReply } from '@fairlead/engine-cce';
import type { Answer } from '../../map/answer.ts';
import type { Search } from '../../map/command.ts';
import type { Answerable } from '../../map/json.ts';
import { isSuccess, oidsOf } from '../../map/reply.ts';
import type { BackendConnection } from '../backend.ts';
import { composed, passed } from './answers.ts';
import { type Call, execute, withConnection } from './call.ts';
import { showObjects } from './show-objects.ts';

/** What a search found. */
export interface Found {
  readonly reply: EngineReply;
  /** The wanted part, in the wanted order. */
  readonly oids: readonly string[];
  readonly total: number;
}

/** FIND (cce 6.9) and FINDX (cce 6.10), which differ in their message and in what they say about nothing. */
export function answerFind(call: Call, search: Search, style: 'FIND' | 'FINDX'): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const { reply, oids, total } = await find(call, connection, search);
    const objects = await projection(call, connection, oids, search.props);
    const data = { oidlist: oids.length > 0 || style === 'FINDX' ? oids : undefined, count: search.count ? total : undefined, objects };
    return style === 'FINDX' ? composed(call, reply, data) : passed(call, reply, data);
  });
}

/** Objects as far as `props` asks for them; nothing when it does not. */
async function projection(
  call: Call,
  connection: BackendConnection,
  ...[oids, props]: [readonly string[], Search['props']]
): Promise<Answerable | undefined> {
  return props === undefined ? undefined : showObjects(call, await connection.readObjects(oids, call.signal), props);
}

/** Runs the search as one FIND; the order backwards, and the page out of it, are ours. */
export async function find(call: Call, connection: BackendConnection, search: Search): Promise<Found> {
  const operation: Operation = { verb: 'FIND', class: search.class, criteria: search.criteria, sort: search.sort };
  const reply = await execute(call, connection, operation);
  if (!isSuccess(reply)) return { reply, oids: [], total: 0 };
  const found = oidsOf(reply);
  const ordered = search.descending ? found.toReversed() : found;
  const end = search.limit === undefined ? undefined : search.offset + search.limit;
  return { reply, oids: ordered.slice(search.offset, end), total: found.length };
}
