import type { CommandTable, Context } from '../command.ts';
import { SAMPLES } from '../data/samples.ts';
import type { Place, Zone } from '../model.ts';
import { pageOf } from '../paging.ts';
import { dateText } from '../time.ts';

/** Zones, pods, clusters, hosts and pools. */
export const infrastructureCommands: CommandTable = {
  listZones: (context) => pageOf(context.params, 'zone', named(context, context.cloud.zones), (zone) => zoneView(context, zone)),
  listPods: (context) =>
    pageOf(context.params, 'pod', named(context, context.cloud.pods), (pod) => ({ ...SAMPLES.pod, ...place(pod), ...inZone(context) })),
  listClusters: (context) =>
    pageOf(context.params, 'cluster', named(context, context.cloud.clusters), (cluster) => clusterView(context, cluster)),
  listHosts: (context) => pageOf(context.params, 'host', hosts(context), (host) => hostView(context, host)),
  listStoragePools: (context) =>
    pageOf(context.params, 'storagepool', named(context, context.cloud.pools), (pool) => poolView(context, pool)),
};

function named<T extends Place>({ params }: Context, rows: readonly T[]): T[] {
  const id = params.optionalRow('id', rows)?.id;
  const name = params.text('name');
  const keyword = params.text('keyword');
  if ((params.text('hypervisor') ?? 'KVM') !== 'KVM') return [];
  return rows.filter((row) => (id ?? row.id) === row.id && (name ?? row.name) === row.name && row.name.includes(keyword ?? ''));
}

function place(row: Place): object {
  return { id: row.id, name: row.name };
}

function inZone({ cloud }: Context): object {
  return { zoneid: cloud.zone.id, zonename: cloud.zone.name };
}

function inPod(context: Context): object {
  return { ...inZone(context), podid: context.cloud.pod.id, podname: context.cloud.pod.name };
}

function zoneView({ caller }: Context, zone: Zone): object {
  const { dns1, internaldns1, guestcidraddress, ...rest } = SAMPLES.zone;
  const details = Object.keys(zone.details).length === 0 ? {} : { resourcedetails: zone.details };
  return { ...rest, ...(caller.role === 'a' ? { dns1, internaldns1, guestcidraddress } : {}), ...details, ...place(zone) };
}

function clusterView(context: Context, cluster: Place): object {
  return { ...SAMPLES.cluster, ...place(cluster), ...inPod(context) };
}

function hosts(context: Context): Context['cloud']['hosts'] {
  const { params, cloud } = context;
  const vm = params.optionalRow('virtualmachineid', cloud.vms);
  const type = params.text('type');
  const rows = type === undefined || type === 'Routing' ? named(context, cloud.hosts) : [];
  // With an instance: where it could be migrated to.
  return vm === undefined ? rows : rows.filter((host) => vm.state === 'Running' && host !== (vm.host ?? cloud.host));
}

/** Parts of a host that `details=min` leaves out. */
const NOT_IN_MIN: ReadonlySet<string> = new Set(
  (
    'zonename podname clustername clustertype cpuallocated cpuallocatedvalue cpuallocatedpercentage cpuallocatedwithoverprovisioning cpuused ' +
    'cpuwithoverprovisioning cpuloadaverage networkkbsread networkkbswrite memorytotal memorywithoverprovisioning memoryallocatedpercentage ' +
    'memoryallocatedbytes memoryused events hypervisorversion hahost details encryptionsupported instanceconversionsupported arch'
  ).split(' '),
);

function hostView(context: Context, host: Context['cloud']['hosts'][number]): object {
  const { cloud, params } = context;
  const full = {
    ...SAMPLES.host,
    ...place(host),
    ...inPod(context),
    clusterid: cloud.cluster.id,
    clustername: cloud.cluster.name,
    ipaddress: host.ipaddress,
    managementserverid: cloud.managementServerId,
    created: dateText(host.created),
    lastpinged: dateText(cloud.clock.now()),
    ...(params.has('virtualmachineid') ? { suitableformigration: true } : {}),
  };
  if (params.text('details') !== 'min') return full;
  return Object.fromEntries(Object.entries(full).filter(([name]) => !NOT_IN_MIN.has(name)));
}

function poolView(context: Context, pool: Context['cloud']['pools'][number]): object {
  const { cloud } = context;
  const used = cloud.volumes.filter((volume) => volume.pool === pool).reduce((sum, volume) => sum + volume.sizeBytes, 0);
  return {
    ...SAMPLES.storagePool,
    ...place(pool),
    ...inPod(context),
    clusterid: cloud.cluster.id,
    clustername: cloud.cluster.name,
    type: 'SharedMountPoint',
    scope: 'CLUSTER',
    ipaddress: 'localhost',
    path: pool.path,
    disksizeallocated: used,
    created: dateText(pool.created),
  };
}
