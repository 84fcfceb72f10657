import { randomUUID } from 'node:crypto';
import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CliError } from '../../../cli-errors.ts';

/**
 * A file appears whole or not at all: whoever reads it meanwhile finds its former text. It keeps its rights; a new one gets `mode`.
 * Throws `CLI_OVH_FILE`.
 */
export async function writeWholeFile(path: string, text: string, mode: number): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = join(dirname(target), `.fairlead.${randomUUID()}`);
  const former = await stat(target).catch(() => undefined);
  try {
    await using handle = await open(draft, 'wx', mode);
    await handle.writeFile(text);
    if (former !== undefined) await handle.chmod(former.mode & 0o777);
    await handle.sync();
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw notWritable(path, error);
  }
}

/** Whether a file may appear there, which is known before the work that fills it. Throws `CLI_OVH_FILE`. */
export async function requirePlace(path: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const isFolder = await stat(target).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (isFolder) throw CliError('CLI_OVH_FILE', { reason: `${path} is a folder` });
  await access(dirname(target), constants.W_OK).catch((error: unknown) => {
    throw notWritable(path, error);
  });
}

function notWritable(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return CliError('CLI_OVH_FILE', { reason: `${path} cannot be written (${code ?? message})` }, { cause: error });
}
