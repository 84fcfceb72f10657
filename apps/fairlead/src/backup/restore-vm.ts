import { join } from 'node:path';
import { newUuid } from '@fairlead/kernel/ids';
import type { StorageDomain } from '@fairlead/ovirt';
import { BackupError } from './errors.ts';
import { checkFiles, type DiskEntry, type Manifest, readManifest } from './manifest.ts';
import { type BackupSession, needed, poll, withTransfer } from './session.ts';
import { type Made, removeMade } from './take-back.ts';
import { uploadDisk } from './upload-disk.ts';

export interface RestoreOptions {
  readonly folder: string;
  /** Name of the new VM. */
  readonly name: string;
  /** Name or id of the storage domain; else the one of the backup, else the first active one. */
  readonly storage?: string | undefined;
}

export interface RestoreResult {
  readonly vmId: string;
  readonly diskIds: readonly string[];
  readonly dataBytes: number;
  /** What could not be brought back, for people. */
  readonly warnings: readonly string[];
}

/** Restores a backup to a new VM. When anything fails, what was made so far is removed again. */
export async function restoreVm(session: BackupSession, options: RestoreOptions): Promise<RestoreResult> {
  const manifest = await readManifest(options.folder);
  await checkFiles(options.folder, manifest, session.signal);
  const storageId = await findStorage(session, manifest, options.storage);
  session.onStep(`Create ${options.name}`);
  const vm = await session.client.createVm(
    {
      name: options.name,
      cluster: { id: manifest.vm.clusterId },
      initialization: { configuration: { type: 'ovf', data: manifest.vm.ovf } },
    },
    // Not given up in between: what is being made must be known to be taken back.
    {},
  );
  const made: Made = { vmId: needed(vm.id), diskIds: [] };
  try {
    let dataBytes = 0;
    for (const disk of bootFirst(manifest.disks)) dataBytes += await restoreDisk(session, { ...options, disk, storageId, made });
    const warnings = await restoreNics(session, manifest, made.vmId);
    return { vmId: made.vmId, diskIds: made.diskIds, dataBytes, warnings };
  } catch (error) {
    await removeMade(session, made);
    throw error;
  }
}

interface DiskTask {
  readonly folder: string;
  readonly disk: DiskEntry;
  readonly storageId: string;
  readonly made: Made;
}

async function restoreDisk(session: BackupSession, { folder, disk, storageId, made }: DiskTask): Promise<number> {
  const { client, signal } = session;
  signal.throwIfAborted();
  session.onStep(`Create disk ${disk.name}`);
  // The id is ours, so that a disk whose making was begun can be taken back although the answer was lost.
  const id = newUuid();
  made.diskIds.push(id);
  await client.createDisk(
    { id, name: disk.name, format: 'cow', sparse: true, provisioned_size: disk.size, storage_domains: [{ id: storageId }] },
    {},
  );
  await poll(session, `Creating disk ${disk.name}`, 900, async () =>
    (await client.getDisk(id, { signal })).status === 'ok' ? true : undefined,
  );
  let progress: ReturnType<BackupSession['onDisk']> | undefined;
  const { dataBytes } = await withTransfer(session, { disk: { id }, direction: 'upload', format: 'raw' }, (image) =>
    uploadDisk({
      client: image,
      diskId: id,
      file: join(folder, disk.file),
      checksum: disk.checksum.digest,
      streams: session.streams,
      clock: session.clock,
      signal,
      onPlan: (bytes) => {
        progress = session.onDisk(`restore ${disk.name}`, bytes);
      },
      onBytes: (bytes) => progress?.add(bytes),
    }),
  );
  progress?.end();
  await client.attachDisk(made.vmId, { disk: { id }, bootable: disk.bootable, interface: 'virtio_scsi', active: true }, { signal });
  return dataBytes;
}

async function restoreNics(session: BackupSession, manifest: Manifest, vmId: string): Promise<string[]> {
  const warnings: string[] = [];
  const { client, signal } = session;
  const profiles = new Set((await client.listVnicProfiles({ signal })).map((profile) => profile.id));
  for (const nic of manifest.vm.nics) {
    if (!profiles.has(nic.vnicProfileId)) {
      warnings.push(`NIC ${nic.name} was left out: its network is not there any more`);
      continue;
    }
    await client.addNic(vmId, { name: nic.name, vnic_profile: { id: nic.vnicProfileId }, interface: 'virtio' }, { signal });
  }
  return warnings;
}

async function findStorage(session: BackupSession, manifest: Manifest, wanted: string | undefined): Promise<string> {
  const all = (await session.client.listStorageDomains({ signal: session.signal })).filter((one) => one.status === 'active');
  const byName = (name: string): StorageDomain | undefined => all.find((one) => one.id === name || one.name === name);
  const found = wanted === undefined ? (byName(manifest.storageDomainId) ?? all[0]) : byName(wanted);
  if (!found?.id) throw BackupError('BACKUP_STORAGE_NOT_FOUND', { name: wanted ?? manifest.storageDomainId });
  return found.id;
}

/** A VM without root disk takes the bootable one first; the others keep their order. */
function bootFirst(disks: readonly DiskEntry[]): DiskEntry[] {
  return disks.toSorted((a, b) => Number(b.bootable) - Number(a.bootable));
}
