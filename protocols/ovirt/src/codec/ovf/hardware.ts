import type { OvfDescription, OvfDisk, OvfNic } from './description.ts';
import { element, leaf, leaves, type Markup } from './element.ts';
import { fileRef, MIB, nicOrdinal, ZERO_ID } from './values.ts';

/** Resource types of CIM (DSP1041) that a document of ours has. */
const CPU = 3;
const MEMORY = 4;
const NIC = 10;
const DISK = 17;
const USB = 23;
const OTHER = 0;

/** The machine's parts: processors, memory, disks, network cards, and the few others that an import looks for. */
export function writeHardware(description: OvfDescription): Markup {
  const cpu = description.cpu ?? { sockets: 1, cores: 1, threads: 1 };
  const count = cpu.sockets * cpu.cores * cpu.threads;
  const memory = Math.ceil((description.memory ?? 0) / MIB);
  return element('Section', { 'xsi:type': 'ovf:VirtualHardwareSection_Type' }, [
    leaf('Info', `${count} CPU, ${memory} Memory`),
    element('System', {}, [leaf('vssd:VirtualSystemType', 'ENGINE 4.4.0.0')]),
    cpuItem(cpu, count),
    memoryItem(memory),
    ...description.disks.map(diskItem),
    ...description.nics.map(nicItem),
    element(
      'Item',
      {},
      leaves({ 'rasd:Caption': 'USB Controller', 'rasd:InstanceId': 3, 'rasd:ResourceType': USB, 'rasd:UsbPolicy': 'DISABLED' }),
    ),
    element(
      'Item',
      {},
      leaves({ 'rasd:ResourceType': OTHER, Type: 'rng', Device: 'virtio', 'rasd:Address': '', BootOrder: 0, IsPlugged: true }),
    ),
  ]);
}

function cpuItem(cpu: NonNullable<OvfDescription['cpu']>, count: number): Markup {
  return element(
    'Item',
    {},
    leaves({
      'rasd:Caption': `${count} virtual cpu`,
      'rasd:Description': 'Number of virtual CPU',
      'rasd:InstanceId': 1,
      'rasd:ResourceType': CPU,
      'rasd:num_of_sockets': cpu.sockets,
      'rasd:cpu_per_socket': cpu.cores,
      'rasd:threads_per_cpu': cpu.threads,
      'rasd:max_num_of_vcpus': count,
      'rasd:VirtualQuantity': count,
    }),
  );
}

function memoryItem(megabytes: number): Markup {
  return element(
    'Item',
    {},
    leaves({
      'rasd:Caption': `${megabytes} MB of memory`,
      'rasd:Description': 'Memory Size',
      'rasd:InstanceId': 2,
      'rasd:ResourceType': MEMORY,
      'rasd:AllocationUnits': 'MegaBytes',
      'rasd:VirtualQuantity': megabytes,
    }),
  );
}

function diskItem(disk: OvfDisk, unit: number): Markup {
  return element(
    'Item',
    {},
    leaves({
      'rasd:Caption': disk.alias ?? disk.id,
      'rasd:InstanceId': disk.id,
      'rasd:ResourceType': DISK,
      'rasd:HostResource': fileRef(disk),
      'rasd:Parent': ZERO_ID,
      'rasd:Template': ZERO_ID,
      'rasd:ApplicationList': '',
      'rasd:StorageId': disk.storageDomainId ?? ZERO_ID,
      'rasd:StoragePoolId': ZERO_ID,
      Type: 'disk',
      Device: 'disk',
      'rasd:Address': `{type=drive, bus=0, controller=0, target=0, unit=${unit}}`,
      BootOrder: disk.boot ? 1 : 0,
      IsPlugged: true,
      IsReadOnly: disk.readOnly,
      Alias: `ua-${disk.id}`,
    }),
  );
}

function nicItem(nic: OvfNic, index: number): Markup {
  const name = nic.name ?? `nic${index + 1}`;
  return element(
    'Item',
    {},
    leaves({
      'rasd:Caption': `Ethernet adapter on ${nic.networkName ?? 'no network'}`,
      'rasd:InstanceId': nic.id ?? index + 1,
      'rasd:ResourceType': NIC,
      'rasd:OtherResourceType': nic.profileName ?? nic.networkName ?? '',
      'rasd:ResourceSubType': nicOrdinal(nic.interface ?? 'virtio'),
      'rasd:Connection': nic.networkName ?? '',
      'rasd:Linked': nic.linked,
      'rasd:Name': name,
      'rasd:ElementName': name,
      'rasd:MACAddress': nic.mac,
      'rasd:speed': 10_000,
      Type: 'interface',
      Device: 'bridge',
      'rasd:Address': '',
      BootOrder: 0,
      IsPlugged: true,
      IsReadOnly: false,
      Alias: name,
    }),
  );
}
