import { ApiError } from './api-error.ts';
import type { Cloud } from './cloud.ts';
import type { Account, Snapshot, Vm, Volume } from './model.ts';

/** Something that an account may have only so much of. */
export interface Resource {
  /** `resourcetype`. */
  readonly type: number;
  /** `resourcetypename`. */
  readonly name: string;
  /** What its fields in an account begin with: `vmlimit`, `vmtotal`, `vmavailable`. */
  readonly field: string;
  /** `max.account.*`. */
  readonly max: number;
}

const ROWS: ReadonlyArray<readonly [name: string, field: string, max: number]> = [
  ['user_vm', 'vm', 20],
  ['public_ip', 'ip', 20],
  ['volume', 'volume', 20],
  ['snapshot', 'snapshot', 20],
  ['template', 'template', 20],
  ['project', 'project', 10],
  ['network', 'network', 20],
  ['vpc', 'vpc', 20],
  ['cpu', 'cpu', 40],
  ['memory', 'memory', 40_960],
  ['primary_storage', 'primarystorage', 200],
  ['secondary_storage', 'secondarystorage', 400],
  ['backup', 'backup', 20],
  ['backup_storage', 'backupstorage', 400],
  ['bucket', 'bucket', 20],
  ['object_storage', 'objectstorage', 400],
  ['gpu', 'gpu', 20],
];

/** Everything that is counted; the type is the place in the list. */
export const RESOURCES: readonly Resource[] = ROWS.map(([name, field, max], type) => ({ type, name, field, max }));

const GIB = 1024 ** 3;

/** Most that the account may have; -1: no limit, as for root admins. */
export function limitOf(account: Account, resource: Resource): number {
  if (account.type === 1) return -1;
  return account.limits.get(resource.type) ?? resource.max;
}

/** How much of it the account has now. Memory in MiB, storage in GiB. */
export function countOf(cloud: Cloud, account: Account, resource: Resource): number {
  return COUNTS[resource.name]?.(cloud, account) ?? 0;
}

const COUNTS: Readonly<Record<string, (cloud: Cloud, account: Account) => number>> = {
  user_vm: (cloud, account) => vmsOf(cloud, account).length,
  public_ip: (cloud, account) => cloud.networks.filter((row) => row.owner === account && row.implemented).length,
  volume: (cloud, account) => volumesOf(cloud, account).length,
  snapshot: (cloud, account) => snapshotsOf(cloud, account).length,
  project: (cloud, account) => cloud.projects.filter((row) => row.members[0] === account.name).length,
  network: (cloud, account) => cloud.networks.filter((row) => row.owner === account).length,
  cpu: (cloud, account) => sum(vmsOf(cloud, account), (vm) => vm.cpu),
  memory: (cloud, account) => sum(vmsOf(cloud, account), (vm) => vm.memoryMiB),
  primary_storage: (cloud, account) => Math.ceil(sum(volumesOf(cloud, account), (volume) => volume.sizeBytes) / GIB),
  secondary_storage: (cloud, account) => sum(snapshotsOf(cloud, account), (snapshot) => snapshot.sizeBytes) / GIB,
};

function vmsOf(cloud: Cloud, account: Account): Vm[] {
  return cloud.vms.filter((vm) => vm.owner === account && vm.state !== 'Destroyed' && vm.state !== 'Expunging');
}

function volumesOf(cloud: Cloud, account: Account): Volume[] {
  return cloud.volumes.filter((row) => row.owner === account && row.state !== 'Expunged' && row.state !== 'Destroy');
}

function snapshotsOf(cloud: Cloud, account: Account): Snapshot[] {
  return cloud.snapshots.filter((row) => row.owner === account && row.state !== 'Destroyed');
}

function sum<T>(rows: readonly T[], value: (row: T) => number): number {
  return rows.reduce((total, row) => total + value(row), 0);
}

/**
 * Refuses what would be more than the account may have; the code is 535, not the 532 of the documentation (fact 10 of the recordings).
 * @param wanted amounts by the name of the resource
 * @throws ApiError 535
 */
export function checkLimits(cloud: Cloud, account: Account, wanted: Readonly<Record<string, number>>): void {
  for (const resource of RESOURCES) {
    const more = wanted[resource.name] ?? 0;
    const limit = limitOf(account, resource);
    const count = countOf(cloud, account, resource);
    if (more > 0 && limit >= 0 && count + more > limit) throw exceeded(account, resource, { limit, count, more });
  }
}

function exceeded(account: Account, resource: Resource, amounts: { limit: number; count: number; more: number }): ApiError {
  const { limit, count, more } = amounts;
  const where = `tag = 'null' for Account Name = ${account.name} in Domain Id = ${account.domain.n}`;
  const numbers = `Account Resource Limit = ${limit}, Current Account Resource Amount = ${count}, Requested Resource Amount = ${more}`;
  return new ApiError(535, 4370, `Maximum amount of resources of Type = '${resource.name}', ${where} is exceeded: ${numbers}.`);
}
