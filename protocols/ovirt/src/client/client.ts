import type {
  Action,
  Api,
  Backup,
  Cluster,
  Disk,
  DiskAttachment,
  Event,
  ImageTransfer,
  Job,
  Nic,
  StorageDomain,
  Vm,
  VnicProfile,
} from '../codec/schema/index.ts';
import { Calls, type GetOptions, type ListOptions, pathOf } from './calls.ts';
import { type CallOptions, type OvirtClientOptions, Session } from './session.ts';

export type VmAction = 'start' | 'stop' | 'shutdown' | 'reboot' | 'reset';

/**
 * A client of the oVirt API that speaks XML, as SDKs do. It logs in when first needed, again when a token has run out, and waits for
 * nothing without a deadline. Its errors: the codes of `OvirtWireError`; what an engine refuses is `OVIRT_WIRE_NOT_FOUND`,
 * `OVIRT_WIRE_CONFLICT`, `OVIRT_WIRE_LOGIN_REFUSED` or `OVIRT_WIRE_FAULT`, with `detail.status`, `detail.reason` and `detail.detail`.
 */
export class OvirtClient {
  readonly #session: Session;
  readonly #calls: Calls;

  constructor(options: OvirtClientOptions) {
    this.#session = new Session(options);
    this.#calls = new Calls(this.#session);
  }

  api(options: GetOptions = {}): Promise<Api> {
    return this.#calls.get('api', '', options);
  }

  listVms(options: ListOptions = {}): Promise<Vm[]> {
    return this.#calls.list('vm', '/vms', options);
  }

  getVm(id: string, options: GetOptions = {}): Promise<Vm> {
    return this.#calls.get('vm', pathOf('vms', id), options);
  }

  createVm(vm: Vm, options: CallOptions = {}): Promise<Vm> {
    return this.#calls.create('vm', '/vms', vm, options);
  }

  /** Deletes a machine and its disks, or with `detachOnly` leaves the disks. */
  deleteVm(id: string, options: CallOptions & { readonly detachOnly?: boolean; readonly force?: boolean } = {}): Promise<void> {
    return this.#calls.remove(pathOf('vms', id), { detach_only: options.detachOnly, force: options.force }, options);
  }

  actOnVm(id: string, verb: VmAction, action: Action = {}, options: CallOptions = {}): Promise<Action> {
    return this.#calls.act(pathOf('vms', id, verb), action, options);
  }

  listDiskAttachments(vmId: string, options: ListOptions = {}): Promise<DiskAttachment[]> {
    return this.#calls.list('disk_attachment', pathOf('vms', vmId, 'diskattachments'), options);
  }

  attachDisk(vmId: string, attachment: DiskAttachment, options: CallOptions = {}): Promise<DiskAttachment> {
    return this.#calls.create('disk_attachment', pathOf('vms', vmId, 'diskattachments'), attachment, options);
  }

  listNics(vmId: string, options: ListOptions = {}): Promise<Nic[]> {
    return this.#calls.list('nic', pathOf('vms', vmId, 'nics'), options);
  }

  addNic(vmId: string, nic: Nic, options: CallOptions = {}): Promise<Nic> {
    return this.#calls.create('nic', pathOf('vms', vmId, 'nics'), nic, options);
  }

  getDisk(id: string, options: GetOptions = {}): Promise<Disk> {
    return this.#calls.get('disk', pathOf('disks', id), options);
  }

  createDisk(disk: Disk, options: CallOptions = {}): Promise<Disk> {
    return this.#calls.create('disk', '/disks', disk, options);
  }

  deleteDisk(id: string, options: CallOptions = {}): Promise<void> {
    return this.#calls.remove(pathOf('disks', id), {}, options);
  }

  startBackup(vmId: string, backup: Backup, options: CallOptions = {}): Promise<Backup> {
    return this.#calls.create('backup', pathOf('vms', vmId, 'backups'), backup, options);
  }

  getBackup(vmId: string, id: string, options: GetOptions = {}): Promise<Backup> {
    return this.#calls.get('backup', pathOf('vms', vmId, 'backups', id), options);
  }

  listBackupDisks(vmId: string, id: string, options: ListOptions = {}): Promise<Disk[]> {
    return this.#calls.list('disk', pathOf('vms', vmId, 'backups', id, 'disks'), options);
  }

  finalizeBackup(vmId: string, id: string, options: CallOptions = {}): Promise<Action> {
    return this.#calls.act(pathOf('vms', vmId, 'backups', id, 'finalize'), {}, options);
  }

  createImageTransfer(transfer: ImageTransfer, options: CallOptions = {}): Promise<ImageTransfer> {
    return this.#calls.create('image_transfer', '/imagetransfers', transfer, options);
  }

  getImageTransfer(id: string, options: GetOptions = {}): Promise<ImageTransfer> {
    return this.#calls.get('image_transfer', pathOf('imagetransfers', id), options);
  }

  finalizeImageTransfer(id: string, options: CallOptions = {}): Promise<Action> {
    return this.#calls.act(pathOf('imagetransfers', id, 'finalize'), {}, options);
  }

  cancelImageTransfer(id: string, options: CallOptions = {}): Promise<Action> {
    return this.#calls.act(pathOf('imagetransfers', id, 'cancel'), {}, options);
  }

  extendImageTransfer(id: string, options: CallOptions = {}): Promise<Action> {
    return this.#calls.act(pathOf('imagetransfers', id, 'extend'), {}, options);
  }

  listStorageDomains(options: ListOptions = {}): Promise<StorageDomain[]> {
    return this.#calls.list('storage_domain', '/storagedomains', options);
  }

  listClusters(options: ListOptions = {}): Promise<Cluster[]> {
    return this.#calls.list('cluster', '/clusters', options);
  }

  listVnicProfiles(options: ListOptions = {}): Promise<VnicProfile[]> {
    return this.#calls.list('vnic_profile', '/vnicprofiles', options);
  }

  listEvents(options: ListOptions = {}): Promise<Event[]> {
    return this.#calls.list('event', '/events', options);
  }

  getJob(id: string, options: GetOptions = {}): Promise<Job> {
    return this.#calls.get('job', pathOf('jobs', id), options);
  }

  /** Gives the token back. The client can still be used, it then logs in anew. */
  logout(options: CallOptions = {}): Promise<void> {
    return this.#session.logout(options);
  }

  /** Ends the connections; the token, if not given back before, runs out by itself. */
  close(): void {
    this.#session.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
