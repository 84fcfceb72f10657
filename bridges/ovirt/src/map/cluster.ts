import type { Cluster as CloudCluster } from '@fairlead/cloudstack';
import type { Cluster } from '@fairlead/ovirt/codec';
import { COMPATIBILITY } from './data-center.ts';
import type { Href } from './href.ts';
import { linksOf, referenceOrNone, zeroReference } from './link.ts';

/** Facts of a cluster that CloudStack has no word for (ovirt 5.3). */
const CONSTANTS = {
  ballooning_enabled: true,
  bios_type: 'q35_ovmf',
  error_handling: { on_error: 'migrate' },
  fencing_policy: { enabled: true, skip_if_connectivity_broken: { enabled: false }, skip_if_sd_active: { enabled: false } },
  fips_mode: 'disabled',
  firewall_type: 'firewalld',
  gluster_service: false,
  ksm: { enabled: true, merge_across_nodes: true },
  memory_policy: { over_commit: { percent: 100 }, transparent_hugepages: { enabled: true } },
  migration: { auto_converge: 'inherit', compressed: 'inherit', encrypted: 'inherit' },
  required_rng_sources: ['urandom'],
  switch_type: 'legacy',
  threads_as_cores: false,
  trusted_service: false,
  tunnel_migration: false,
  version: COMPATIBILITY,
  virt_service: true,
  vnc_encryption: false,
} as const satisfies Cluster;

/** A cluster of KVM hosts (ovirt 5.3). */
export function toCluster(cluster: CloudCluster, href: Href): Cluster {
  const architecture = cluster.arch ?? 'x86_64';
  return {
    ...CONSTANTS,
    id: cluster.id,
    href: href('clusters', cluster.id),
    name: cluster.name,
    cpu: { architecture, type: architecture === 'x86_64' ? 'Intel Nehalem Family' : architecture },
    data_center: referenceOrNone(href, 'datacenters', cluster.zoneid),
    scheduling_policy: zeroReference(href, 'schedulingpolicies'),
    link: linksOf(href, ['clusters', cluster.id], ['networks', 'cpuprofiles', 'permissions', 'affinitygroups']),
  };
}
