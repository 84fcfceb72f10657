import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../errors.ts';

/** Unix socket paths end at 107 bytes; ours add 25 to the folder. */
const MAX_FOLDER = 80;

/** The files of one export. */
export interface ExportFiles {
  readonly socket: string;
  readonly pidFile: string;
  readonly log: string;
}

/** Where sockets, process ids and last words of the exports are: below the run folder, in a folder of their own. */
export class ExportFolder {
  readonly #path: string;

  /** Throws `IMAGE_SOCKET_PATH`. */
  constructor(runDir: string) {
    if (Buffer.byteLength(runDir) > MAX_FOLDER) throw ImageError('IMAGE_SOCKET_PATH', { path: runDir });
    this.#path = join(runDir, 'nbd');
  }

  async make(): Promise<void> {
    await mkdir(this.#path, { recursive: true, mode: 0o700 });
  }

  files(id: string): ExportFiles {
    return this.#named(createHash('sha256').update(id).digest('hex').slice(0, 16));
  }

  async remove(files: ExportFiles): Promise<void> {
    for (const file of Object.values(files)) await rm(file, { force: true });
  }

  /** All exports that have left a process id, whether a job knows them or not. */
  async left(): Promise<readonly { readonly pid: number; readonly files: ExportFiles }[]> {
    const names = (await readdir(this.#path)).filter((name) => name.endsWith('.pid'));
    return Promise.all(
      names.map(async (name) => {
        const files = this.#named(name.slice(0, -'.pid'.length));
        return { pid: await pidOf(files), files };
      }),
    );
  }

  #named(name: string): ExportFiles {
    const base = join(this.#path, name);
    return { socket: `${base}.s`, pidFile: `${base}.pid`, log: `${base}.log` };
  }
}

/** The process that wrote the pid file; 0 when there is none. */
export async function pidOf(files: ExportFiles): Promise<number> {
  const text = await readFile(files.pidFile, 'utf8').catch(() => '');
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
}

/** What a program said at last, without its name. */
export async function lastWords(files: ExportFiles): Promise<string> {
  const text = await readFile(files.log, 'utf8').catch(() => '');
  return text
    .trim()
    .replace(/^\S*qemu-nbd: /gm, '')
    .slice(-500);
}
