import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type LoadedConfig, ServerSection } from '@fairlead/kernel/config';
import { EXIT } from '../../exit-codes.ts';
import { formatBytes } from '../../output.ts';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';

const SCARCE = 1024 ** 3;
const TOO_LITTLE = 100 * 1024 ** 2;

/** Folders can be written, and there is room where state is kept. */
export async function examineFolders(config: LoadedConfig): Promise<readonly Finding[]> {
  const { state_dir: stateDir, run_dir: runDir } = config.value(ServerSection);
  const [state, run] = [await writable('state_dir', stateDir), await writable('run_dir', runDir)];
  return [state, run, await room(stateDir)];
}

/** One that is not there yet is made at the start, if its parent allows. */
async function writable(key: string, folder: string): Promise<Finding> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      await access(path, constants.W_OK | constants.X_OK);
      return ok(key, path === folder ? `${folder} can be written` : `${folder} will be made`);
    } catch (error) {
      if (reasonOf(error) === 'ENOENT' && path !== dirname(path)) continue;
      return failed(key, `${folder} cannot be written: ${reasonOf(error)}`, {
        help: `Give it to the user that runs Fairlead, or name another [server] ${key}.`,
        exit: EXIT.notPermitted,
      });
    }
  }
}

async function room(folder: string): Promise<Finding> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return judged(folder, bavail * bsize);
    } catch (error) {
      if (reasonOf(error) !== 'ENOENT' || path === dirname(path)) throw error;
    }
  }
}

function judged(folder: string, free: number): Finding {
  const text = `${formatBytes(free)} free for ${folder}`;
  const help = 'The store, its log and the scratch files of backups stand there: make room.';
  if (free < TOO_LITTLE) return failed('disk space', text, { help });
  return free < SCARCE ? warning('disk space', text, help) : ok('disk space', text);
}
