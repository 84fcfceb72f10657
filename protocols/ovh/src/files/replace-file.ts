import { builtin } from '../platform.ts';

/**
 * Replaces a file as a whole, readable by its owner alone unless told otherwise: who reads meanwhile finds the old one or the new one, and what could not
 * be written to its end leaves the old one. Throws the system's error.
 */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  const { rename, rm } = builtin('node:fs/promises');
  const { dirname, join } = builtin('node:path');
  const beside = join(dirname(path), `.ovh.${crypto.randomUUID()}`);
  try {
    await writeWhole(beside, text, mode);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await using handle = await builtin('node:fs/promises').open(path, 'wx', mode);
  await handle.writeFile(text);
  await handle.sync();
}
