import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Backup, Disk, DiskAttachment, Vm } from '@fairlead/ovirt';
import { CHECKSUM_ALGORITHM } from './checksum.ts';
import { downloadDisk } from './download-disk.ts';
import { BackupError } from './errors.ts';
import { findVm } from './find-vm.ts';
import { type DiskEntry, type Manifest, writeManifest } from './manifest.ts';
import { type BackupSession, needed, poll, reasonOf, withTransfer } from './session.ts';

/** How long an aborted backup is seen to its end. */
const GIVE_UP_SECONDS = 60;

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
    await giveUp(session, vm, backupId);
    throw error;
  }
  return { manifest: manifestOf(vm, entries, session.clock.now()), dataBytes };
}

/** The VM must not stay in a backup, also when the caller has gone; a backup that is still starting can only be ended once it has begun. */
async function giveUp(session: BackupSession, vm: Vm & { readonly id: string }, backupId: string): Promise<void> {
  const { client } = session;
  const patient = { ...session, signal: new AbortController().signal };
  try {
    await poll(patient, 'The end of the backup', GIVE_UP_SECONDS, async () => {
      const { phase } = await client.getBackup(vm.id, backupId, {});
      if (phase === 'ready') await client.finalizeBackup(vm.id, backupId, {});
      return phase === 'succeeded' || phase === 'failed' ? true : undefined;
    });
  } catch (error) {
    session.onStep(
      `The backup ${backupId} of ${vm.name} could not be ended (${reasonOf(error)}); the gateway ends it when its lease is over`,
    );
  }
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
