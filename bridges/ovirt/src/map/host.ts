import type { Host as CloudHost } from '@fairlead/cloudstack';
import type { Host } from '@fairlead/ovirt/codec';
import type { Href } from './href.ts';
import { linksOf, referenceOrNone } from './link.ts';
import { hostStatus } from './status.ts';

/** Clients ask for at least libvirt 8 before they offer incremental backup; used where the host does not tell (ovirt 5.4). */
const LIBVIRT = { major: 10, minor: 10, build: 0, revision: 0, full_version: 'libvirt-10.10.0' } as const;
const VDSM = { major: 4, minor: 50, build: 0, revision: 0, full_version: 'vdsm-4.50.0-1.el9' } as const;

/** Those hosts that are wanted; the first of each zone among all of them plays the storage manager. */
export function toHosts(hosts: readonly CloudHost[], href: Href, isWanted: (host: CloudHost) => boolean): readonly Host[] {
  return hosts.filter(isWanted).map((host) => toHost(host, href, hosts.find((first) => first.zoneid === host.zoneid) === host));
}

/** A KVM host (ovirt 5.4). */
function toHost(host: CloudHost, href: Href, isSpm: boolean): Host {
  return {
    id: host.id,
    href: href('hosts', host.id),
    name: host.name,
    address: host.ipaddress,
    auto_numa_status: 'unknown',
    cpu: cpuOf(host),
    external_status: 'ok',
    hardware_information: { uuid: host.id },
    kdump_status: 'disabled',
    libvirt_version: libvirtVersion(host.details),
    max_scheduling_memory: schedulable(host),
    memory: host.memorytotal,
    os: { type: 'RHEL', version: { full_version: osVersion(host) } },
    port: 54321,
    power_management: { enabled: false },
    protocol: 'stomp',
    spm: { priority: 5, status: isSpm ? 'spm' : 'none' },
    status: hostStatus(host.resourcestate, host.state),
    type: 'rhel',
    version: VDSM,
    cluster: referenceOrNone(href, 'clusters', host.clusterid),
    link: linksOf(href, ['hosts', host.id], ['nics', 'storage', 'statistics', 'tags', 'permissions']),
  };
}

/** CloudStack counts logical CPUs of all sockets together (ovirt 5.4). */
function cpuOf(host: CloudHost): NonNullable<Host['cpu']> {
  const sockets = Math.max(1, host.cpusockets ?? 1);
  const cores = Math.max(1, Math.floor((host.cpunumber ?? sockets) / sockets));
  const name = host.details['Host.CPU.Model'] ?? host.arch ?? 'x86_64';
  return { name, type: name, speed: host.cpuspeed, topology: { sockets, cores, threads: 1 } };
}

function schedulable(host: CloudHost): number | undefined {
  const allocated = host.memoryallocatedbytes ?? host.memoryallocated ?? 0;
  return host.memorytotal === undefined ? undefined : Math.max(0, host.memorytotal - allocated);
}

function osVersion(host: CloudHost): string | undefined {
  const named = [host.details['Host.OS'], host.details['Host.OS.Version']].filter((part) => part !== undefined).join(' ');
  return named === '' ? host.hypervisorversion : named;
}

function libvirtVersion(details: Readonly<Record<string, string>>): NonNullable<Host['libvirt_version']> {
  const told = Object.entries(details).find(([key]) => /libvirt/i.test(key))?.[1];
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(told ?? '');
  if (!found) return LIBVIRT;
  const [text, major, minor, build = '0'] = found;
  return { major: Number(major), minor: Number(minor), build: Number(build), revision: 0, full_version: `libvirt-${text}` };
}
