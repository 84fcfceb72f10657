import type { Clock } from '@fairlead/kernel/clock';
import type { NbdClient } from '@fairlead/nbd';
import { BLOCK_BYTES, BlockFeeder, DiskChecksum } from './checksum.ts';
import type { DiskCopy } from './disk-copy.ts';
import { BackupError } from './errors.ts';
import { LocalImage } from './local-image.ts';
import { dataRuns, type Extent, type Run } from './runs.ts';
import { carryRuns } from './streams.ts';

export interface UploadDisk extends DiskCopy {
  /** What the backup says of the disk; the upload fails when the file has become another one. */
  readonly checksum: string;
}

/** Uploads a qcow2 file of a backup into a new, empty disk: data only, since the disk reads as zeroes; then flushes. */
export async function uploadDisk(disk: UploadDisk): Promise<{ size: number; dataBytes: number }> {
  await using image = await LocalImage.open(disk.file, { readOnly: true, clock: disk.clock, signal: disk.signal });
  const { size, runs } = await readRuns(image, disk.signal);
  const dataBytes = runs.reduce((sum, run) => sum + run.length, 0);
  disk.onPlan(dataBytes);
  const checksum = new DiskChecksum(size);
  await carryRuns(runs, Math.min(disk.streams, disk.client.writers), (signal) => image.connect(signal), {
    signal: disk.signal,
    carry: (nbd, run, signal) => uploadRun(disk, nbd, run, { checksum, signal }),
  });
  await disk.client.flush({ signal: disk.signal });
  const found = checksum.digest();
  if (found !== disk.checksum) throw BackupError('BACKUP_CHECKSUM_DIFFERS', { disk: disk.diskId, found, expected: disk.checksum });
  return { size, dataBytes };
}

/** The checksum of a qcow2 file's guest-visible bytes. */
export async function fileChecksum(
  file: string,
  options: { clock: Clock; signal: AbortSignal; onPlan(bytes: number): void; onBytes(bytes: number): void },
): Promise<string> {
  await using image = await LocalImage.open(file, { readOnly: true, clock: options.clock, signal: options.signal });
  const { size, runs } = await readRuns(image, options.signal);
  options.onPlan(runs.reduce((sum, run) => sum + run.length, 0));
  const checksum = new DiskChecksum(size);
  await carryRuns(runs, 2, (signal) => image.connect(signal), {
    signal: options.signal,
    carry: async (nbd, run, signal) => {
      const feeder = new BlockFeeder(checksum, run.start);
      for await (const block of readBlocks(nbd, run, signal)) {
        feeder.update(block);
        options.onBytes(block.length);
      }
      feeder.end();
    },
  });
  return checksum.digest();
}

async function readRuns(image: LocalImage, signal: AbortSignal): Promise<{ size: number; runs: Run[] }> {
  await using nbd = await image.connect(signal);
  const extents: Extent[] = [];
  for await (const extent of nbd.extents({ signal }))
    extents.push({ start: extent.start, length: extent.length, zero: isZero(extent.allocation) });
  return { size: nbd.size, runs: dataRuns(extents, nbd.size) };
}

/** `base:allocation` bit 1: reads as zeroes. Bit 0 (hole) alone does not say so. */
function isZero(allocation: number | undefined): boolean {
  return ((allocation ?? 0) & 2) !== 0;
}

async function uploadRun(
  disk: UploadDisk,
  nbd: NbdClient,
  run: Run,
  { checksum, signal }: { checksum: DiskChecksum; signal: AbortSignal },
): Promise<void> {
  const feeder = new BlockFeeder(checksum, run.start);
  const source = async function* () {
    for await (const block of readBlocks(nbd, run, signal)) {
      feeder.update(block);
      yield block;
      disk.onBytes(block.length);
    }
  };
  await disk.client.write(run.start, run.length, source(), { signal });
  feeder.end();
}

/** Reads a run block by block, the next one while the present one is being used. */
async function* readBlocks(nbd: NbdClient, run: Run, signal: AbortSignal): AsyncGenerator<Buffer> {
  let next: Promise<Buffer> | undefined;
  for (let at = 0; at < run.length; at += BLOCK_BYTES) {
    const block = await (next ?? readBlock(nbd, run, at, signal));
    next = at + BLOCK_BYTES < run.length ? readBlock(nbd, run, at + BLOCK_BYTES, signal) : undefined;
    next?.catch(() => undefined);
    yield block;
  }
}

function readBlock(nbd: NbdClient, run: Run, at: number, signal: AbortSignal): Promise<Buffer> {
  return nbd.read(run.start + at, Math.min(BLOCK_BYTES, run.length - at), { signal });
}
