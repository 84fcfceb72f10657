import { packArray, unpackArray } from '@fairlead/cscp/codec';
import type { HandlerSession, Reading } from './handler-session.ts';

/** Only in the shipped schema: with that of a real server nothing is remembered, and all users are switched on again. */
const REMEMBERED = 'suspendedUsers';

/** Users of a suspended site are switched off; the site remembers which of them were on, and switches those on again (cce 4.8). */
export async function suspendVsite(session: HandlerSession): Promise<void> {
  const site = await session.read(session.oid);
  const name = site.now('name');
  if (name === '') return;
  if (isOn(site, 'suspend')) await remember(session, session.oid, await switchOff(session, name));
  else await switchOn(session, name, site);
}

/** Who is made while the site is suspended waits for its end too. */
export async function suspendNewUser(session: HandlerSession): Promise<void> {
  const user = await session.read(session.oid);
  const [oid] = await sitesNamed(session, user.now('site'));
  if (oid === undefined || !isOn(user, 'enabled')) return;
  const site = await session.read(oid);
  if (!isOn(site, 'suspend')) return;
  await session.set(session.oid, '', { enabled: '0' });
  await remember(session, oid, [...unpackArray(site.now(REMEMBERED)), user.now('name')]);
}

/** Sites of that name; nobody's when the name is empty. */
export async function sitesNamed(session: HandlerSession, name: string): Promise<readonly string[]> {
  return name === '' ? [] : session.find('Vsite', { name });
}

/** Answers the names of those that were on. */
async function switchOff(session: HandlerSession, site: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const oid of await session.find('User', { site })) {
    const user = await session.read(oid);
    if (!isOn(user, 'enabled')) continue;
    await session.set(oid, '', { enabled: '0' });
    names.push(user.now('name'));
  }
  return names;
}

async function switchOn(session: HandlerSession, name: string, site: Reading): Promise<void> {
  const names = new Set(unpackArray(site.now(REMEMBERED)));
  for (const oid of await session.find('User', { site: name })) {
    const user = await session.read(oid);
    if (!site.has(REMEMBERED) || names.has(user.now('name'))) await session.set(oid, '', { enabled: '1' });
  }
  await remember(session, session.oid, []);
}

async function remember(session: HandlerSession, site: string, names: readonly string[]): Promise<void> {
  if ((await session.read(site)).has(REMEMBERED)) await session.set(site, '', { [REMEMBERED]: packArray(names) });
}

function isOn(object: Reading, key: string): boolean {
  const value = object.now(key);
  return value !== '' && value !== '0';
}
