import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PIECE = 16 * 1024 * 1024;

/** A folder for one comparison, gone with it. In memory rather than on a disk when `bytes` fit in. */
export async function benchFolder(bytes: number): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(await roomyFolder(bytes), 'bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function roomyFolder(bytes: number): Promise<string> {
  if (!existsSync('/dev/shm')) return tmpdir();
  const { bavail, bsize } = await statfs('/dev/shm');
  return bavail * bsize > bytes ? '/dev/shm' : tmpdir();
}

export async function emptyFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

/** A new file of that size without any data. */
export async function emptyFile(path: string, bytes: number): Promise<void> {
  await rm(path, { force: true });
  await using file = await open(path, 'w');
  await file.truncate(bytes);
}

/** Random data at these places; nothing compresses or repeats. */
export async function randomFile(path: string, bytes: number, at: readonly number[] = [0]): Promise<void> {
  await using file = await open(path, 'w');
  for (const start of at)
    for (let done = 0; done < bytes; done += PIECE)
      await file.write(randomBytes(Math.min(PIECE, bytes - done)), 0, undefined, start + done);
}
