import { parseBoolean } from '../parameters.ts';
import { excerpt } from '../values.ts';
import { children, childText } from '../xml-find.ts';
import type { XmlNode } from '../xml-tree.ts';
import type { OvfCpu, OvfDescription, OvfDialect, OvfDisk, OvfNic } from './description.ts';
import { compact, type Metadata } from './metadata.ts';
import { allocationUnit, diskInterface, GIB, nicType, wholeNumber } from './values.ts';

/** Limits of what a machine is believed to have; more is a mistake of the document. */
const MAX_CPUS = 4096;

/** Processors, memory and network cards of the hardware section. */
export function readHardware(
  section: XmlNode | undefined,
  metadata: Metadata | undefined,
  warnings: string[],
): Pick<OvfDescription, 'cpu' | 'memory' | 'nics'> {
  const items = children(section, 'Item');
  const ofType = (type: string): readonly XmlNode[] => items.filter((item) => childText(item, 'ResourceType') === type);
  return {
    ...compact({ cpu: readCpu(ofType('3')[0], warnings), memory: readMemory(ofType('4')[0], warnings) }),
    nics: ofType('10').map((item) => readNic(item, metadata)),
  };
}

interface DiskContext {
  readonly dialect: OvfDialect;
  readonly metadata: Metadata | undefined;
  readonly warnings: string[];
}

/** The disks, in the order of the document. One without id or size is passed over with a warning. */
export function readDisks(section: XmlNode | undefined, context: DiskContext): OvfDisk[] {
  return children(section, 'Disk').flatMap((node) => {
    const disk = readDisk(node, context);
    if (disk === undefined) context.warnings.push(`disk ${excerpt(node.attributes.get('diskId') ?? '?')} has no id or no size`);
    return disk ?? [];
  });
}

function readDisk(node: XmlNode, { dialect, metadata }: DiskContext): OvfDisk | undefined {
  const attribute = (name: string): string | undefined => node.attributes.get(name)?.trim() || undefined;
  const { id, storageDomainId } = identify(attribute('diskId'), attribute('fileRef'), dialect);
  const size = gib(attribute('size'));
  if (id === undefined || size === undefined || size === 0) return undefined;
  return {
    id,
    size,
    ...compact({
      storageDomainId,
      alias: attribute('disk-alias'),
      description: attribute('disk-description'),
      actualSize: gib(attribute('actual_size')),
      interface: diskInterface(attribute('disk-interface')),
      diskOfferingId: metadata?.diskOfferings.get(id),
    }),
    format: attribute('volume-format')?.toLowerCase() === 'raw' ? 'raw' : 'cow',
    sparse: attribute('volume-type')?.toLowerCase() !== 'preallocated',
    boot: isTrue(attribute('boot')),
    readOnly: isTrue(attribute('read-only')),
    shareable: isTrue(attribute('shareable')),
    incrementalBackup: isTrue(attribute('incremental-backup')),
  };
}

/** In our files `fileRef` is domain and disk; an engine's is disk and image, and its `diskId` is the image. */
function identify(
  diskId: string | undefined,
  reference: string | undefined,
  dialect: OvfDialect,
): { id: string | undefined; storageDomainId: string | undefined } {
  const [first, second] = reference?.split('/') ?? [];
  if (dialect === 'ovirt') return { id: second === undefined ? diskId : first || diskId, storageDomainId: undefined };
  return { id: diskId, storageDomainId: second === undefined ? undefined : first || undefined };
}

function readCpu(item: XmlNode | undefined, warnings: string[]): OvfCpu | undefined {
  if (item === undefined) return undefined;
  const part = (name: string): number | undefined => positive(wholeNumber(childText(item, name)));
  const sockets = part('num_of_sockets');
  const cpu = { sockets: sockets ?? part('VirtualQuantity') ?? 1, cores: 1, threads: 1 };
  if (sockets !== undefined) Object.assign(cpu, { cores: part('cpu_per_socket') ?? 1, threads: part('threads_per_cpu') ?? 1 });
  if (cpu.sockets * cpu.cores * cpu.threads <= MAX_CPUS) return cpu;
  warnings.push('the number of processors is not believable');
  return undefined;
}

function readMemory(item: XmlNode | undefined, warnings: string[]): number | undefined {
  if (item === undefined) return undefined;
  const quantity = positive(wholeNumber(childText(item, 'VirtualQuantity')));
  const unit = allocationUnit(childText(item, 'AllocationUnits'));
  const bytes = quantity === undefined || unit === undefined ? Number.NaN : quantity * unit;
  if (Number.isSafeInteger(bytes)) return bytes;
  warnings.push('the memory size cannot be read');
  return undefined;
}

function readNic(item: XmlNode, metadata: Metadata | undefined): OvfNic {
  const mac = childText(item, 'MACAddress')?.toLowerCase();
  return {
    ...compact({
      id: childText(item, 'InstanceId') ?? childText(item, 'InstanceID'),
      name: childText(item, 'Name') ?? childText(item, 'ElementName'),
      mac,
      networkName: childText(item, 'Connection'),
      profileName: childText(item, 'OtherResourceType'),
      interface: nicType(childText(item, 'ResourceSubType')),
    }),
    linked: parseBoolean(childText(item, 'Linked') ?? 'true') ?? true,
    ...(mac === undefined ? {} : metadata?.nics.get(mac)),
  };
}

function gib(text: string | undefined): number | undefined {
  const size = wholeNumber(text);
  const bytes = size === undefined ? Number.NaN : size * GIB;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

function positive(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && parseBoolean(text) === true;
}
