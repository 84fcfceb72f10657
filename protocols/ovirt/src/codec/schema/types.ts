import type { ENGINE } from './engine.ts';
import type { BASE, EnumField, ListField, ScalarField, StructField } from './fields.ts';
import type { INFRASTRUCTURE } from './infrastructure.ts';
import type { MACHINES } from './machines.ts';
import type { STORAGE } from './storage.ts';
import type { STRUCTS } from './structs.ts';

/*
 * The TypeScript face of the table: one interface for each type, so that the compiler compares names instead of unfolding a graph in which
 * everything refers to everything. What the fields are is said in the table alone.
 */

type ScalarValue<Kind> = Kind extends 'string' ? string : Kind extends 'boolean' ? boolean : number;

type ValueOf<Of> = Of extends EnumField
  ? Of['values'][number]
  : Of extends StructField
    ? Objects[Of['type'] & keyof Objects]
    : Of extends ListField
      ? readonly ValueOf<Of['of']>[]
      : Of extends ScalarField
        ? ScalarValue<Of['kind']>
        : never;

type ShapeOf<Fields> = { -readonly [Key in keyof Fields]?: ValueOf<Fields[Key]> | undefined };

/** A resource of which only the common part is known. */
export interface PlainResource extends ShapeOf<typeof BASE> {}

export interface Action extends ShapeOf<(typeof ENGINE)['action']> {}
export interface Api extends ShapeOf<(typeof ENGINE)['api']> {}
export interface ApiSummary extends ShapeOf<(typeof STRUCTS)['api_summary']> {}
export interface ApiSummaryItem extends ShapeOf<(typeof STRUCTS)['api_summary_item']> {}
export interface Backup extends ShapeOf<(typeof STORAGE)['backup']> {}
export interface Bios extends ShapeOf<(typeof STRUCTS)['bios']> {}
export interface Boot extends ShapeOf<(typeof STRUCTS)['boot']> {}
export interface BootMenu extends ShapeOf<(typeof STRUCTS)['boot_menu']> {}
export interface Cdrom extends ShapeOf<(typeof MACHINES)['cdrom']> {}
export interface Checkpoint extends ShapeOf<(typeof STORAGE)['checkpoint']> {}
export interface CloudInit extends ShapeOf<(typeof STRUCTS)['cloud_init']> {}
export interface Cluster extends ShapeOf<(typeof INFRASTRUCTURE)['cluster']> {}
export interface Configuration extends ShapeOf<(typeof STRUCTS)['configuration']> {}
export interface Console extends ShapeOf<(typeof STRUCTS)['console']> {}
export interface Cpu extends ShapeOf<(typeof STRUCTS)['cpu']> {}
export interface CpuProfile extends ShapeOf<(typeof INFRASTRUCTURE)['cpu_profile']> {}
export interface CustomProperty extends ShapeOf<(typeof STRUCTS)['custom_property']> {}
export interface DataCenter extends ShapeOf<(typeof INFRASTRUCTURE)['data_center']> {}
export interface Disk extends ShapeOf<(typeof STORAGE)['disk']> {}
export interface DiskAttachment extends ShapeOf<(typeof STORAGE)['disk_attachment']> {}
export interface DiskProfile extends ShapeOf<(typeof STORAGE)['disk_profile']> {}
export interface DiskSnapshot extends ShapeOf<(typeof STORAGE)['disk_snapshot']> {}
export interface Display extends ShapeOf<(typeof STRUCTS)['display']> {}
export interface ErrorHandling extends ShapeOf<(typeof STRUCTS)['error_handling']> {}
export interface Event extends ShapeOf<(typeof ENGINE)['event']> {}
export interface Fault extends ShapeOf<(typeof STRUCTS)['fault']> {}
export interface FencingPolicy extends ShapeOf<(typeof STRUCTS)['fencing_policy']> {}
export interface GraphicsConsole extends ShapeOf<(typeof MACHINES)['graphics_console']> {}
export interface GuestOperatingSystem extends ShapeOf<(typeof STRUCTS)['guest_operating_system']> {}
export interface HardwareInformation extends ShapeOf<(typeof STRUCTS)['hardware_information']> {}
export interface HighAvailability extends ShapeOf<(typeof STRUCTS)['high_availability']> {}
export interface Host extends ShapeOf<(typeof INFRASTRUCTURE)['host']> {}
export interface HostStorage extends ShapeOf<(typeof STORAGE)['host_storage']> {}
export interface HostSummary extends ShapeOf<(typeof STRUCTS)['host_summary']> {}
export interface ImageTransfer extends ShapeOf<(typeof STORAGE)['image_transfer']> {}
export interface Initialization extends ShapeOf<(typeof STRUCTS)['initialization']> {}
export interface Io extends ShapeOf<(typeof STRUCTS)['io']> {}
export interface Ip extends ShapeOf<(typeof STRUCTS)['ip']> {}
export interface Job extends ShapeOf<(typeof ENGINE)['job']> {}
export interface Kernel extends ShapeOf<(typeof STRUCTS)['kernel']> {}
export interface Ksm extends ShapeOf<(typeof STRUCTS)['ksm']> {}
export interface Link extends ShapeOf<(typeof STRUCTS)['link']> {}
export interface Mac extends ShapeOf<(typeof STRUCTS)['mac']> {}
export interface MemoryOverCommit extends ShapeOf<(typeof STRUCTS)['memory_over_commit']> {}
export interface MemoryPolicy extends ShapeOf<(typeof STRUCTS)['memory_policy']> {}
export interface Method extends ShapeOf<(typeof STRUCTS)['method']> {}
export interface Migration extends ShapeOf<(typeof STRUCTS)['migration']> {}
export interface MigrationBandwidth extends ShapeOf<(typeof STRUCTS)['migration_bandwidth']> {}
export interface Network extends ShapeOf<(typeof INFRASTRUCTURE)['network']> {}
export interface Nic extends ShapeOf<(typeof MACHINES)['nic']> {}
export interface NicConfiguration extends ShapeOf<(typeof STRUCTS)['nic_configuration']> {}
export interface Os extends ShapeOf<(typeof STRUCTS)['os']> {}
export interface PassThrough extends ShapeOf<(typeof STRUCTS)['pass_through']> {}
export interface Permission extends ShapeOf<(typeof ENGINE)['permission']> {}
export interface Permit extends ShapeOf<(typeof STRUCTS)['permit']> {}
export interface PlacementPolicy extends ShapeOf<(typeof STRUCTS)['placement_policy']> {}
export interface PowerManagement extends ShapeOf<(typeof STRUCTS)['power_management']> {}
export interface ProductInfo extends ShapeOf<(typeof STRUCTS)['product_info']> {}
export interface Quota extends ShapeOf<(typeof INFRASTRUCTURE)['quota']> {}
export interface ReportedDevice extends ShapeOf<(typeof MACHINES)['reported_device']> {}
export interface Role extends ShapeOf<(typeof ENGINE)['role']> {}
export interface SkipIf extends ShapeOf<(typeof STRUCTS)['skip_if']> {}
export interface Snapshot extends ShapeOf<(typeof MACHINES)['snapshot']> {}
export interface SpecialObjects extends ShapeOf<(typeof STRUCTS)['special_objects']> {}
export interface Spm extends ShapeOf<(typeof STRUCTS)['spm']> {}
export interface Sso extends ShapeOf<(typeof STRUCTS)['sso']> {}
export interface Step extends ShapeOf<(typeof ENGINE)['step']> {}
export interface StorageDomain extends ShapeOf<(typeof STORAGE)['storage_domain']> {}
export interface Tag extends ShapeOf<(typeof MACHINES)['tag']> {}
export interface Template extends ShapeOf<(typeof MACHINES)['template']> {}
export interface TemplateVersion extends ShapeOf<(typeof STRUCTS)['template_version']> {}
export interface TimeZone extends ShapeOf<(typeof STRUCTS)['time_zone']> {}
export interface Topology extends ShapeOf<(typeof STRUCTS)['topology']> {}
export interface TransparentHugepages extends ShapeOf<(typeof STRUCTS)['transparent_hugepages']> {}
export interface Usb extends ShapeOf<(typeof STRUCTS)['usb']> {}
export interface User extends ShapeOf<(typeof ENGINE)['user']> {}
export interface Version extends ShapeOf<(typeof STRUCTS)['version']> {}
export interface Vlan extends ShapeOf<(typeof STRUCTS)['vlan']> {}
export interface Vm extends ShapeOf<(typeof MACHINES)['vm']> {}
export interface VnicProfile extends ShapeOf<(typeof INFRASTRUCTURE)['vnic_profile']> {}

/** Type names to interfaces. */
export interface Objects {
  action: Action;
  affinity_group: PlainResource;
  affinity_label: PlainResource;
  agent: PlainResource;
  application: PlainResource;
  bookmark: PlainResource;
  cluster_feature: PlainResource;
  cluster_level: PlainResource;
  domain: PlainResource;
  engine_backup: PlainResource;
  external_host_provider: PlainResource;
  external_network_provider_configuration: PlainResource;
  external_provider: PlainResource;
  external_template_import: PlainResource;
  external_vm_import: PlainResource;
  file: PlainResource;
  gluster_hook: PlainResource;
  gluster_volume: PlainResource;
  group: PlainResource;
  hook: PlainResource;
  host_cpu_unit: PlainResource;
  host_device: PlainResource;
  host_nic: PlainResource;
  host_numa_node: PlainResource;
  icon: PlainResource;
  image: PlainResource;
  instance_type: PlainResource;
  iscsi_bond: PlainResource;
  katello_erratum: PlainResource;
  mac_pool: PlainResource;
  migration_policy: PlainResource;
  network_attachment: PlainResource;
  network_filter: PlainResource;
  network_filter_parameter: PlainResource;
  network_label: PlainResource;
  openstack_image_provider: PlainResource;
  openstack_network_provider: PlainResource;
  openstack_volume_provider: PlainResource;
  operating_system: PlainResource;
  qos: PlainResource;
  scheduling_policy: PlainResource;
  scheduling_policy_unit: PlainResource;
  session: PlainResource;
  statistic: PlainResource;
  storage_connection: PlainResource;
  storage_connection_extension: PlainResource;
  unmanaged_network: PlainResource;
  vm_mediated_device: PlainResource;
  vm_numa_node: PlainResource;
  vm_pool: PlainResource;
  watchdog: PlainResource;
  api: Api;
  api_summary: ApiSummary;
  api_summary_item: ApiSummaryItem;
  backup: Backup;
  bios: Bios;
  boot: Boot;
  boot_menu: BootMenu;
  cdrom: Cdrom;
  checkpoint: Checkpoint;
  cloud_init: CloudInit;
  cluster: Cluster;
  configuration: Configuration;
  console: Console;
  cpu: Cpu;
  cpu_profile: CpuProfile;
  custom_property: CustomProperty;
  data_center: DataCenter;
  disk: Disk;
  disk_attachment: DiskAttachment;
  disk_profile: DiskProfile;
  disk_snapshot: DiskSnapshot;
  display: Display;
  error_handling: ErrorHandling;
  event: Event;
  fault: Fault;
  fencing_policy: FencingPolicy;
  graphics_console: GraphicsConsole;
  guest_operating_system: GuestOperatingSystem;
  hardware_information: HardwareInformation;
  high_availability: HighAvailability;
  host: Host;
  host_storage: HostStorage;
  host_summary: HostSummary;
  image_transfer: ImageTransfer;
  initialization: Initialization;
  io: Io;
  ip: Ip;
  job: Job;
  kernel: Kernel;
  ksm: Ksm;
  link: Link;
  mac: Mac;
  memory_over_commit: MemoryOverCommit;
  memory_policy: MemoryPolicy;
  method: Method;
  migration: Migration;
  migration_bandwidth: MigrationBandwidth;
  network: Network;
  nic: Nic;
  nic_configuration: NicConfiguration;
  os: Os;
  pass_through: PassThrough;
  permission: Permission;
  permit: Permit;
  placement_policy: PlacementPolicy;
  power_management: PowerManagement;
  product_info: ProductInfo;
  quota: Quota;
  reported_device: ReportedDevice;
  role: Role;
  skip_if: SkipIf;
  snapshot: Snapshot;
  special_objects: SpecialObjects;
  spm: Spm;
  sso: Sso;
  step: Step;
  storage_domain: StorageDomain;
  tag: Tag;
  template: Template;
  template_version: TemplateVersion;
  time_zone: TimeZone;
  topology: Topology;
  transparent_hugepages: TransparentHugepages;
  usb: Usb;
  user: User;
  version: Version;
  vlan: Vlan;
  vm: Vm;
  vnic_profile: VnicProfile;
}
