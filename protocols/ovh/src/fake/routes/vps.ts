import type { Vps } from '../world/state.ts';
import { listing, reading, rowsBelow, SERVICE_INFOS_BODY, taggedIds, writing } from './lists.ts';
import { type Asked, param, type Route, rowOf } from './route.ts';

const VPS = '/vps/{serviceName}';

/** Virtual private servers (10.1). */
export const vpsRoutes: readonly Route[] = [
  ...listing({
    path: '/vps',
    variable: 'serviceName',
    model: 'vps.VPSWithIAM',
    query: { iamTags: 'map?' },
    all: (asked) => taggedIds(asked, asked.world.state.vps, (entry) => entry.vps),
    one: (id, asked) => rowOf(asked.world.state.vps, id, 'serviceName').vps,
  }),
  writing(
    VPS,
    { displayName: 'string?', keymap: 'string?', netbootMode: 'string?', slaMonitoring: 'boolean?' },
    (asked) => vpsOf(asked).vps,
  ),
  reading(`${VPS}/serviceInfos`, 'services.Service', (asked) => vpsOf(asked).serviceInfos),
  writing(`${VPS}/serviceInfos`, SERVICE_INFOS_BODY, (asked) => vpsOf(asked).serviceInfos),
  reading(`${VPS}/ips`, 'ip[]', (asked) => vpsOf(asked).ips),
  reading(`${VPS}/datacenter`, 'vps.Datacenter', (asked) => vpsOf(asked).datacenter),
  reading(`${VPS}/images/current`, 'vps.Image', (asked) => vpsOf(asked).image),
  ...rowsBelow({ path: `${VPS}/disks`, variable: 'id', model: 'vps.Disk', ids: 'long' }, (asked) => vpsOf(asked).disks),
];

function vpsOf(asked: Asked): Vps {
  return rowOf(asked.world.state.vps, param(asked, 'serviceName'), 'serviceName');
}
