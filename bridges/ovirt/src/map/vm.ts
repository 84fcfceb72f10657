import type { VirtualMachine } from '@fairlead/cloudstack';
import type { Vm } from '@fairlead/ovirt/codec';
import { cloudDate } from './date.ts';
import { type Href, ZERO_ID } from './href.ts';
import { linksOf, reference, referenceOrNone, zeroReference } from './link.ts';
import { vmStatus } from './status.ts';

/** What the inventory knows of a VM beside CloudStack's own answer. */
export interface VmFacts {
  /** Unique among what the caller sees. */
  readonly name: string;
  /** Of its host when it runs, else of its root volume, else the first of its zone (ovirt 5.7.2). */
  readonly clusterId: string | undefined;
  /** Only the service key sees it. */
  readonly hostId: string | undefined;
}

const MIB = 1024 * 1024;

/** The template of blank instances; no list of CloudStack shows it (ovirt 5.7.2). */
export const BLANK_TEMPLATE_NAME = 'kvm-blank-vm-template';

/** Actions of a VM that are served. */
const VM_ACTIONS = ['start', 'stop', 'shutdown', 'reboot', 'reset'] as const;

const LINKS = [
  'diskattachments',
  'nics',
  'reporteddevices',
  'snapshots',
  'backups',
  'checkpoints',
  'tags',
  'cdroms',
  'graphicsconsoles',
  'applications',
  'statistics',
  'permissions',
  'affinitylabels',
  'sessions',
  'watchdogs',
  'numanodes',
  'hostdevices',
];

/** Facts that CloudStack has no word for (ovirt 5.7.2). */
const CONSTANTS = {
  display: { type: 'vnc', monitors: 1, smartcard_enabled: false, copy_paste_enabled: true, file_transfer_enabled: true },
  has_illegal_images: false,
  io: { threads: 1 },
  migration: { auto_converge: 'inherit', compressed: 'inherit', encrypted: 'inherit' },
  migration_downtime: -1,
  multi_queues_enabled: true,
  next_run_configuration_exists: false,
  origin: 'ovirt',
  placement_policy: { affinity: 'migratable' },
  run_once: false,
  start_paused: false,
  stateless: false,
  storage_error_resume_behaviour: 'auto_resume',
  time_zone: { name: 'Etc/GMT' },
  type: 'server',
  usb: { enabled: false },
  use_latest_template_version: false,
} as const satisfies Vm;

/** An instance as a VM (ovirt 5.7.2). */
export function toVm(vm: VirtualMachine, href: Href, facts: VmFacts): Vm {
  const path = ['vms', vm.id];
  return {
    ...CONSTANTS,
    ...sizeOf(vm),
    ...timesOf(vm),
    id: vm.id,
    href: href(...path),
    name: facts.name,
    description: vm.displayname,
    comment: ownerOf(vm),
    actions: linksOf(href, path, VM_ACTIONS),
    link: linksOf(href, path, LINKS),
    bios: { boot_menu: { enabled: false }, type: biosType(vm) },
    delete_protected: vm.deleteprotection ?? false,
    high_availability: { enabled: vm.haenable ?? false, priority: vm.haenable === true ? 1 : 0 },
    large_icon: zeroReference(href, 'icons'),
    small_icon: zeroReference(href, 'icons'),
    os: { boot: { devices: ['hd'] }, type: osType(vm.osdisplayname) },
    cluster: referenceOrNone(href, 'clusters', facts.clusterId),
    cpu_profile: referenceOrNone(href, 'cpuprofiles', vm.serviceofferingid),
    status: vmStatus(vm.state),
    status_detail: vm.state,
    host: vm.state === 'Running' ? referenceOrNone(href, 'hosts', facts.hostId) : undefined,
    original_template: templateOf(vm, href),
    template: templateOf(vm, href),
  };
}

/** `type` of the BIOS: CloudStack says it in two fields, in details, or not at all, which is BIOS (ovirt 5.7.2). */
export function biosType(vm: VirtualMachine): 'q35_secure_boot' | 'q35_ovmf' | 'q35_sea_bios' {
  const told = vm.details.UEFI;
  const isUefi = vm.boottype?.toUpperCase() === 'UEFI' || told !== undefined;
  if (!isUefi) return 'q35_sea_bios';
  return (told ?? vm.bootmode ?? '').toUpperCase() === 'SECURE' ? 'q35_secure_boot' : 'q35_ovmf';
}

/** oVirt's word for the guest system; what it does not know is Linux (ovirt 5.7.2). */
export function osType(name: string | undefined): string {
  const text = (name ?? '').toLowerCase();
  const windows = /windows(?: server)? (\d+)/.exec(text);
  if (windows) return `windows_${windows[1]}`;
  if (text.includes('windows')) return 'other_windows';
  const el = /(?:red hat|rocky|alma|centos|oracle)\D*(\d+)/.exec(text);
  if (el) return `rhel_${el[1]}x64`;
  if (text.includes('ubuntu')) return 'ubuntu_18_04';
  if (text.includes('debian')) return 'debian_9';
  return 'other_linux';
}

function sizeOf(vm: VirtualMachine): Pick<Vm, 'memory' | 'memory_policy' | 'cpu'> {
  const memory = (vm.memory ?? 0) * MIB;
  return {
    memory,
    memory_policy: { guaranteed: memory, max: memory, ballooning: true },
    cpu: { architecture: vm.arch ?? 'x86_64', topology: { sockets: vm.cpunumber ?? 1, cores: 1, threads: 1 } },
  };
}

function timesOf(vm: VirtualMachine): Pick<Vm, 'creation_time' | 'start_time' | 'stop_time'> {
  const changed = cloudDate(vm.lastupdated);
  return {
    creation_time: cloudDate(vm.created),
    start_time: vm.state === 'Running' ? changed : undefined,
    stop_time: vm.state === 'Stopped' ? changed : undefined,
  };
}

function ownerOf(vm: VirtualMachine): string {
  const owner = vm.project === undefined ? vm.account : `project ${vm.project}`;
  return [vm.domainpath ?? vm.domain, owner].filter((part) => part !== undefined).join(' ');
}

function templateOf(vm: VirtualMachine, href: Href): { href: string; id: string } {
  const isBlank = vm.templateid === undefined || vm.templatename === BLANK_TEMPLATE_NAME;
  return reference(href, 'templates', isBlank ? ZERO_ID : (vm.templateid ?? ZERO_ID));
}
