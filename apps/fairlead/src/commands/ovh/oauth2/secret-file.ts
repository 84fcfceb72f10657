import { open, rm } from 'node:fs/promises';
import { CliError } from '../../../cli-errors.ts';

/** A new file for one secret. */
export interface SecretFile extends AsyncDisposable {
  write(secret: string): Promise<void>;
}

/** Makes it, readable by its owner alone; it goes again when nothing is written. Throws `CLI_OVH_FILE`, also for one that is there. */
export async function newSecretFile(path: string): Promise<SecretFile> {
  const handle = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EEXIST' ? `${path} exists already` : `${path} cannot be written (${error.code ?? error.message})`;
    throw CliError('CLI_OVH_FILE', { reason }, { cause: error });
  });
  let isWritten = false;
  return {
    async write(secret) {
      await handle.writeFile(`${secret}\n`);
      await handle.sync();
      isWritten = true;
    },
    async [Symbol.asyncDispose]() {
      await handle.close();
      if (!isWritten) await rm(path, { force: true });
    },
  };
}
