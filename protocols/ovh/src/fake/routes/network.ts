import { asRow, type Row } from '../json.ts';
import { listing, reading, SERVICE_INFOS_BODY, taggedIds, writing } from './lists.ts';
import { like } from './paging-v1.ts';
import { type Asked, param, type Route, rowOf } from './route.ts';

const VRACK = '/vrack/{serviceName}';

/** Blocks of addresses and private networks (10.1). */
export const networkRoutes: readonly Route[] = [
  ...listing({
    path: '/ip',
    variable: 'ip',
    model: 'ip.IpWithIAM',
    query: {
      iamTags: 'map?',
      type: 'string?',
      version: 'long?',
      description: 'string?',
      isAdditionalIp: 'boolean?',
      'routedTo.serviceName': 'string?',
    },
    all: blocks,
    one: (id, asked) => rowOf(asked.world.state.ips, id, 'ip'),
  }),
  writing('/ip/{ip}', { description: 'string?' }, (asked) => rowOf(asked.world.state.ips, param(asked, 'ip'), 'ip')),
  ...listing({
    path: '/vrack',
    variable: 'serviceName',
    model: 'vrack.vrackWithIAM',
    query: { iamTags: 'map?' },
    all: (asked) => taggedIds(asked, asked.world.state.vracks, (entry) => entry.vrack),
    one: (id, asked) => rowOf(asked.world.state.vracks, id, 'serviceName').vrack,
  }),
  reading(`${VRACK}/serviceInfos`, 'services.Service', (asked) => vrackOf(asked).serviceInfos),
  writing(`${VRACK}/serviceInfos`, SERVICE_INFOS_BODY, (asked) => vrackOf(asked).serviceInfos),
  ...listing({
    path: `${VRACK}/dedicatedServer`,
    variable: 'dedicatedServer',
    model: 'vrack.dedicatedServer',
    all: (asked) => vrackOf(asked).servers,
    one: member,
  }),
];

function vrackOf(asked: Asked) {
  return rowOf(asked.world.state.vracks, param(asked, 'serviceName'), 'serviceName');
}

function member(id: string, asked: Asked): Row {
  const vrack = param(asked, 'serviceName');
  const rows = new Map(vrackOf(asked).servers.map((name): [string, Row] => [name, { dedicatedServer: name, vrack }]));
  return rowOf(rows, id, 'dedicatedServer');
}

function blocks(asked: Asked): string[] {
  const { query } = asked.call;
  const { ips } = asked.world.state;
  const same = (name: string, value: unknown): boolean => query.get(name) === null || query.get(name) === String(value);
  return taggedIds(asked, ips, (row) => row).filter((ip) => {
    const row = rowOf(ips, ip, 'ip');
    const description = query.get('description');
    if (description !== null && !like(description, String(row.description ?? ''))) return false;
    const routed = asRow(row.routedTo)?.serviceName;
    return (
      same('type', row.type) &&
      same('version', row.version) &&
      same('isAdditionalIp', row.isAdditionalIp) &&
      same('routedTo.serviceName', routed)
    );
  });
}
