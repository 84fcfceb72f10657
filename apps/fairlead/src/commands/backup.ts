import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemClock } from '@fairlead/kernel/clock';
import { type Command, InvalidArgumentError } from 'commander';
import { backupVm } from '../backup/backup-vm.ts';
import { BackupError } from '../backup/errors.ts';
import { Progress } from '../backup/progress.ts';
import { restoreVm } from '../backup/restore-vm.ts';
import type { BackupSession } from '../backup/session.ts';
import { type VerifiedDisk, verifyFolder, verifyVm } from '../backup/verify.ts';
import { formatBytes, formatTable, type Output } from '../output.ts';
import { type AccessOptions, addAccessOptions, openAccess } from './access.ts';

interface StreamOptions {
  readonly streams: number;
}

/** `fairlead backup|restore|verify`: the built-in backup client, which goes only through the public APIs. */
export function addBackupCommands(program: Command, output: Output): void {
  addAccessOptions(program.command('backup').argument('<vm>', 'name or id'))
    .description('back a VM up into a new folder: a qcow2 file for each disk and a manifest')
    .requiredOption('--to <folder>', 'the new folder')
    .option('--streams <n>', 'parallel connections, 1 to 8', streamCount, 4)
    .action((vm: string, options: AccessOptions & StreamOptions & { to: string }) => backup(vm, options, output));
  addAccessOptions(program.command('restore').argument('<folder>', 'folder of a backup'))
    .description('restore a backup to a new VM')
    .requiredOption('--name <name>', 'name of the new VM')
    .option('--storage <name>', 'storage domain, name or id')
    .option('--streams <n>', 'parallel connections, 1 to 8', streamCount, 4)
    .action((folder: string, options: AccessOptions & StreamOptions & { name: string; storage?: string }) =>
      restore(folder, options, output),
    );
  addAccessOptions(program.command('verify').argument('<folder|vm>', 'folder of a backup, or a VM'))
    .description('print the checksum of each disk; exit code 1 when a backup does not say the same')
    .option('--streams <n>', 'parallel connections, 1 to 8', streamCount, 4)
    .action((what: string, options: AccessOptions & StreamOptions) => verify(what, options, output));
}

async function backup(vm: string, options: AccessOptions & StreamOptions & { to: string }, output: Output): Promise<void> {
  const folder = resolve(options.to);
  const result = await withSession(options, output, (session) => backupVm(session, vm, folder));
  const rows = result.manifest.disks.map((disk) => [disk.name, formatBytes(disk.size), join(folder, disk.file), disk.checksum.digest]);
  output.print(formatTable([['disk', 'size', 'file', 'checksum'], ...rows]));
}

async function restore(
  folder: string,
  options: AccessOptions & StreamOptions & { name: string; storage?: string },
  output: Output,
): Promise<void> {
  const task = { folder: resolve(folder), name: options.name, storage: options.storage };
  const result = await withSession(options, output, (session) => restoreVm(session, task));
  for (const warning of result.warnings) output.tell(`warning: ${warning}`);
  output.print(
    `Restored ${options.name} as ${result.vmId} with ${result.diskIds.length} disk(s), ${formatBytes(result.dataBytes)} of data`,
  );
}

async function verify(what: string, options: AccessOptions & StreamOptions, output: Output): Promise<void> {
  const folder = (await isFolder(what)) || what.includes('/');
  const disks = folder
    ? await untilInterrupted((signal) => verifyFolder({ ...localSession(options, output), signal }, resolve(what)))
    : await withSession(options, output, (session) => verifyVm(session, what));
  output.print(formatTable([['disk', 'size', 'checksum', ''], ...disks.map(rowOf)]));
  const different = disks.find((disk) => disk.expected !== undefined && disk.expected !== disk.checksum);
  if (different)
    throw BackupError('BACKUP_CHECKSUM_DIFFERS', { disk: different.name, found: different.checksum, expected: different.expected });
}

function rowOf(disk: VerifiedDisk): string[] {
  const verdict = disk.expected === disk.checksum ? 'as backed up' : 'DIFFERENT';
  return [disk.name, formatBytes(disk.size), disk.checksum, disk.expected === undefined ? '' : verdict];
}

async function withSession<T>(
  options: AccessOptions & StreamOptions,
  output: Output,
  work: (session: BackupSession) => Promise<T>,
): Promise<T> {
  return untilInterrupted(async (signal) => {
    await using access = await openAccess(options, signal);
    return await work({ ...localSession(options, output), client: access.client, ca: access.ca, signal });
  });
}

/** The first SIGINT or SIGTERM lets the work end in order, which takes back what it began; the second one ends the program at once. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupt = () => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    stop.abort(BackupError('BACKUP_INTERRUPTED'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } catch (error) {
    // Whatever broke because of it, this is why.
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** What needs no gateway: clock, progress on the terminal. */
function localSession(options: StreamOptions, output: Output): Omit<BackupSession, 'client' | 'ca' | 'signal'> {
  return {
    clock: systemClock,
    streams: options.streams,
    onStep: (text) => output.tell(text),
    onDisk: (label, bytes) => new Progress(label, bytes, systemClock, output.progress),
  };
}

function streamCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 8) throw new InvalidArgumentError('1 to 8');
  return count;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
