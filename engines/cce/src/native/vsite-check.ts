import type { Complaint, HandlerSession, Reading } from './handler-session.ts';
import { tag } from './tag.ts';

const MAX_FQDN = 255;
const MAX_PREFIX = 5;
const LOCALHOST = new Set(['localhost', 'localhost.localdomain']);

/** The name under which a site is reached: what was given, or its parts. */
export function fqdnOf(site: Reading): string {
  const [fqdn, hostname, domain] = [site.now('fqdn'), site.now('hostname'), site.now('domain')];
  if (fqdn !== '' || hostname === '' || domain === '') return fqdn;
  return `${hostname}.${domain}`;
}

/** Whether a site may have its name, its prefix, and be there at all (cce 4.8). */
export async function checkVsite(session: HandlerSession): Promise<void> {
  await holdSites(session);
  const site = await session.read(session.oid);
  const fqdn = fqdnOf(site);
  const complaints = [...shapeComplaints(site, fqdn)];
  if (complaints.length === 0) complaints.push(...(await nameComplaints(session, fqdn)));
  if (session.created) complaints.push(...(await countComplaints(session)));
  await session.refuse(complaints);
}

/** One site after the other is made or renamed in this gateway, so that two at once do not take the same name. */
export async function holdSites(session: HandlerSession): Promise<void> {
  for (const system of await session.find('System', {})) await session.hold(system);
}

function* shapeComplaints(site: Reading, fqdn: string): Generator<Complaint> {
  if (fqdn.length > MAX_FQDN) yield { key: 'fqdn', message: tag('base-vsite.fqdnTooLong') };
  if (LOCALHOST.has(fqdn) || LOCALHOST.has(site.now('hostname'))) {
    yield { key: 'fqdn', message: tag('base-vsite.localhostNotAllowed') };
  }
  if ([...site.now('prefix')].length > MAX_PREFIX) yield { key: 'prefix', message: tag('base-vsite.prefixTooLong') };
}

async function nameComplaints(session: HandlerSession, fqdn: string): Promise<readonly Complaint[]> {
  if (fqdn === '') return [];
  if (fqdn === (await serverFqdn(session))) return [{ key: 'fqdn', message: tag('base-vsite.systemFqdnNotAllowed') }];
  const taken = [...(await session.find('Vsite', { fqdn })), ...(await session.find('Vsite', { webAliases: fqdn }))];
  if (taken.every((oid) => oid === session.oid)) return [];
  return [{ key: 'fqdn', message: tag('base-vsite.fqdnInUse', { fqdn }) }];
}

async function serverFqdn(session: HandlerSession): Promise<string> {
  const [oid] = await session.find('System', {});
  if (oid === undefined) return '';
  const { now } = await session.read(oid);
  return `${now('hostname')}.${now('domainname')}`.toLowerCase();
}

async function countComplaints(session: HandlerSession): Promise<readonly Complaint[]> {
  const [system] = await session.find('System', {});
  if (system === undefined) return [];
  const max = (await session.read(system, 'Vsite')).now('maxVsite');
  const sites = await session.find('Vsite', {});
  if (max === '' || sites.length <= Number(max)) return [];
  return [{ key: 'fqdn', message: tag('base-vsite.siteLimitReached', { max }) }];
}
