import { children, childText, firstChild } from '../xml-find.ts';
import type { XmlNode } from '../xml-tree.ts';
import type { BiosType, OvfCloud, OvfDescription, OvfDetail, OvfNic, OvfOwner } from './description.ts';
import { element, leaf, leaves, type Markup } from './element.ts';

/**
 * Details of a machine that may come back with a restore. Everything else stays behind: `extraconfig-*` alone would put any XML into
 * the hypervisor's configuration (oVirt 5.7.5).
 */
const HARMLESS_DETAILS: ReadonlySet<string> = new Set([
  'cpu.corespersocket',
  'cpunumber',
  'cpuspeed',
  'datadiskcontroller',
  'guest.cpu.mode',
  'guest.cpu.model',
  'io.policy',
  'iothreads',
  'keyboard',
  'memory',
  'nic.multiqueue.number',
  'nic.packed.virtqueues.enabled',
  'nicadapter',
  'rootdiskcontroller',
  'tpmversion',
  'video.hardware',
  'video.ram',
  'virtual.tpm.enabled',
  'virtual.tpm.model',
  'virtual.tpm.version',
]);

/**
 * The section that no engine knows and every one passes over: what CloudStack needs to make the same machine again. Details that would
 * not be restored are not written either: a backup is no place for passwords.
 */
export function writeMetadata(description: OvfDescription): Markup {
  const { cloud, owner, disks } = description;
  const details = cloud?.details.filter(isHarmless) ?? [];
  const offerings = disks.flatMap((disk) =>
    disk.diskOfferingId === undefined ? [] : [element('Entry', {}, leaves({ DiskId: disk.id, OfferingId: disk.diskOfferingId }))],
  );
  const body = [
    ...leaves({
      AccountId: owner?.accountId,
      DomainId: owner?.domainId,
      ProjectId: owner?.projectId,
      ServiceOfferingId: cloud?.serviceOfferingId,
    }),
    ...(offerings.length === 0 ? [] : [element('DataDiskOfferingIdMap', {}, offerings)]),
    ...(details.length === 0 ? [] : [element('Details', {}, details.map(writeDetail))]),
    ...leaves({ UserDataId: cloud?.userDataId }),
    ...(cloud?.affinityGroupIds ?? []).map((id) => leaf('AffinityGroupId', id)),
    writeMarker(description),
  ];
  return element('Section', { 'xsi:type': 'ovf:CloudStackMetadata_Type' }, [
    leaf('Info', 'CloudStack metadata'),
    element('CloudStack', {}, body),
  ]);
}

export interface Metadata {
  readonly owner: OvfOwner;
  readonly cloud: OvfCloud;
  readonly biosType: BiosType | undefined;
  readonly diskOfferings: ReadonlyMap<string, string>;
  /** Network id and address by MAC address. */
  readonly nics: ReadonlyMap<string, Pick<OvfNic, 'networkId' | 'ipAddress'>>;
  readonly marked: boolean;
  readonly dropped: readonly string[];
}

/** Reads the section, ours or CloudStack's. */
export function readMetadata(section: XmlNode): Metadata {
  const node = firstChild(section, 'CloudStack') ?? section;
  const marker = firstChild(node, 'Fairlead');
  const details = children(firstChild(node, 'Details'), 'Detail').map(readDetail);
  return {
    owner: readOwner(node),
    cloud: {
      ...compact({
        serviceOfferingId: childText(node, 'ServiceOfferingId'),
        userDataId: childText(node, 'UserDataId'),
        guestOsId: childText(marker, 'GuestOsId'),
        guestOsName: childText(marker, 'GuestOsName'),
      }),
      affinityGroupIds: texts(node, 'AffinityGroupId'),
      keyPairs: texts(marker, 'KeyPair'),
      details: details.filter(isHarmless),
    },
    biosType: bootFirmware(marker),
    diskOfferings: new Map(children(firstChild(node, 'DataDiskOfferingIdMap'), 'Entry').flatMap(readOffering)),
    nics: new Map(children(marker, 'Nic').flatMap(readNic)),
    marked: marker !== undefined,
    dropped: details.filter((detail) => !isHarmless(detail) && !isBootKey(detail)).map((detail) => detail.key),
  };
}

/** What we know beyond CloudStack's own section; that it is there tells our documents from others. */
function writeMarker({ cloud, nics, biosType }: OvfDescription): Markup {
  return element('Fairlead', {}, [
    leaf('Version', 1),
    ...leaves({ BiosType: biosType, GuestOsId: cloud?.guestOsId, GuestOsName: cloud?.guestOsName }),
    ...bootWords(biosType),
    ...(cloud?.keyPairs ?? []).map((name) => leaf('KeyPair', name)),
    ...nics.flatMap((nic) =>
      nic.mac === undefined
        ? []
        : [element('Nic', {}, leaves({ MacAddress: nic.mac, NetworkId: nic.networkId, IpAddress: nic.ipAddress }))],
    ),
  ]);
}

/** Boot type and mode in CloudStack's words: the ordinal alone means different things to different readers. */
function bootWords(type: BiosType | undefined): Markup[] {
  if (type === 'q35_secure_boot') return leaves({ BootType: 'UEFI', BootMode: 'SECURE' });
  if (type === 'q35_ovmf') return leaves({ BootType: 'UEFI', BootMode: 'LEGACY' });
  return leaves({ BootType: 'BIOS', BootMode: 'LEGACY' });
}

function bootFirmware(marker: XmlNode | undefined): BiosType | undefined {
  const bootType = childText(marker, 'BootType')?.toUpperCase();
  if (bootType === undefined) return undefined;
  if (bootType === 'UEFI') return childText(marker, 'BootMode')?.toUpperCase() === 'SECURE' ? 'q35_secure_boot' : 'q35_ovmf';
  const named = childText(marker, 'BiosType');
  return BIOS_WITHOUT_UEFI.find((type) => type === named) ?? 'q35_sea_bios';
}

const BIOS_WITHOUT_UEFI = ['cluster_default', 'i440fx_sea_bios', 'q35_sea_bios'] as const;

function readOwner(node: XmlNode): OvfOwner {
  return compact({
    accountId: childText(node, 'AccountId'),
    domainId: childText(node, 'DomainId'),
    projectId: childText(node, 'ProjectId'),
  });
}

function writeDetail({ key, value }: OvfDetail): Markup {
  return element('Detail', {}, leaves({ Key: key, Value: value }));
}

function readDetail(node: XmlNode): OvfDetail {
  return { key: childText(node, 'Key') ?? '', value: childText(node, 'Value') ?? '' };
}

function isHarmless({ key }: OvfDetail): boolean {
  return HARMLESS_DETAILS.has(key.toLowerCase());
}

/** Said by the boot type already. */
function isBootKey({ key }: OvfDetail): boolean {
  return ['', 'uefi', 'bios'].includes(key.toLowerCase());
}

function readOffering(node: XmlNode): [string, string][] {
  const disk = childText(node, 'DiskId');
  const offering = childText(node, 'OfferingId');
  return disk === undefined || offering === undefined ? [] : [[disk, offering]];
}

function readNic(node: XmlNode): [string, Pick<OvfNic, 'networkId' | 'ipAddress'>][] {
  const mac = childText(node, 'MacAddress')?.toLowerCase();
  const facts = compact({ networkId: childText(node, 'NetworkId'), ipAddress: childText(node, 'IpAddress') });
  return mac === undefined ? [] : [[mac, facts]];
}

function texts(node: XmlNode | undefined, name: string): string[] {
  return children(node, name)
    .map((child) => child.text.trim())
    .filter((text) => text !== '');
}

type Compact<Of> = { [Key in keyof Of]?: Exclude<Of[Key], undefined> };

/** The object without keys that have no value. */
export function compact<Of extends Readonly<Record<string, unknown>>>(object: Of): Compact<Of> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Compact<Of>;
}
