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
];

type Item = Readonly<Record<string, unknown>>;

/** One answered object for each noun whose fields are mostly constant: the fake overwrites what it knows better. */
export function samplesOf(recordings: readonly Recording[]): string {
  const samples = PICKS.map(([noun, file, key, pick]) => {
    const found = recordings.find(({ name }) => name === file);
    const value = found === undefined ? undefined : innerOf(found)[key];
    const item = (Array.isArray(value) ? value : [value]).find((candidate: unknown) => candidate !== undefined && pick(candidate as Item));
    if (item === undefined) throw new Error(`${file} has no ${key}`);
    return `  ${noun}: ${JSON.stringify(item)},`;
  });
  return [
    '/** One answered object for each noun; ids, names and times in it mean nothing. */',
    'export const SAMPLES = {',
    ...samples,
    '} as const;',
    '',
  ].join('\n');
}
