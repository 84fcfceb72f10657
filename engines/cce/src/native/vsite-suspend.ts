import { packArray, unpackArray } from '@fairlead/cscp/codec';
import type { HandlerSession, Reading } from './handler-session.ts';

/** Users of a suspended site are switched off; the site remembers which of them were on, and switches those on again (cce 4.8). */
export async function suspendVsite(session: HandlerSession): Promise<void> {
  const site = await session.read(session.oid);
  const name = site.now('name');
  if (name === '') return;
  if (isOn(site, 'suspend')) await switchOff(session, name);
  else await switchOn(session, name, unpackArray(site.now('suspendedUsers')));
}

/** Who is made while the site is suspended waits for its end too. */
export async function suspendNewUser(session: HandlerSession): Promise<void> {
  const user = await session.read(session.oid);
  const [oid] = await sitesNamed(session, user.now('site'));
  if (oid === undefined || !isOn(user, 'enabled')) return;
  const site = await session.read(oid);
  if (!isOn(site, 'suspend')) return;
  await session.set(session.oid, '', { enabled: '0' });
  const remembered = unpackArray(site.now('suspendedUsers'));
  await session.set(oid, '', { suspendedUsers: packArray([...remembered, user.now('name')]) });
}

/** Sites of that name; nobody's when the name is empty. */
export async function sitesNamed(session: HandlerSession, name: string): Promise<readonly string[]> {
  return name === '' ? [] : session.find('Vsite', { name });
}

async function switchOff(session: HandlerSession, site: string): Promise<void> {
  const names: string[] = [];
  for (const oid of await session.find('User', { site })) {
    const user = await session.read(oid);
    if (!isOn(user, 'enabled')) continue;
    await session.set(oid, '', { enabled: '0' });
    names.push(user.now('name'));
  }
  await session.set(session.oid, '', { suspendedUsers: packArray(names) });
}

async function switchOn(session: HandlerSession, site: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    for (const oid of await session.find('User', { site, name })) await session.set(oid, '', { enabled: '1' });
  }
  await session.set(session.oid, '', { suspendedUsers: '' });
}

function isOn(object: Reading, key: string): boolean {
  const value = object.now(key);
  return value !== '' && value !== '0';
}
