import type { Zone } from '@fairlead/cloudstack';
import type { DataCenter } from '@fairlead/ovirt/codec';
import type { Href } from './href.ts';
import { linksOf } from './link.ts';
import { dataCenterStatus } from './status.ts';

/** The oldest level that has incremental backup; every cluster claims it (ovirt 5.2). */
export const COMPATIBILITY = { major: 4, minor: 8 } as const;

/** A zone as a data center (ovirt 5.2). */
export function toDataCenter(zone: Zone, href: Href): DataCenter {
  return {
    id: zone.id,
    href: href('datacenters', zone.id),
    name: zone.name,
    description: zone.description,
    local: false,
    quota_mode: 'disabled',
    status: dataCenterStatus(zone.allocationstate),
    storage_format: 'v5',
    supported_versions: [COMPATIBILITY],
    version: COMPATIBILITY,
    link: linksOf(href, ['datacenters', zone.id], ['storagedomains', 'clusters', 'networks', 'quotas', 'permissions']),
  };
}
