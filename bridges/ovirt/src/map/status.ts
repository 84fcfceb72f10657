import type { DataCenter, Disk, Host, Network, StorageDomain, Template, Vm } from '@fairlead/ovirt/codec';

type Status<T extends { status?: unknown }> = NonNullable<T['status']>;

const VM: Readonly<Record<string, Status<Vm>>> = {
  Running: 'up',
  Starting: 'powering_up',
  Stopping: 'powering_down',
  Stopped: 'down',
  Shutdown: 'down',
  Error: 'down',
  Migrating: 'migrating',
  Restoring: 'image_locked',
  Paused: 'paused',
};

const GONE_VM = new Set(['Destroyed', 'Expunging', 'Expunged']);
const GONE_VOLUME = new Set(['Destroy', 'Destroying', 'Expunging', 'Expunged']);

const LOCKED_VOLUME = new Set([
  'Creating',
  'Migrating',
  'Copying',
  'Attaching',
  'Resizing',
  'RevertSnapshotting',
  'Restoring',
  'Snapshotting',
  'UploadOp',
  'NotUploaded',
  'UploadInProgress',
  'Uploaded',
  'ImportInProgress',
]);

const HOST_BY_RESOURCE_STATE: Readonly<Record<string, Status<Host>>> = {
  Maintenance: 'maintenance',
  PrepareForMaintenance: 'preparing_for_maintenance',
  ErrorInPrepareForMaintenance: 'preparing_for_maintenance',
  ErrorInMaintenance: 'error',
  Disabled: 'maintenance',
  Degraded: 'non_operational',
  Creating: 'installing',
};

const HOST_BY_STATE: Readonly<Record<string, Status<Host>>> = {
  Up: 'up',
  Connecting: 'connecting',
  Rebalancing: 'connecting',
  Down: 'down',
};

const POOL: Readonly<Record<string, Status<StorageDomain>>> = {
  Up: 'active',
  Maintenance: 'maintenance',
  PrepareForMaintenance: 'preparing_for_maintenance',
  CancelMaintenance: 'activating',
  Attaching: 'activating',
  Initial: 'locked',
  Initialized: 'locked',
  Creating: 'locked',
};

const NETWORK_UP = new Set(['Implemented', 'Setup', 'Allocated', 'Implementing']);

/** ovirt 7.1 */
export function vmStatus(state: string): Status<Vm> {
  return VM[state] ?? 'unknown';
}

/** Destroyed VMs are hidden (ovirt 7.1). */
export function isGoneVm(state: string): boolean {
  return GONE_VM.has(state);
}

/** ovirt 7.2; a volume with an open image transfer is locked as well, which the caller knows. */
export function diskStatus(state: string): Status<Disk> {
  if (state === 'Ready' || state === 'Allocated') return 'ok';
  return LOCKED_VOLUME.has(state) ? 'locked' : 'illegal';
}

export function isGoneVolume(state: string): boolean {
  return GONE_VOLUME.has(state);
}

/** ovirt 7.4 */
export function hostStatus(resourceState: string | undefined, state: string | undefined): Status<Host> {
  return HOST_BY_RESOURCE_STATE[resourceState ?? ''] ?? HOST_BY_STATE[state ?? ''] ?? 'non_responsive';
}

/** ovirt 7.5 */
export function poolStatus(state: string | undefined): Status<StorageDomain> {
  return POOL[state ?? ''] ?? 'inactive';
}

/** ovirt 7.6 */
export function dataCenterStatus(allocationState: string | undefined): Status<DataCenter> {
  return allocationState === 'Enabled' ? 'up' : 'maintenance';
}

export function networkStatus(state: string | undefined): Status<Network> {
  return NETWORK_UP.has(state ?? '') ? 'operational' : 'non_operational';
}

export function templateStatus(isReady: boolean | undefined, status: string | undefined): Status<Template> {
  if (isReady === true) return 'ok';
  return status !== undefined && /error|fail/i.test(status) ? 'illegal' : 'locked';
}
