import type { BiosType, DiskInterface, NicInterface, OvfDialect, OvfDisk } from './description.ts';

export const GIB = 1024 ** 3;
export const MIB = 1024 ** 2;
export const ZERO_ID = '00000000-0000-0000-0000-000000000000';

/** Ordinals of the engine; CloudStack's plug-in has 2 and 3 the other way round (oVirt 5.7.5). */
const ENGINE_BIOS = ['cluster_default', 'i440fx_sea_bios', 'q35_sea_bios', 'q35_ovmf', 'q35_secure_boot'] as const;
const CLOUDSTACK_BIOS = ['cluster_default', 'i440fx_sea_bios', 'q35_ovmf', 'q35_sea_bios', 'q35_secure_boot'] as const;

const NIC_TYPES = ['rtl8139_virtio', 'rtl8139', 'e1000', 'virtio', 'spapr_vlan', 'pci_passthrough', 'e1000e'] as const;
const VM_TYPES = ['desktop', 'server', 'high_performance'] as const;

const DISK_NAMES: ReadonlyMap<DiskInterface, string> = new Map([
  ['ide', 'IDE'],
  ['sata', 'SATA'],
  ['spapr_vscsi', 'SPAPR_VSCSI'],
  ['virtio', 'VirtIO'],
  ['virtio_scsi', 'VirtIO_SCSI'],
]);

export function biosOrdinal(type: BiosType): number {
  return ENGINE_BIOS.indexOf(type);
}

/** The firmware that an ordinal means to who wrote it; some engines write its name. */
export function biosType(text: string | undefined, dialect: OvfDialect): BiosType | undefined {
  const order = dialect === 'cloudstack' ? CLOUDSTACK_BIOS : ENGINE_BIOS;
  return order[ordinal(text)] ?? order.find((name) => name === text?.toLowerCase());
}

export function nicOrdinal(type: NicInterface): number {
  return NIC_TYPES.indexOf(type);
}

export function nicType(text: string | undefined): NicInterface | undefined {
  return NIC_TYPES[ordinal(text)];
}

export function vmTypeOrdinal(type: (typeof VM_TYPES)[number]): number {
  return VM_TYPES.indexOf(type);
}

export function vmType(text: string | undefined): (typeof VM_TYPES)[number] | undefined {
  return VM_TYPES[ordinal(text)];
}

export function diskInterfaceName(name: DiskInterface): string {
  return DISK_NAMES.get(name) ?? 'VirtIO';
}

export function diskInterface(text: string | undefined): DiskInterface | undefined {
  const wanted = text?.toLowerCase();
  return [...DISK_NAMES.keys()].find((name) => name === wanted);
}

/** Where the file of a disk stands: `<storage domain>/<disk>`. */
export function fileRef(disk: OvfDisk): string {
  return `${disk.storageDomainId ?? ZERO_ID}/${disk.id}`;
}

/** Bytes as whole GiB, rounded up, at least one. */
export function gibOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / GIB));
}

/** Bytes in one unit of a quantity; `undefined` for a unit that is unknown (oVirt 5.7.5). */
export function allocationUnit(text: string | undefined): number | undefined {
  const unit = (text ?? 'megabytes').toLowerCase().replaceAll(/\s+/g, '');
  const power = /^byte\*2\^(\d{1,2})$/.exec(unit)?.[1];
  if (power !== undefined) return Number(power) <= 50 ? 2 ** Number(power) : undefined;
  return UNITS.get(unit);
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['byte', 1],
  ['bytes', 1],
  ['kilobytes', 1024],
  ['megabytes', MIB],
  ['gigabytes', GIB],
]);

/** `yyyy/MM/dd HH:mm:ss`, always GMT. */
export function ovfDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}

export function parseOvfDate(text: string | undefined): number | undefined {
  const match = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(text?.trim() ?? '');
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A whole number from 0 on that JavaScript holds exactly. */
export function wholeNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  const value = /^\d{1,16}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** An index into a list of names, -1 for what is none. */
function ordinal(text: string | undefined): number {
  return wholeNumber(text) ?? -1;
}
