import { join } from 'node:path';
import { BlockFeeder, DiskChecksum } from './checksum.ts';
import { readZeroExtents } from './download-disk.ts';
import { findVm } from './find-vm.ts';
import { checkFiles, readManifest } from './manifest.ts';
import { dataRuns } from './runs.ts';
import { type BackupSession, needed, withTransfer } from './session.ts';
import { carryRuns } from './streams.ts';
import { fileChecksum } from './upload-disk.ts';

export interface VerifiedDisk {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly checksum: string;
  /** What the backup says; absent for a VM, of which nothing is promised. */
  readonly expected?: string;
}

/** The checksum of each disk file of a backup beside what its manifest says. */
export async function verifyFolder(session: Omit<BackupSession, 'client' | 'ca'>, folder: string): Promise<VerifiedDisk[]> {
  const manifest = await readManifest(folder);
  await checkFiles(folder, manifest, session.signal);
  const verified: VerifiedDisk[] = [];
  for (const disk of manifest.disks) {
    let progress: ReturnType<BackupSession['onDisk']> | undefined;
    const checksum = await fileChecksum(join(folder, disk.file), {
      clock: session.clock,
      signal: session.signal,
      onPlan: (bytes) => {
        progress = session.onDisk(`verify ${disk.name}`, bytes);
      },
      onBytes: (bytes) => progress?.add(bytes),
    });
    progress?.end();
    verified.push({ id: disk.id, name: disk.name, size: disk.size, checksum, expected: disk.checksum.digest });
  }
  return verified;
}

/** The checksum of each disk of a stopped VM, read through the image API. */
export async function verifyVm(session: BackupSession, vmName: string): Promise<VerifiedDisk[]> {
  const { id } = await findVm(session, vmName);
  const vm = await session.client.getVm(id, { follow: 'disk_attachments.disk', signal: session.signal });
  const verified: VerifiedDisk[] = [];
  for (const attachment of vm.disk_attachments ?? []) {
    const diskId = needed(attachment.id);
    const name = attachment.disk?.name ?? diskId;
    verified.push({ id: diskId, name, ...(await diskChecksum(session, diskId, name)) });
  }
  return verified;
}

function diskChecksum(session: BackupSession, diskId: string, name: string): Promise<{ size: number; checksum: string }> {
  return withTransfer(session, { disk: { id: diskId }, direction: 'download', format: 'raw' }, async (image) => {
    const extents = await readZeroExtents(image, diskId, session.signal);
    const size = extents.reduce((sum, extent) => sum + extent.length, 0);
    const runs = dataRuns(extents, size);
    const progress = session.onDisk(
      `verify ${name}`,
      runs.reduce((sum, run) => sum + run.length, 0),
    );
    const checksum = new DiskChecksum(size);
    await carryRuns(
      runs,
      Math.min(session.streams, image.readers),
      () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
      {
        signal: session.signal,
        carry: async (_nothing, run, signal) => {
          const feeder = new BlockFeeder(checksum, run.start);
          const take = (chunk: Uint8Array) => {
            feeder.update(chunk);
            progress.add(chunk.length);
          };
          await image.read(run.start, run.length, take, { signal });
          feeder.end();
        },
      },
    );
    progress.end();
    return { size, checksum: checksum.digest() };
  });
}
