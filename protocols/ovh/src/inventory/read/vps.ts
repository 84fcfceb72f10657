import type { Facts } from '../map/facts.ts';
import { vpsFacts } from '../map/vps.ts';
import { together } from './pool.ts';
import type { Sheet } from './sheet.ts';

const VPS = '/vps/{serviceName}';

/** All that is to know of one VPS. */
export async function readVps(sheet: Sheet, name: string): Promise<Facts> {
  const [vps, serviceInfos, ips, datacenter, image] = await together([
    sheet.itself(VPS),
    sheet.row(`${VPS}/serviceInfos`),
    sheet.list(`${VPS}/ips`),
    sheet.row(`${VPS}/datacenter`),
    sheet.row(`${VPS}/images/current`),
  ]);
  return vpsFacts(name, { vps, serviceInfos, ips, datacenter, image });
}
