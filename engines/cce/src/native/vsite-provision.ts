import type { HandlerSession, Reading } from './handler-session.ts';
import { fqdnOf } from './vsite-check.ts';

const DEFAULT_CREATOR = 'admin';
/** What a VirtualHost knows of its site besides the name. */
const SHARED = ['ipaddr', 'ipaddrIPv6', 'webAliases', 'webAliasRedirects', 'site_preview'] as const;

/** A new site gets its name, its directory, its creator, and the objects that go with it (cce 4.8). */
export async function provisionVsite(session: HandlerSession): Promise<void> {
  const site = await session.read(session.oid);
  const name = await freeName(session);
  const basedir = `${site.now('volume') || '/home'}/.sites/${name}`;
  const fqdn = fqdnOf(site);
  await session.set(session.oid, '', filled({ name, basedir, fqdn, createdUser: await creator(session, site) }));
  await session.create('VirtualHost', filled({ name, fqdn, documentRoot: `${basedir}/web`, ...shared(site) }));
  await session.create('UserServices', { site: name });
}

/** Changes of a site that its VirtualHost and the mail aliases of its users repeat. */
export async function keepVsiteInStep(session: HandlerSession): Promise<void> {
  const site = await session.read(session.oid);
  const [name, fqdn] = [site.now('name'), site.now('fqdn')];
  if (name === '') return;
  for (const host of await session.find('VirtualHost', { name })) await session.set(host, '', { fqdn, ...shared(site) });
  const old = site.before('fqdn');
  if (old === fqdn || old === '') return;
  for (const alias of await session.find('EmailAlias', { site: name, fqdn: old })) await session.set(alias, '', { fqdn });
}

/** The lowest `siteN` that no other site has, and no VirtualHost: that of a site which this transaction destroys is cleared up later, by its name. */
async function freeName(session: HandlerSession): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = `site${number}`;
    const holders = await session.find('Vsite', { name });
    if (holders.some((oid) => oid !== session.oid)) continue;
    if ((await session.find('VirtualHost', { name })).length === 0) return name;
  }
}

/** The caller's name, when nobody else is named: a creator that is the default counts as not given. */
async function creator(session: HandlerSession, site: Reading): Promise<string> {
  const given = site.now('createdUser');
  if ((given !== '' && given !== DEFAULT_CREATOR) || session.callerOid === '-1') return given;
  return (await session.read(session.callerOid)).now('name') || given;
}

function shared(site: Reading): Record<string, string> {
  return Object.fromEntries(SHARED.map((key) => [key, site.now(key)]));
}

/** An empty value that was never given is no valid one for every type, and says nothing. */
function filled(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
