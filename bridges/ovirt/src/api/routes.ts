import type { Parts } from '../service/parts.ts';
import { clusterRoutes } from './clusters.ts';
import { dataCenterRoutes } from './data-centers.ts';
import { hostRoutes } from './hosts.ts';
import { networkRoutes } from './networks.ts';
import { profileRoutes } from './profiles.ts';
import { rootRoutes } from './root.ts';
import type { Route } from './route.ts';
import { storageDomainRoutes } from './storage-domains.ts';
import { tagRoutes } from './tags.ts';
import { templateRoutes } from './templates.ts';
import { vmRoutes } from './vms.ts';
import { vnicProfileRoutes } from './vnic-profiles.ts';
import { writeRoutes } from './write-routes.ts';

/** Every method and path of the API that is served; docs/bridges/ovirt.md lists them. */
export function routesOf(parts: Parts): readonly Route[] {
  return [
    ...rootRoutes(parts),
    ...dataCenterRoutes(parts),
    ...clusterRoutes(parts),
    ...hostRoutes(parts),
    ...storageDomainRoutes(parts),
    ...networkRoutes(parts),
    ...vnicProfileRoutes(parts),
    ...templateRoutes(parts),
    ...profileRoutes(parts),
    ...tagRoutes(parts),
    ...vmRoutes(parts),
    ...writeRoutes(parts),
  ];
}
