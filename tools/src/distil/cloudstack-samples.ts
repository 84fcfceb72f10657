import { innerOf, type Recording } from './cloudstack-recordings.ts';

/** Which item of which list stands for a noun. */
const PICKS: ReadonlyArray<readonly [noun: string, file: string, key: string, pick: (item: Item) => boolean]> = [
  ['zone', '05-listZones', 'zone', () => true],
  ['pod', '05-listPods', 'pod', () => true],
  ['cluster', '21-kvm-listClusters', 'cluster', () => true],
  ['host', '21-kvm-listHosts-routing', 'host', () => true],
  ['storagePool', '21-kvm-listStoragePools', 'storagepool', (item) => item.scope === 'CLUSTER'],
  ['network', '06-listNetworks', 'network', (item) => item.state === 'Implemented'],
  ['serviceOffering', '07-listServiceOfferings', 'serviceoffering', (item) => item.iscustomized === false],
  ['customServiceOffering', '07-listServiceOfferings', 'serviceoffering', (item) => item.iscustomized === true],
  ['diskOffering', '07-listDiskOfferings', 'diskoffering', () => true],
  ['template', '21-kvm-listTemplates-executable', 'template', () => true],
  ['account', '09-listAccounts', 'account', (item) => item.created !== undefined && item.receivedbytes !== undefined],
  ['user', '09-listUsers', 'user', () => true],
  ['domain', '09-listDomains', 'domain', (item) => item.parentdomainid !== undefined],
  ['project', '18-listProjects', 'project', () => true],
  ['vmSnapshot', '26-kvm-listVMSnapshot', 'vmSnapshot', () => true],
  ['event', '09-listEvents', 'event', () => true],
  ['capability', '05-listCapabilities', 'capability', () => true],
  ['imageStore', '05-listImageStores', 'imagestore', () => true],
  ['managementServer', '05-listManagementServers', 'managementserver', () => true],
  ['publicIpAddress', '06-listPublicIpAddresses', 'publicipaddress', (item) => item.issourcenat === true],
  ['iso', '08-listIsos', 'iso', () => true],
  ['hostMetrics', '11-listHostsMetrics', 'host', () => true],
  ['storagePoolMetrics', '11-listStoragePoolsMetrics', 'storagepool', () => true],
  ['vmStatistics', '11-listVmUsageHistory', 'virtualmachine', () => true],
];

/** Lists that are kept whole, because nothing in them depends on the cloud. */
const LISTS: ReadonlyArray<readonly [noun: string, file: string, key: string]> = [
  ['systemVms', '05-listSystemVms', 'systemvm'],
  ['networkOfferings', '06-listNetworkOfferings', 'networkoffering'],
  ['hypervisors', '08-listHypervisors', 'hypervisor'],
  ['hypervisorCapabilities', '08-listHypervisorCapabilities', 'hypervisorCapabilities'],
];

/** Parts of an item where the whole of it would say what another one says already. */
const PARTS: Readonly<Record<string, (item: Item) => unknown>> = {
  hostMetrics: (item) => before(item, 'id'),
  storagePoolMetrics: (item) => before(item, 'id'),
  vmStatistics: ({ stats }) => after((stats as Item[])[0] ?? {}, 'timestamp'),
};

type Item = Readonly<Record<string, unknown>>;

/** One answered object for each noun whose fields are mostly constant: the fake overwrites what it knows better. */
export function samplesOf(recordings: readonly Recording[]): string {
  const samples = PICKS.map(([noun, file, key, pick]) => {
    const found = recordings.find(({ name }) => name === file);
    const value = found === undefined ? undefined : innerOf(found)[key];
    const item = (Array.isArray(value) ? value : [value]).find((candidate: unknown) => candidate !== undefined && pick(candidate as Item));
    if (item === undefined) throw new Error(`${file} has no ${key}`);
    return `  ${noun}: ${JSON.stringify(PARTS[noun]?.(item as Item) ?? item)},`;
  });
  const lists = LISTS.map(([noun, file, key]) => {
    const found = recordings.find(({ name }) => name === file);
    return `  ${noun}: ${JSON.stringify(found === undefined ? [] : innerOf(found)[key])},`;
  });
  return [
    '/** One answered object for each noun; ids, names and times in it mean nothing. */',
    'export const SAMPLES = {',
    ...samples,
    ...lists,
    '} as const;',
    '',
  ].join('\n');
}

function before(item: Item, key: string): Item {
  const entries = Object.entries(item);
  const end = entries.findIndex(([name]) => name === key);
  return Object.fromEntries(entries.slice(0, end));
}

function after(item: Item, key: string): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== key));
}
