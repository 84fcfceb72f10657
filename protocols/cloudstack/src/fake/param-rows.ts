import type { Cloud } from './cloud.ts';
import type { Row } from './model.ts';

/** Which rows a parameter names. */
type Rows = (cloud: Cloud) => readonly Row[];

const BY_NAME: Readonly<Record<string, Rows>> = {
  zoneid: (cloud) => cloud.zones,
  podid: (cloud) => cloud.pods,
  clusterid: (cloud) => cloud.clusters,
  hostid: (cloud) => cloud.hosts,
  storageid: (cloud) => cloud.pools,
  networkid: (cloud) => cloud.networks,
  networkids: (cloud) => cloud.networks,
  virtualmachineid: (cloud) => cloud.vms,
  volumeid: (cloud) => cloud.volumes,
  volumeids: (cloud) => cloud.volumes,
  serviceofferingid: (cloud) => cloud.serviceOfferings,
  diskofferingid: (cloud) => cloud.diskOfferings,
  templateid: (cloud) => cloud.templates,
  ostypeid: (cloud) => cloud.osTypes,
  accountid: (cloud) => cloud.accounts,
  domainid: (cloud) => cloud.domains,
  projectid: (cloud) => cloud.projects,
  backupid: (cloud) => cloud.backups.backups,
  nicid: (cloud) => cloud.vms.flatMap((vm) => vm.nics),
  userid: (cloud) => cloud.users,
  keypairid: (cloud) => cloud.users.flatMap((user) => user.keys),
  snapshotid: (cloud) => cloud.snapshots,
  vmsnapshotid: (cloud) => [...cloud.vms.flatMap((vm) => vm.snapshots), ...cloud.goneVmSnapshots],
};

/** What `id` and `ids` name, by the noun in the command's name. */
const BY_NOUN: ReadonlyArray<readonly [pattern: RegExp, rows: Rows]> = [
  [/VirtualMachines?(Metrics|UsageHistory)?$/, (cloud) => cloud.vms],
  [/Volumes?(Metrics)?$/, (cloud) => cloud.volumes],
  [/Zones$/, (cloud) => cloud.zones],
  [/Clusters$/, (cloud) => cloud.clusters],
  [/Pods$/, (cloud) => cloud.pods],
  [/Hosts(Metrics)?$/, (cloud) => cloud.hosts],
  [/StoragePools(Metrics)?$/, (cloud) => cloud.pools],
  [/Networks$/, (cloud) => cloud.networks],
  [/ServiceOfferings$/, (cloud) => cloud.serviceOfferings],
  [/DiskOfferings$/, (cloud) => cloud.diskOfferings],
  [/OsTypes$/, (cloud) => cloud.osTypes],
  [/Templates$/, (cloud) => cloud.templates],
  [/Accounts?$/, (cloud) => cloud.accounts],
  [/Users?$|UserKeys$/, (cloud) => cloud.users],
  [/Domains$/, (cloud) => cloud.domains],
  [/Projects$/, (cloud) => cloud.projects],
  [/VMSnapshots?$/, (cloud) => cloud.vms.flatMap((vm) => vm.snapshots)],
  [/Snapshots?$/, (cloud) => cloud.snapshots],
  [/Isos$/, (cloud) => cloud.isos],
  [/ImageStores$/, (cloud) => cloud.imageStores],
  [/Roles$/, (cloud) => cloud.roles],
  [/Events$/, (cloud) => cloud.events],
  [/Backups?$/, (cloud) => cloud.backups.backups],
  [/ImageTransfers?$/, (cloud) => cloud.backups.transfers],
];

/** The rows that an id in this parameter must be of; undefined where nobody looks. */
export function rowsNamedBy(command: string, name: string): Rows | undefined {
  if (name === 'id' || name === 'ids') return BY_NOUN.find(([pattern]) => pattern.test(command))?.[1];
  return BY_NAME[name];
}
