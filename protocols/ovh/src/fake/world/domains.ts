import { instant } from '../fake-clock.ts';
import type { Row } from '../json.ts';
import { address, type Maker, NIC_HANDLE } from './maker.ts';
import type { Domain } from './state.ts';

const ENDINGS: readonly [string, ...string[]] = ['com', 'net', 'org'];
const SERVERS = ['dns100.ovh.net', 'ns100.ovh.net'];

/** The nth domain with its zone; the first one is `example.com`. */
export function makeDomain(maker: Maker, n: number): Domain {
  const { random } = maker;
  const name = n < ENDINGS.length ? `example.${ENDINGS[n] ?? 'com'}` : `shop-${n}.example`;
  const infos = maker.serviceInfos(name, '/domain/{serviceName}', 'domain');
  return {
    domain: domainRow(maker, name, infos),
    serviceInfos: infos,
    zone: {
      name,
      dnssecSupported: true,
      hasDnsAnycast: false,
      lastUpdate: instant(maker.past(100)),
      nameServers: SERVERS,
      iam: maker.iam('dnsZone', name, name),
    },
    records: new Map(
      [
        record(n, 0, 'NS', '', 'dns100.ovh.net.'),
        record(n, 1, 'NS', '', 'ns100.ovh.net.'),
        record(n, 2, 'A', 'www', address(random.between(10, 500))),
      ].map((row) => [Number(row.id), { ...row, zone: name }]),
    ),
  };
}

function domainRow(maker: Maker, name: string, infos: Row): Row {
  const contact: Row = { id: NIC_HANDLE };
  const expired = infos.status === 'expired';
  return {
    domain: name,
    serviceId: infos.serviceId ?? 0,
    state: expired ? 'expired' : 'ok',
    suspensionState: 'not_suspended',
    renewalState: infos.renewalType === 'manual' ? 'manual_renew' : 'automatic_renew',
    expirationDate: `${String(infos.expiration)}T10:00:00+00:00`,
    renewalDate: `${String(infos.expiration)}T10:00:00+00:00`,
    lastUpdate: instant(maker.past(100)),
    nameServerType: 'hosted',
    nameServers: SERVERS.map((nameServer, at) => ({ id: 1000 + at, nameServer, nameServerType: 'hosted', ipv4: null, ipv6: null })),
    dnssecState: 'not_supported',
    dnssecSupported: true,
    transferLockStatus: 'locked',
    offer: 'gold',
    whoisOwner: NIC_HANDLE,
    owoSupported: true,
    hostSupported: true,
    glueRecordIpv6Supported: true,
    glueRecordMultiIpSupported: true,
    contactAdmin: contact,
    contactBilling: contact,
    contactOwner: contact,
    contactTech: contact,
    parentService: null,
    iam: maker.iam('domain', name, name),
  };
}

function record(n: number, at: number, fieldType: string, subDomain: string, target: string): Row {
  return { id: 3_000_000 + n * 100 + at, fieldType, subDomain, target, ttl: 0 };
}
