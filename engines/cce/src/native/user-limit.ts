import type { Complaint, HandlerSession, Reading } from './handler-session.ts';
import { tag } from './tag.ts';
import { sitesNamed } from './vsite-suspend.ts';

/** A site keeps to its `maxusers` when a user comes (cce 4.8). */
export async function checkNewUserLimit(session: HandlerSession): Promise<void> {
  const user = await session.read(session.oid);
  const [oid] = await sitesNamed(session, user.now('site'));
  if (oid === undefined) return;
  await session.hold(oid);
  await session.refuse(await limitComplaints(session, await session.read(oid), 'site'));
}

/** A site cannot have fewer `maxusers` than users. */
export async function checkVsiteLimit(session: HandlerSession): Promise<void> {
  await session.refuse(await limitComplaints(session, await session.read(session.oid), 'maxusers'));
}

/** An empty limit is none. */
async function limitComplaints(session: HandlerSession, site: Reading, key: string): Promise<readonly Complaint[]> {
  const [name, max] = [site.now('name'), site.now('maxusers')];
  if (name === '' || max === '') return [];
  const users = await session.find('User', { site: name });
  if (users.length <= Number(max)) return [];
  return [{ key, message: tag('base-vsite.overUserLimit', { site: name, max }) }];
}
