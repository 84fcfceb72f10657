import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file that only its owner reads, mode 0600: it appears whole or not at all, and is on the disk when this resolves. The owner stays who it was.
 * `isCurrent` is asked at the last moment; when it says no, nothing is written and the answer is false.
 */
export async function writeWholeFile(path: string, content: string | Uint8Array, isCurrent?: () => Promise<boolean>): Promise<boolean> {
  const isWritten = await withDraft(path, content, async (draft) => {
    if (isCurrent !== undefined && !(await isCurrent())) return false;
    await rename(draft, path);
    return true;
  });
  if (isWritten) await syncFolder(dirname(path));
  return isWritten;
}

/** The same for a file that must not be there yet; false when another was quicker. */
export async function createWholeFile(path: string, content: string | Uint8Array): Promise<boolean> {
  const isWritten = await withDraft(path, content, async (draft) => {
    try {
      await link(draft, path);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  });
  if (isWritten) await syncFolder(dirname(path));
  return isWritten;
}

async function withDraft(path: string, content: string | Uint8Array, place: (draft: string) => Promise<boolean>): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await giveBack(file, path);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return await place(draft);
  } finally {
    await rm(draft, { force: true });
  }
}

/** What root changes on the command line must still be read by the user of the gateway. */
async function giveBack(file: FileHandle, path: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const former = (await stat(path).catch(() => undefined)) ?? (await stat(dirname(path)));
  await file.chown(former.uid, former.gid);
}

/** The name of a new file is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
