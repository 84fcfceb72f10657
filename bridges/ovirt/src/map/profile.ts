import type { DiskOffering, ServiceOffering } from '@fairlead/cloudstack';
import type { CpuProfile, DiskProfile } from '@fairlead/ovirt/codec';
import type { Href } from './href.ts';
import { linksOf, referenceOrNone } from './link.ts';

/** A compute offering (ovirt 5.3). */
export function toCpuProfile(offering: ServiceOffering, href: Href, clusterId?: string): CpuProfile {
  return {
    id: offering.id,
    href: href('cpuprofiles', offering.id),
    name: offering.name,
    description: offering.displaytext,
    cluster: referenceOrNone(href, 'clusters', clusterId),
    link: linksOf(href, ['cpuprofiles', offering.id], ['permissions']),
  };
}

/** A disk offering (ovirt 5.17). */
export function toDiskProfile(offering: DiskOffering, href: Href, poolId?: string): DiskProfile {
  return {
    id: offering.id,
    href: href('diskprofiles', offering.id),
    name: offering.name,
    description: offering.displaytext,
    storage_domain: referenceOrNone(href, 'storagedomains', poolId),
    link: linksOf(href, ['diskprofiles', offering.id], ['permissions']),
  };
}
