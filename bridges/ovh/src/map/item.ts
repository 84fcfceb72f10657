import type { InventoryItem, ItemOwner } from '@fairlead/kernel/services';
import type { InventoryRecord, RecordAddress, RecordHardware, RecordKind, RecordState } from '@fairlead/ovh/inventory';
import { cleanText, utcTime } from './text.ts';

type Value = string | number | boolean;

const KINDS: Readonly<Record<RecordKind, string>> = {
  baremetal: 'bare_metal',
  vps: 'vps',
  'cloud-instance': 'cloud_instance',
  domain: 'domain',
  ip: 'ip',
};

const STATES: Readonly<Record<RecordState, string>> = {
  running: 'ONLINE',
  stopped: 'OFFLINE',
  transition: 'TRANSITION',
  rescue: 'RESCUE',
  maintenance: 'MAINTENANCE',
  blocked: 'BLOCKED',
  error: 'ERROR',
  unknown: 'UNKNOWN',
};

const MIB = 1024 ** 2;
/** Vendors of disks count so. */
const GB = 1000 ** 3;

/** What an account runs as an item of the inventory (cyberapp 5.4); what is not known is absent. */
export function ovhItem(record: InventoryRecord, key: string, account: string): InventoryItem {
  const { kind, name, displayName } = record;
  const attributes: Record<string, Value> = { status: STATES[record.state] ?? 'UNKNOWN', provider_id: cleanText(name) ?? '', account };
  for (const [word, value] of Object.entries({ ...words(record), ...sizes(record.hardware) }))
    if (value !== undefined) attributes[word] = value;
  return {
    key,
    kind: KINDS[kind] ?? kind,
    name: cleanText(displayName) ?? cleanText(name) ?? key,
    owner: ownerOf(record, account),
    attributes,
  };
}

/** Most specific first (cyberapp 5.1). */
function ownerOf({ name, tags = {} }: InventoryRecord, account: string): readonly ItemOwner[] {
  return [
    { kind: 'service', selector: `${account}/${name}` },
    ...Object.entries(tags).flatMap(tagSelector),
    { kind: 'account', selector: account },
  ];
}

/** A selector that is not what the tag says might be that of somebody else. */
function tagSelector([key, value]: readonly [string, string]): readonly ItemOwner[] {
  const selector = `${key}=${value}`;
  return cleanText(selector, 1000) === selector ? [{ kind: 'tag', selector }] : [];
}

function words(record: InventoryRecord): Record<string, Value | undefined> {
  const { location, service, project, hostname, name } = record;
  return {
    endpoint: cleanText(record.endpoint),
    hostname: cleanText(hostname?.replace(/\.+$/, '')) ?? cleanText(name),
    mac_address: cleanText(record.macs?.[0]),
    ip_address: cleanText(mainAddress(record.ips)),
    os: cleanText(record.os),
    model: cleanText(record.model),
    datacenter: cleanText(location?.datacenter),
    rack: cleanText(location?.rack),
    zone: cleanText(location?.zone),
    region: cleanText(location?.region),
    country: cleanText(location?.country),
    service_status: cleanText(service?.status),
    service_created: utcTime(service?.created),
    service_expires: utcTime(service?.expires),
    auto_renew: service?.autoRenew,
    project: cleanText(project?.name ?? project?.id),
    routed_to: cleanText(record.routedTo),
  };
}

/** The first of the machine's own: a block is none. */
function mainAddress(ips: readonly RecordAddress[] = []): string | undefined {
  const own = ips.filter(({ address }) => !address.includes('/') || /\/(32|128)$/.test(address));
  const best = own.find((ip) => ip.kind === 'primary' && ip.version === 4) ?? own.find((ip) => ip.version === 4) ?? own[0] ?? ips[0];
  return best?.address.replace(/\/(32|128)$/, '');
}

function sizes(hardware: RecordHardware = {}): Record<string, number | undefined> {
  const { cpu, memoryMiB, disks } = hardware;
  const diskBytes = disks?.reduce((sum, disk) => sum + disk.count * disk.sizeGB * GB, 0);
  return {
    cpu_count: whole(cpu?.cores),
    memory_bytes: whole(memoryMiB === undefined ? undefined : memoryMiB * MIB),
    disk_bytes: whole(diskBytes),
  };
}

/** A size that a number can hold. */
function whole(value: number | undefined): number | undefined {
  const rounded = Math.round(value ?? Number.NaN);
  return Number.isSafeInteger(rounded) && rounded > 0 ? rounded : undefined;
}
