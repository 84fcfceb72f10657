import type { ImageioClient } from '@fairlead/imageio';
import type { NbdClient } from '@fairlead/nbd';
import { BlockFeeder, DiskChecksum } from './checksum.ts';
import type { DiskCopy } from './disk-copy.ts';
import { BackupError } from './errors.ts';
import { LocalImage } from './local-image.ts';
import { runProgram } from './programs.ts';
import { coversDisk, dataRuns, type Extent, type Run } from './runs.ts';
import { carryRuns } from './streams.ts';
import { WriteWindow } from './write-window.ts';

export interface DownloadedDisk {
  readonly size: number;
  readonly dataBytes: number;
  readonly checksum: string;
}

/** Downloads a disk into a new qcow2 file: extents first, then the data in parallel streams; what is zero stays unallocated. */
export async function downloadDisk(disk: DiskCopy): Promise<DownloadedDisk> {
  const extents = await readZeroExtents(disk.client, disk.diskId, disk.signal);
  const size = extents.reduce((sum, extent) => sum + extent.length, 0);
  const runs = dataRuns(extents, size);
  const dataBytes = runs.reduce((sum, run) => sum + run.length, 0);
  disk.onPlan(dataBytes);
  await runProgram('qemu-img', ['create', '-q', '-f', 'qcow2', disk.file, String(size)], disk.signal);
  const checksum = new DiskChecksum(size);
  const image = await LocalImage.open(disk.file, { readOnly: false, clock: disk.clock, signal: disk.signal });
  try {
    await carryRuns(runs, Math.min(disk.streams, disk.client.readers), (signal) => image.connect(signal), {
      signal: disk.signal,
      carry: (nbd, run, signal) => downloadRun(disk, nbd, run, { checksum, signal }),
    });
    await flush(image, disk.signal);
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error;
  }
  await image.close();
  return { size, dataBytes, checksum: checksum.digest() };
}

/** The map of a disk; `BACKUP_EXTENTS_BROKEN` when it leaves a byte out, for that would become a silent hole. */
export async function readZeroExtents(client: ImageioClient, diskId: string, signal: AbortSignal): Promise<Extent[]> {
  const extents = await Array.fromAsync(client.extents('zero', { signal }));
  const end = extents.at(-1);
  if (!coversDisk(extents, end ? end.start + end.length : 0)) throw BackupError('BACKUP_EXTENTS_BROKEN', { disk: diskId });
  return extents;
}

async function downloadRun(
  disk: DiskCopy,
  nbd: NbdClient,
  run: Run,
  { checksum, signal }: { checksum: DiskChecksum; signal: AbortSignal },
): Promise<void> {
  const feeder = new BlockFeeder(checksum, run.start);
  const writer = new WriteWindow(run.start, (offset, chunks) => nbd.write(offset, chunks, { signal }));
  const take = (chunk: Uint8Array) => {
    feeder.update(chunk);
    disk.onBytes(chunk.length);
    return writer.add(chunk);
  };
  try {
    await disk.client.read(run.start, run.length, take, { signal });
  } finally {
    await writer.end();
  }
  feeder.end();
}

async function flush(image: LocalImage, signal: AbortSignal): Promise<void> {
  await using nbd = await image.connect(signal);
  await nbd.flush({ signal });
}
