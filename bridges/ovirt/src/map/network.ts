import type { Network as CloudNetwork } from '@fairlead/cloudstack';
import type { Network, VnicProfile } from '@fairlead/ovirt/codec';
import type { Href } from './href.ts';
import { linksOf, reference, referenceOrNone } from './link.ts';
import { networkStatus } from './status.ts';

/** A guest network (ovirt 5.6). */
export function toNetwork(network: CloudNetwork, href: Href): Network {
  const vlan = /(\d+)$/.exec(network.vlan ?? '')?.[1];
  return {
    id: network.id,
    href: href('networks', network.id),
    name: network.name,
    description: network.displaytext,
    mtu: 0,
    port_isolation: false,
    status: networkStatus(network.state),
    stp: false,
    usages: ['vm'],
    vdsm_name: network.name,
    vlan: vlan === undefined ? undefined : { id: vlan },
    data_center: referenceOrNone(href, 'datacenters', network.zoneid),
    link: linksOf(href, ['networks', network.id], ['vnicprofiles', 'permissions', 'networklabels']),
  };
}

/** The one profile of a network; it has the network's id (ovirt 5.6). `name` is unique among what the caller sees. */
export function toVnicProfile(network: CloudNetwork, href: Href, name: string): VnicProfile {
  return {
    id: network.id,
    href: href('vnicprofiles', network.id),
    name,
    description: network.displaytext,
    migratable: true,
    pass_through: { mode: 'disabled' },
    port_mirroring: false,
    network: reference(href, 'networks', network.id),
    link: linksOf(href, ['vnicprofiles', network.id], ['permissions']),
  };
}
