import type { OvfDescription, OvfDisk } from './description.ts';
import { element, leaf, leaves, type Markup } from './element.ts';
import { writeHardware } from './hardware.ts';
import { writeMetadata } from './metadata.ts';
import { biosOrdinal, diskInterfaceName, fileRef, gibOf, MIB, ovfDate, vmTypeOrdinal, ZERO_ID } from './values.ts';

const CIM = 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2';
const NAMESPACES = {
  'xmlns:ovf': 'http://schemas.dmtf.org/ovf/envelope/1/',
  'xmlns:rasd': `${CIM}/CIM_ResourceAllocationSettingData`,
  'xmlns:vssd': `${CIM}/CIM_VirtualSystemSettingData`,
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
};
const VERSION = '4.4.0.0';
const SPARSE_FORMAT = 'http://www.vmware.com/specifications/vmdk.html#sparse';

export interface WriteOvfOptions {
  /** Milliseconds since 1970. */
  readonly exportDate: number;
  /** Stable for a machine; the id of its active state. */
  readonly snapshotId: string;
}

/** The OVF document of a machine, which a backup tool keeps and gives back at restore: everything is in it (oVirt 5.7.5). */
export function writeOvf(description: OvfDescription, options: WriteOvfOptions): string {
  const { disks, nics } = description;
  const networks = new Set(nics.flatMap((nic) => nic.networkName ?? []));
  const envelope = element('ovf:Envelope', { ...NAMESPACES, 'ovf:version': VERSION }, [
    element('References', {}, disks.map(writeFile)),
    element('NetworkSection', {}, [leaf('Info', 'List of networks'), ...[...networks].map(writeNetwork)]),
    element('Section', { 'xsi:type': 'ovf:DiskSection_Type' }, [
      leaf('Info', 'List of Virtual Disks'),
      ...disks.map((disk) => writeDisk(disk, options.snapshotId)),
    ]),
    writeMetadata(description),
    writeContent(description, options),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>${envelope.xml}`;
}

function writeFile(disk: OvfDisk): Markup {
  return element('File', {
    'ovf:href': fileRef(disk),
    'ovf:id': disk.id,
    'ovf:size': 4096,
    'ovf:description': 'Active VM',
    'ovf:disk_storage_type': 'IMAGE',
    'ovf:cinder_volume_type': '',
  });
}

function writeNetwork(name: string): Markup {
  return element('Network', { 'ovf:name': name }, [leaf('Description', name)]);
}

function writeDisk(disk: OvfDisk, snapshotId: string): Markup {
  return element('Disk', {
    'ovf:diskId': disk.id,
    'ovf:size': gibOf(disk.size),
    'ovf:actual_size': gibOf(disk.actualSize ?? 0),
    'ovf:vm_snapshot_id': snapshotId,
    'ovf:parentRef': '',
    'ovf:fileRef': fileRef(disk),
    'ovf:format': SPARSE_FORMAT,
    'ovf:volume-format': disk.format.toUpperCase(),
    'ovf:volume-type': disk.sparse ? 'Sparse' : 'Preallocated',
    'ovf:disk-interface': diskInterfaceName(disk.interface ?? 'virtio_scsi'),
    'ovf:read-only': disk.readOnly,
    'ovf:shareable': disk.shareable,
    'ovf:boot': disk.boot,
    'ovf:pass-discard': false,
    'ovf:incremental-backup': disk.incrementalBackup,
    'ovf:disk-alias': disk.alias ?? disk.id,
    'ovf:disk-description': disk.description ?? '',
    'ovf:wipe-after-delete': false,
  });
}

function writeContent(description: OvfDescription, options: WriteOvfOptions): Markup {
  return element('Content', { 'ovf:id': 'out', 'xsi:type': 'ovf:VirtualSystem_Type' }, [
    ...writeIdentity(description, options),
    ...writeSettings(description),
    element('Section', { 'ovf:id': description.id, 'ovf:required': false, 'xsi:type': 'ovf:OperatingSystemSection_Type' }, [
      leaf('Info', 'Guest Operating System'),
      leaf('Description', description.osType ?? 'other_linux'),
    ]),
    writeHardware(description),
  ]);
}

function writeIdentity(description: OvfDescription, { exportDate }: WriteOvfOptions): Markup[] {
  return leaves({
    Name: description.name ?? '',
    Description: description.description ?? '',
    Comment: description.comment ?? '',
    CreationDate: ovfDate(description.creationDate ?? exportDate),
    ExportDate: ovfDate(exportDate),
    DeleteProtected: description.deleteProtected ?? false,
    SsoMethod: 'guest_agent',
    IsSmartcardEnabled: false,
    NumOfIoThreads: 1,
    TimeZone: description.timeZone ?? 'Etc/GMT',
    default_boot_sequence: 0,
    Generation: 1,
    ClusterCompatibilityVersion: '4.8',
    VmType: vmTypeOrdinal(description.vmType ?? 'server'),
    ResumeBehavior: 'AUTO_RESUME',
    MinAllocatedMem: mib(description.minimumMemory ?? description.memory),
  });
}

function writeSettings(description: OvfDescription): Markup[] {
  return leaves({
    IsStateless: description.stateless ?? false,
    IsRunAndPause: false,
    AutoStartup: description.highlyAvailable ?? false,
    Priority: description.highlyAvailable === true ? 1 : 0,
    CreatedByUserId: description.owner?.accountId,
    MigrationSupport: 0,
    IsBootMenuEnabled: false,
    BiosType: biosOrdinal(description.biosType ?? 'q35_sea_bios'),
    MaxMemorySizeMb: mib(description.memory),
    MultiQueuesEnabled: true,
    BalloonEnabled: true,
    CpuPinningPolicy: 0,
    ClusterName: description.clusterName ?? '',
    TemplateId: description.templateId ?? ZERO_ID,
    TemplateName: description.templateName ?? 'Blank',
    IsInitilized: true,
    Origin: 3,
    DefaultDisplayType: 2,
    TrustedService: false,
    OriginalTemplateId: description.templateId ?? ZERO_ID,
    OriginalTemplateName: description.templateName ?? 'Blank',
    UseLatestVersion: false,
  });
}

function mib(bytes: number | undefined): number {
  return Math.ceil((bytes ?? 0) / MIB);
}
