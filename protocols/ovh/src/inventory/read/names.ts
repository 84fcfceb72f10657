import { domainFacts } from '../map/domain.ts';
import type { Facts } from '../map/facts.ts';
import { ipFacts } from '../map/ip.ts';
import { together } from './pool.ts';
import type { Sheet } from './sheet.ts';

const DOMAIN = '/domain/{serviceName}';

/** All that is to know of one domain. */
export async function readDomain(sheet: Sheet, name: string): Promise<Facts> {
  const [domain, serviceInfos] = await together([sheet.itself(DOMAIN), sheet.row(`${DOMAIN}/serviceInfos`)]);
  return domainFacts(name, { domain, serviceInfos });
}

/** All that is to know of one block of addresses. */
export async function readIp(sheet: Sheet, block: string): Promise<Facts> {
  return ipFacts(block, await sheet.itself('/ip/{ip}'));
}
