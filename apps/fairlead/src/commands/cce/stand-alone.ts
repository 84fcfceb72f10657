import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The configuration of a cced that has no file: everything in one folder, with a server secret that is made once. */
export async function standAloneConfig(folder: string): Promise<string> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const file = join(root, 'secret');
  const secret = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    const made = randomBytes(48).toString('base64url');
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  });
  return ['[server]', `state_dir = ${root}`, `run_dir = ${join(root, 'run')}`, '[security]', `hmac_secret = ${secret.trim()}`, ''].join(
    '\n',
  );
}
