import { unpackArray } from '@fairlead/cscp/codec';
import type { Complaint, HandlerSession } from './handler-session.ts';
import { tag } from './tag.ts';
import { holdSites } from './vsite-check.ts';

const MESSAGES = { webAliases: 'base-vsite.usedWebAliases', mailAliases: 'base-vsite.usedMailAliases' } as const;

/** No alias of a site may be an alias of the same kind, or the name, of another one (cce 4.8). */
export async function checkVsiteAliases(session: HandlerSession): Promise<void> {
  await holdSites(session);
  const site = await session.read(session.oid);
  const complaints: Complaint[] = [];
  for (const key of ['webAliases', 'mailAliases'] as const) {
    const aliases = unpackArray(site.now(key)).filter((alias) => alias !== '');
    if (await anyTaken(session, key, aliases)) complaints.push({ key, message: tag(MESSAGES[key]) });
  }
  await session.refuse(complaints);
}

async function anyTaken(session: HandlerSession, key: keyof typeof MESSAGES, aliases: readonly string[]): Promise<boolean> {
  for (const alias of aliases) {
    const holders = [...(await session.find('Vsite', { [key]: alias })), ...(await session.find('Vsite', { fqdn: alias }))];
    if (holders.some((oid) => oid !== session.oid)) return true;
  }
  return false;
}
