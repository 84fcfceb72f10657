import type { Nic as CloudNic } from '@fairlead/cloudstack';
import type { Nic, ReportedDevice } from '@fairlead/ovirt/codec';
import type { Href } from './href.ts';
import { linksOf, reference, referenceOrNone } from './link.ts';

type Interface = NonNullable<Nic['interface']>;

const INTERFACES: Readonly<Record<string, Interface>> = { virtio: 'virtio', e1000: 'e1000', e1000e: 'e1000e', rtl8139: 'rtl8139' };

/** A network card of a VM (ovirt 5.10). `nicAdapter` is the VM's detail of that name; `reported` inlines what the guest has. */
export function toNic(nic: CloudNic, vmId: string, href: Href, options: { nicAdapter?: string | undefined } = {}): Nic {
  const path = ['vms', vmId, 'nics', nic.id];
  return {
    id: nic.id,
    href: href(...path),
    name: `nic${deviceNumber(nic) + 1}`,
    interface: INTERFACES[(nic.adaptertype ?? options.nicAdapter ?? 'virtio').toLowerCase()] ?? 'virtio',
    linked: nic.enabled ?? true,
    mac: nic.macaddress === undefined ? undefined : { address: nic.macaddress },
    plugged: true,
    synced: true,
    network: referenceOrNone(href, 'networks', nic.networkid),
    vnic_profile: referenceOrNone(href, 'vnicprofiles', nic.networkid),
    vm: reference(href, 'vms', vmId),
    link: linksOf(href, path, ['reporteddevices', 'statistics', 'networkfilterparameters']),
  };
}

/** What the guest would report of this card (ovirt 5.10). */
export function toReportedDevice(nic: CloudNic, vmId: string, href: Href): ReportedDevice {
  return {
    id: nic.id,
    href: href('vms', vmId, 'nics', nic.id, 'reporteddevices', nic.id),
    name: `eth${deviceNumber(nic)}`,
    type: 'network',
    mac: nic.macaddress === undefined ? undefined : { address: nic.macaddress },
    ips: addressesOf(nic),
    vm: reference(href, 'vms', vmId),
  };
}

function addressesOf(nic: CloudNic): NonNullable<ReportedDevice['ips']> {
  const v4 =
    nic.ipaddress === undefined ? [] : [{ address: nic.ipaddress, gateway: nic.gateway, netmask: nic.netmask, version: 'v4' as const }];
  const v6 = nic.ip6address === undefined ? [] : [{ address: nic.ip6address, gateway: nic.ip6gateway, version: 'v6' as const }];
  const more = nic.secondaryip.flatMap(({ ipaddress }) => {
    if (ipaddress === undefined) return [];
    return [{ address: ipaddress, version: ipaddress.includes(':') ? ('v6' as const) : ('v4' as const) }];
  });
  return [...v4, ...v6, ...more];
}

/** `deviceid` is text in CloudStack's answers. */
function deviceNumber(nic: CloudNic): number {
  const number = Number(nic.deviceid ?? 0);
  return Number.isInteger(number) ? number : 0;
}
