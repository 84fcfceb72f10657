import { unpackArray } from '@fairlead/cscp/codec';
import type { HandlerSession, PropertyReader } from './handler-session.ts';
import { tag } from './tag.ts';
import { holdSites } from './vsite-check.ts';
import { sitesNamed } from './vsite-suspend.ts';

/** An alias is nobody else's within a site, and no other user's name (cce 4.8). */
export async function checkUserAliases(session: HandlerSession): Promise<void> {
  const user = await session.read(session.oid);
  const [name, site] = [user.now('name'), user.now('site')];
  const aliases = await aliasesOf(session);
  if (aliases.length > 0) await holdSite(session, site);
  for (const alias of aliases) {
    if (!(await isTaken(session, { alias, name, site }))) continue;
    await session.refuse([{ key: 'aliases', message: tag('base-email.aliasAlreadyTaken', { alias }) }]);
  }
}

/** One EmailAlias for each alias of a user, under the present name and site. */
export async function keepUserAliases(session: HandlerSession): Promise<void> {
  const user = await session.read(session.oid);
  const [name, site] = [user.now('name'), user.now('site')];
  const fqdn = await fqdnOfSite(session, site);
  const missing = new Set(await aliasesOf(session));
  for (const oid of session.created ? [] : await aliasObjects(session, user.before)) {
    const { now } = await session.read(oid);
    const fits = now('action') === name && now('site') === site && now('fqdn') === fqdn && missing.delete(now('alias'));
    if (!fits) await session.destroy(oid);
  }
  for (const alias of missing) await session.create('EmailAlias', { alias, fqdn, action: name, site });
}

/** The aliases of a user end with it. */
export async function removeUserAliases(session: HandlerSession): Promise<void> {
  const user = await session.read(session.oid);
  for (const oid of await aliasObjects(session, user.now)) await session.destroy(oid);
}

/** One after the other in this gateway, so that two users of a site do not take the same alias at once. */
async function holdSite(session: HandlerSession, site: string): Promise<void> {
  const [oid] = await sitesNamed(session, site);
  if (oid === undefined) await holdSites(session);
  else await session.hold(oid);
}

async function aliasesOf(session: HandlerSession): Promise<readonly string[]> {
  const email = await session.read(session.oid, 'Email');
  return unpackArray(email.now('aliases')).filter((alias) => alias !== '');
}

/** Aliases that an administrator made by hand are marked as local ones. */
async function aliasObjects(session: HandlerSession, property: PropertyReader): Promise<readonly string[]> {
  const [name, site] = [property('name'), property('site')];
  return name === '' ? [] : session.find('EmailAlias', { action: name, site, local_alias: '0' });
}

async function isTaken(session: HandlerSession, wanted: { alias: string; name: string; site: string }): Promise<boolean> {
  const { alias, site } = wanted;
  const users = await session.find('User', { name: alias, site });
  if (users.some((oid) => oid !== session.oid)) return true;
  if ((await session.find('ProtectedEmailAlias', { alias, site })).length > 0) return true;
  const own = new Set([wanted.name, (await session.read(session.oid)).before('name')]);
  for (const oid of await session.find('EmailAlias', { alias, site })) {
    if (!own.has((await session.read(oid)).now('action'))) return true;
  }
  return false;
}

async function fqdnOfSite(session: HandlerSession, site: string): Promise<string> {
  const [oid] = await sitesNamed(session, site);
  return oid === undefined ? '' : (await session.read(oid)).now('fqdn');
}
