import { access, constants, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '@fairlead/kernel/errors';
import { z } from 'zod';
import { CHECKSUM_ALGORITHM } from './checksum.ts';
import { BackupError } from './errors.ts';
import { runProgram } from './programs.ts';

const MANIFEST = 'manifest.json';

const DiskEntry = z.object({
  id: z.string().min(1),
  name: z.string(),
  /** File name inside the folder, never a path. */
  file: z.string().regex(/^[A-Za-z0-9._-]+\.qcow2$/),
  size: z.number().int().nonnegative(),
  bootable: z.boolean(),
  interface: z.string(),
  checksum: z.object({ algorithm: z.literal(CHECKSUM_ALGORITHM), digest: z.string().regex(/^[0-9a-f]{128}$/) }),
});
export type DiskEntry = z.infer<typeof DiskEntry>;

/** What a backup folder says of itself. It is written last: a folder without it is no backup. */
const Manifest = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  vm: z.object({
    id: z.string().min(1),
    name: z.string().min(1),
    clusterId: z.string(),
    /** The VM as an OVF document: CPU, memory, firmware, owner, networks. */
    ovf: z.string().min(1),
    nics: z.array(z.object({ name: z.string(), vnicProfileId: z.string(), mac: z.string() })),
  }),
  storageDomainId: z.string(),
  disks: z.array(DiskEntry).min(1),
});
export type Manifest = z.infer<typeof Manifest>;

/** What `qemu-img info` tells that matters here. */
const ImageInfo = z.object({ 'virtual-size': z.number(), 'backing-filename': z.string().optional() });

/** Writes the manifest in one step, so that it is there whole or not at all. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST);
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, undefined, 2)}\n`, { flush: true });
  await rename(`${path}.new`, path);
}

/** Throws `BACKUP_NOT_A_BACKUP` for a folder without a readable manifest. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw BackupError('BACKUP_NOT_A_BACKUP', { folder, reason: 'it has no manifest.json' }, { cause });
  });
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : 'manifest.json is not JSON';
    throw BackupError('BACKUP_NOT_A_BACKUP', { folder, reason }, { cause });
  }
}

/**
 * Looks at the files that a manifest names before anything is made from them: each is there, a qcow2 image of the size that the manifest
 * says, and stands on no other file. Throws `BACKUP_NOT_A_BACKUP`.
 */
export async function checkFiles(folder: string, manifest: Manifest, signal: AbortSignal): Promise<void> {
  for (const disk of manifest.disks) {
    const broken = (reason: string, cause?: unknown) =>
      BackupError('BACKUP_NOT_A_BACKUP', { folder, reason: `${disk.file} ${reason}` }, { cause });
    const path = join(folder, disk.file);
    await access(path, constants.R_OK).catch((cause: unknown) => {
      throw broken('is missing or cannot be read', cause);
    });
    const args = ['info', '--output=json', '-f', 'qcow2', path];
    const told = await runProgram('qemu-img', args, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw broken('is no qcow2 image', cause);
    });
    const image = ImageInfo.parse(JSON.parse(told));
    if (image['backing-filename'] !== undefined) throw broken('stands on another file');
    if (image['virtual-size'] !== disk.size) throw broken(`has ${image['virtual-size']} bytes; the manifest says ${disk.size}`);
  }
}
