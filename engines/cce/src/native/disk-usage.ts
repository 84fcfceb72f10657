import { createHash } from 'node:crypto';
import type { HandlerSession } from './handler-session.ts';

/** Where no quota is set, as if it were this. */
const UNLIMITED = 500;

/** There is no disk behind the engine: what is used is a number of its own for each object, the same each time, and within the quota (cce 4.8). */
export async function refreshDisk(session: HandlerSession): Promise<void> {
  const name = (await session.read(session.oid)).now('name');
  const quota = Number((await session.read(session.oid, 'Disk')).now('quota'));
  const limit = quota > 0 ? quota : UNLIMITED;
  await session.set(session.oid, 'Disk', { used: String(createHash('sha256').update(name).digest().readUInt32BE() % limit) });
}
