import { describe, expect, test } from 'vitest';
import { fieldsOf, SCHEMA } from './index.ts';

const BASE = 'actions name description comment creation_status link';
const VM_BASE = `bios console cpu cpu_shares creation_time custom_properties delete_protected display domain high_availability initialization io
  large_icon memory memory_policy migration migration_downtime multi_queues_enabled origin os placement_policy small_icon sso start_paused
  stateless storage_error_resume_behaviour time_zone type usb cluster cpu_profile quota storage_domain`;
const VM_OWN = `fqdn guest_operating_system has_illegal_images next_run_configuration_exists run_once start_time status status_detail stop_reason
  stop_time use_latest_template_version cdroms disk_attachments graphics_consoles host nics original_template permissions reported_devices
  snapshots statistics tags template`;

/** The elements of the engine's XSD, in its order (oVirt 4.3); a table may have more, between them. */
const XSD_ORDER: Readonly<Record<string, string>> = {
  api: 'engine_backup product_info special_objects summary time authenticated_user effective_user',
  fault: 'detail reason',
  action: `async correlation_id disk fault filter force host job reason restore_memory snapshot status use_cloud_init use_initialization vm`,
  vm: `${VM_BASE} ${VM_OWN}`,
  snapshot: `${VM_BASE} ${VM_OWN} date persist_memorystate snapshot_status snapshot_type disks vm`,
  disk: `instance_type template vm vms active actual_size alias backup backup_mode bootable content_type format image_id initial_size interface
    logical_name propagate_errors provisioned_size qcow_version read_only shareable sparse status storage_type total_size wipe_after_delete
    disk_profile disk_snapshots quota snapshot storage_domain storage_domains`,
  disk_attachment: 'active bootable interface logical_name pass_discard read_only uses_scsi_reservation disk template vm',
  nic: 'vm boot_protocol interface linked mac on_boot plugged synced network reported_devices vnic_profile',
  reported_device: 'ips mac type vm',
  backup: 'creation_date from_checkpoint_id modification_date phase to_checkpoint_id disks host snapshot vm',
  checkpoint: 'creation_date parent_id state disks vm',
  image_transfer: `active direction format inactivity_timeout phase proxy_url shallow timeout_policy transfer_url transferred backup disk host
    image snapshot`,
  job: 'auto_cleared end_time external last_updated start_time status owner steps',
  step: 'end_time external external_type number progress start_time status type execution_host job parent_step',
  event: `code correlation_id custom_data custom_id flood_rate index log_on_host origin severity time cluster data_center host storage_domain
    template user vm`,
  data_center: 'local quota_mode status storage_format supported_versions version clusters networks quotas storage_domains',
  cluster: `ballooning_enabled bios_type cpu error_handling fencing_policy firewall_type gluster_service ksm memory_policy migration
    required_rng_sources switch_type threads_as_cores trusted_service tunnel_migration version virt_service vnc_encryption data_center mac_pool
    scheduling_policy`,
  host: `address auto_numa_status cpu external_status hardware_information kdump_status libvirt_version max_scheduling_memory memory os port
    power_management protocol spm status summary type version cluster`,
  storage_domain: `available backup block_size committed critical_space_action_blocker discard_after_delete external_status import master status
    storage storage_format supports_discard supports_discard_zeroes_data type used warning_low_space_indicator wipe_after_delete data_center
    data_centers`,
  network: 'display ip mtu port_isolation required status stp usages vdsm_name vlan cluster data_center vnic_profiles',
  vnic_profile: 'custom_properties migratable pass_through port_mirroring network network_filter qos',
  tag: 'group host parent template user vm',
  initialization: `authorized_ssh_keys cloud_init configuration custom_script dns_search dns_servers domain host_name nic_configurations
    regenerate_ids root_password timezone user_name`,
  configuration: 'data type',
  product_info: 'instance_id name vendor version',
  ip: 'address gateway netmask version',
};

const NO_RESOURCES = ['fault', 'initialization', 'configuration', 'product_info', 'ip'];

describe('order of elements', () => {
  test.each(Object.entries(XSD_ORDER))('%s', (type, order) => {
    const own = order.split(/\s+/);
    const wanted = NO_RESOURCES.includes(type) ? own : [...BASE.split(' '), ...own];

    expect(Object.keys(fieldsOf(type)).filter((field) => wanted.includes(field))).toEqual(wanted);
  });
});

describe('the table', () => {
  const fields = Object.keys(SCHEMA).flatMap((type) => Object.entries(fieldsOf(type)).map(([name, field]) => ({ type, name, field })));

  test('every structure that a field names is in it', () => {
    const named = fields
      .flatMap(({ field }) => (field.kind === 'list' ? [field.of] : [field]))
      .flatMap((field) => (field.kind === 'struct' ? [field.type] : []));

    expect(named.filter((type) => !Object.hasOwn(SCHEMA, type))).toEqual([]);
    expect(named.length).toBeGreaterThan(150);
  });

  test('every name is one that XML and the wire have', () => {
    expect(fields.filter(({ type, name }) => !/^[a-z][a-z0-9_]*$/.test(type) || !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  });

  test('an unknown type is a mistake of the programmer', () => {
    expect(() => fieldsOf('__proto__')).toThrow(TypeError);
    expect(() => fieldsOf('nonsense')).toThrow(TypeError);
  });
});
