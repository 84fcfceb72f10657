import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Backup, Disk, DiskAttachment, Vm } from '@fairlead/ovirt';
import { CHECKSUM_ALGORITHM } from './checksum.ts';
import { downloadDisk } from './download-disk.ts';
import { BackupError } from './errors.ts';
import { findVm } from './find-vm.ts';
import { type DiskEntry, type Manifest, writeManifest } from './manifest.ts';
import { type BackupSession, needed, poll, withTransfer } from './session.ts';
import { endBackup } from './take-back.ts';

export interface BackupResult {
  readonly manifest: Manifest;
  readonly dataBytes: number;
}

/**
 * Backs a VM up into a new folder: one qcow2 file for each disk and a manifest. Goes only through the public APIs.
 * The folder appears whole at the end or not at all; the backup in the gateway is ended in any case.
 */
export async function backupVm(session: BackupSession, vmName: string, folder: string): Promise<BackupResult> {
  if (await exists(folder)) throw BackupError('BACKUP_FOLDER_EXISTS', { folder });
  session.onStep(`Find ${vmName}`);
  const { id } = await findVm(session, vmName);
  const vm = await session.client.getVm(id, { allContent: true, follow: 'disk_attachments.disk,nics', signal: session.signal });
  await mkdir(dirname(folder), { recursive: true });
  // A name of its own: a second attempt at the same folder must not touch what the first one is writing.
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    const result = await readVm(session, { ...vm, id }, partial);
    await writeManifest(partial, result.manifest);
    await rename(partial, folder);
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function readVm(session: BackupSession, vm: Vm & { readonly id: string }, folder: string): Promise<BackupResult> {
  session.onStep(`Begin the backup of ${vm.name}`);
  const { client, signal } = session;
  // Not given up in between: a backup whose id nobody was told would lock its VM for hours.
  const started = await client.startBackup(vm.id, {}, {});
  const backupId = needed(started.id);
  const entries: DiskEntry[] = [];
  let dataBytes = 0;
  try {
    await poll(session, 'The start of the backup', 900, async () => readyBackup(await client.getBackup(vm.id, backupId, { signal }), vm));
    const disks = await client.listBackupDisks(vm.id, backupId, { signal });
    for (const disk of disks) {
      const { entry, bytes } = await readDisk(session, { vm, disk, backupId, folder });
      entries.push(entry);
      dataBytes += bytes;
    }
    session.onStep('End the backup');
    await client.finalizeBackup(vm.id, backupId, { signal });
    await poll(session, 'The end of the backup', 600, async () => endedBackup(await client.getBackup(vm.id, backupId, { signal }), vm));
  } catch (error) {
    await endBackup(session, { vmId: vm.id, backupId });
    throw error;
  }
  return { manifest: manifestOf(vm, entries, session.clock.now()), dataBytes };
}

interface DiskTask {
  readonly vm: Vm;
  readonly disk: Disk;
  readonly backupId: string;
  readonly folder: string;
}

async function readDisk(session: BackupSession, { vm, disk, backupId, folder }: DiskTask): Promise<{ entry: DiskEntry; bytes: number }> {
  const id = needed(disk.id);
  const attachment = vm.disk_attachments?.find((one) => one.id === id);
  const file = `${id}.qcow2`;
  const request = { disk: { id }, backup: { id: backupId }, direction: 'download', format: 'raw' } as const;
  let progress: ReturnType<BackupSession['onDisk']> | undefined;
  const read = await withTransfer(session, request, (image) =>
    downloadDisk({
      client: image,
      diskId: id,
      file: join(folder, file),
      streams: session.streams,
      clock: session.clock,
      signal: session.signal,
      onPlan: (bytes) => {
        progress = session.onDisk(`backup ${disk.name ?? id}`, bytes);
      },
      onBytes: (bytes) => progress?.add(bytes),
    }),
  );
  progress?.end();
  const entry = {
    id,
    name: disk.name ?? id,
    file,
    size: read.size,
    bootable: attachment?.bootable ?? false,
    interface: attachment?.interface ?? 'virtio',
    checksum: { algorithm: CHECKSUM_ALGORITHM, digest: read.checksum },
  } as const;
  return { entry, bytes: read.dataBytes };
}

function manifestOf(vm: Vm & { readonly id: string }, disks: readonly DiskEntry[], now: number): Manifest {
  const attachments = vm.disk_attachments ?? [];
  return {
    format: 1,
    createdAt: new Date(now).toISOString(),
    vm: {
      id: vm.id,
      name: vm.name ?? vm.id,
      clusterId: vm.cluster?.id ?? '',
      ovf: vm.initialization?.configuration?.data ?? '',
      nics: (vm.nics ?? []).map((nic) => ({
        name: nic.name ?? '',
        vnicProfileId: nic.vnic_profile?.id ?? '',
        mac: nic.mac?.address ?? '',
      })),
    },
    storageDomainId: storageOf(attachments),
    disks: [...disks],
  };
}

function storageOf(attachments: readonly DiskAttachment[]): string {
  return attachments.map((one) => one.disk?.storage_domains?.[0]?.id).find((id) => id !== undefined) ?? '';
}

function readyBackup(backup: Backup, vm: Vm): true | undefined {
  if (backup.phase === 'ready') return true;
  if (backup.phase === 'initializing' || backup.phase === 'starting') return undefined;
  throw BackupError('BACKUP_FAILED', { vm: vm.name, reason: `its phase is ${backup.phase}` });
}

function endedBackup(backup: Backup, vm: Vm): true | undefined {
  if (backup.phase === 'succeeded') return true;
  if (backup.phase === 'finalizing' || backup.phase === 'ready') return undefined;
  throw BackupError('BACKUP_FAILED', { vm: vm.name, reason: `its phase is ${backup.phase}` });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
