import type { Host, Nic, StoragePool, VirtualMachine, Volume } from '@fairlead/cloudstack';
import type { InventoryItem, ItemOwner } from '@fairlead/kernel/services';
import { cloudDate } from './date.ts';
import { cleanText } from './text.ts';
import { BLANK_TEMPLATE_NAME } from './vm.ts';

type Attributes = InventoryItem['attributes'];

const MIB = 1024 * 1024;
const MOST_NAME = 255;

/** CloudStack's states in the words that all sources share (cyberapp 5.2). */
const STATUS: ReadonlyMap<string, string> = new Map([
  ['Running', 'ONLINE'],
  ['Stopped', 'OFFLINE'],
  ['Shutdown', 'OFFLINE'],
  ['Paused', 'OFFLINE'],
  ['Starting', 'TRANSITION'],
  ['Stopping', 'TRANSITION'],
  ['Migrating', 'TRANSITION'],
  ['Restoring', 'TRANSITION'],
  ['Error', 'ERROR'],
  ['Unknown', 'ERROR'],
]);

/** How the backups of a VM ended last. Milliseconds since the epoch. */
export interface LastBackups {
  readonly okMs?: number;
  readonly failedMs?: number;
}

/** What is known of a VM beside CloudStack's own answer. */
export interface VmSurroundings {
  readonly cloud: string;
  /** Those of the VM that are not gone. */
  readonly volumes: readonly Volume[];
  readonly backups: LastBackups;
}

/** `cs:<cloud>:<kind>:<id>` (cyberapp 5.2). */
export function itemKey(cloud: string, kind: 'vm' | 'host' | 'pool', id: string): string {
  return `cs:${cloud}:${kind}:${id}`;
}

/** Whether customers see a VM: what an administrator hides (`displayvm`) is not shown to them in CloudStack either. */
export function isShownVm(vm: VirtualMachine): boolean {
  return vm.displayvm !== false;
}

/** A VM (cyberapp 5.2). */
export function vmItem(vm: VirtualMachine, { cloud, volumes, backups }: VmSurroundings): InventoryItem {
  const key = itemKey(cloud, 'vm', vm.id);
  return {
    key,
    kind: 'virtual_machine',
    name: cleanText(vm.displayname, MOST_NAME) ?? cleanText(vm.name, MOST_NAME) ?? key,
    owner: ownersOf(vm),
    attributes: known({
      status: STATUS.get(vm.state) ?? 'UNKNOWN',
      state: cleanText(vm.state),
      hostname: cleanText(vm.name.toLowerCase(), MOST_NAME),
      ...addressesOf(vm.nic),
      os: cleanText(vm.osdisplayname) ?? templateName(vm),
      cpu_count: count(vm.cpunumber),
      memory_bytes: count(vm.memory === undefined ? undefined : vm.memory * MIB),
      disk_bytes: diskBytes(volumes),
      zone: cleanText(vm.zonename),
      owner: ownerName(vm),
      offering: cleanText(vm.serviceofferingname),
      created: timeText(cloudDate(vm.created)),
      host_id: cleanText(vm.hostid),
      last_backup: timeText(backups.okMs),
      backup_status: backupStatus(backups),
    }),
  };
}

/** A hypervisor host: nobody's. */
export function hostItem(host: Host, cloud: string): InventoryItem {
  const key = itemKey(cloud, 'host', host.id);
  const attributes = known({
    state: cleanText(host.state),
    resource_state: cleanText(host.resourcestate),
    zone: cleanText(host.zonename),
    cluster: cleanText(host.clustername),
    memory_bytes: count(host.memorytotal),
  });
  return { key, kind: 'host', name: cleanText(host.name, MOST_NAME) ?? key, owner: [], attributes };
}

/** A primary storage pool: nobody's. */
export function poolItem(pool: StoragePool, cloud: string): InventoryItem {
  const key = itemKey(cloud, 'pool', pool.id);
  const attributes = known({
    state: cleanText(pool.state),
    type: cleanText(pool.type),
    zone: cleanText(pool.zonename),
    cluster: cleanText(pool.clustername),
    used_bytes: count(pool.disksizeused),
    size_bytes: count(sizeOfPool(pool)),
  });
  return { key, kind: 'storage_pool', name: cleanText(pool.name, MOST_NAME) ?? key, owner: [], attributes };
}

/** Bytes of a pool as CloudStack counts them. */
export function sizeOfPool(pool: StoragePool): number | undefined {
  return pool.disksizetotal ?? pool.capacitybytes;
}

/** RFC 3339 in UTC. */
export function timeText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/**
 * Every selector of cyberapp 5.1 that fits. Of domains only the VM's own, with its full path (`ROOT/tenants`): a rule for a domain
 * holds for those below it, so whoever applies rules compares the beginnings of paths. A project's VM has no account.
 */
function ownersOf(vm: VirtualMachine): readonly ItemOwner[] {
  const domain = domainPath(vm);
  const owners: ItemOwner[] = [{ kind: 'vm', selector: vm.id }];
  for (const tag of vm.tags) owners.push({ kind: 'tag', selector: `${tag.key}=${tag.value ?? ''}` });
  if (vm.projectid !== undefined) owners.push({ kind: 'project', selector: vm.projectid });
  else if (domain !== undefined && vm.account !== undefined) owners.push({ kind: 'account', selector: `${domain}/${vm.account}` });
  if (domain !== undefined) owners.push({ kind: 'domain', selector: domain });
  return owners;
}

/** As CloudStack writes it, without a slash at either end. */
function domainPath(vm: VirtualMachine): string | undefined {
  return vm.domainpath?.replace(/^\/+|\/+$/g, '') || undefined;
}

function ownerName(vm: VirtualMachine): string | undefined {
  if (vm.projectid !== undefined) return cleanText(vm.project);
  return cleanText([domainPath(vm), vm.account].filter((part) => part !== undefined).join('/'));
}

function templateName({ templatename }: VirtualMachine): string | undefined {
  return templatename === BLANK_TEMPLATE_NAME ? undefined : cleanText(templatename);
}

function addressesOf(nics: readonly Nic[]) {
  const main = nics.find((nic) => nic.isdefault === true) ?? nics[0];
  const all = nics.flatMap((nic) => [nic.ipaddress, nic.ip6address, ...nic.secondaryip.map((second) => second.ipaddress)]);
  const told = new Set(all.map((address) => cleanText(address)).filter((address) => address !== undefined));
  return {
    mac_address: cleanText(main?.macaddress?.toLowerCase().replaceAll('-', ':')),
    ip_address: cleanText(main?.ipaddress) ?? cleanText(main?.ip6address),
    ip_addresses: [...told].join(', ') || undefined,
  };
}

/** Undefined unless the size of every disk is known. */
function diskBytes(volumes: readonly Volume[]): number | undefined {
  const sizes = volumes.map((volume) => volume.size);
  if (sizes.length === 0 || sizes.includes(undefined)) return undefined;
  return count(sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0));
}

/** A running backup changes nothing here, or every backup would count as two changes (cyberapp 5.2). */
function backupStatus({ okMs, failedMs }: LastBackups): 'OK' | 'FAILED' | 'NEVER' {
  if (okMs === undefined && failedMs === undefined) return 'NEVER';
  return (failedMs ?? Number.NEGATIVE_INFINITY) > (okMs ?? Number.NEGATIVE_INFINITY) ? 'FAILED' : 'OK';
}

function count(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function known(attributes: Readonly<Record<string, Attributes[string] | undefined>>): Attributes {
  const entries = Object.entries(attributes).filter((entry): entry is [string, Attributes[string]] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
