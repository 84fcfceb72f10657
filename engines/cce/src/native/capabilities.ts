import { packArray, unpackArray } from '@fairlead/cscp/codec';
import type { Complaint, HandlerSession, PropertyReader, Reading } from './handler-session.ts';
import { tag } from './tag.ts';

/** `capabilities` of a user are what the groups in `capLevels` contain (cce 4.8, 14.5). */
export async function expandCapLevels(session: HandlerSession): Promise<void> {
  const user = await session.read(session.oid);
  const levels = unpackArray(user.now('capLevels'));
  if (session.created && levels.length === 0) return;
  await session.set(session.oid, '', { capabilities: packArray([...(await expanded(session, levels))]) });
}

/**
 * Nobody gives what he has not: without this a user who may modify users (`ruleModifyUser` lets him write `capLevels`,
 * `capabilities` and `site`, also his own) could make himself administrator of everything.
 */
export async function checkGrant(session: HandlerSession): Promise<void> {
  if (session.callerOid === '-1') return;
  const caller = (await session.read(session.callerOid)).before;
  if (isSet(caller('systemAdministrator'))) return;
  const user = await session.read(session.oid);
  const held = new Set(unpackArray(caller('capabilities')));
  const complaints = await grantComplaints(session, user, held);
  await session.refuse([...complaints, ...siteComplaints(user, held, caller('site'))]);
}

async function grantComplaints(session: HandlerSession, user: Reading, held: ReadonlySet<string>): Promise<readonly Complaint[]> {
  const had = await granted(session, user.before);
  const complaints: Complaint[] = [];
  for (const key of ['capLevels', 'capabilities'] as const) {
    const wanted = await granted(session, (other) => (other === key ? user.now(key) : ''));
    const beyond = [...wanted].find((capability) => !had.has(capability) && !held.has(capability));
    if (beyond !== undefined) complaints.push({ key, message: tag('base-user.capabilityNotHeld', { capability: beyond }) });
  }
  return complaints;
}

function siteComplaints(user: Reading, held: ReadonlySet<string>, ownSite: string): readonly Complaint[] {
  const site = user.now('site');
  if (held.has('adminUser') || site === ownSite || site === user.before('site')) return [];
  return [{ key: 'site', message: tag('base-user.siteNotYours', { site }) }];
}

/** Everything that the properties of a user give: what is written in them, and what groups of `capLevels` contain. */
async function granted(session: HandlerSession, property: PropertyReader): Promise<ReadonlySet<string>> {
  const levels = await expanded(session, unpackArray(property('capLevels')));
  return new Set([...levels, ...unpackArray(property('capabilities'))]);
}

/** Names of groups and of what they contain, however deep; groups may contain each other. */
async function expanded(session: HandlerSession, names: readonly string[]): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const open = [...names];
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    if (name === '' || seen.has(name)) continue;
    seen.add(name);
    for (const oid of await session.find('CapabilityGroup', { name })) {
      open.push(...unpackArray((await session.read(oid)).now('capabilities')));
    }
  }
  return seen;
}

function isSet(value: string): boolean {
  return value !== '' && value !== '0';
}
