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

  /** The files of all exports that have left any, whether a job knows them or not. */
  async left(): Promise<readonly ExportFiles[]> {
    const names = (await readdir(this.#path)).map((name) => name.replace(/\.[^.]*$/, ''));
    return [...new Set(names)].map((name) => this.#named(name));
  }

  /**
   * The programs that serve a socket of this folder, by socket: found by their arguments, because one that was started a moment before a crash has
   * written no process id yet.
   */
  async servers(): Promise<ReadonlyMap<string, number>> {
    const prefix = `--socket=${this.#path}/`;
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(
      pids.map(async (pid) => {
        const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
        const socket = words.find((word) => word.startsWith(prefix))?.slice('--socket='.length);
        return [socket, Number(pid)] as const;
      }),
    );
    return new Map(found.filter((pair): pair is readonly [string, number] => pair[0] !== undefined));
  }

  #named(name: string): ExportFiles {
    const base = join(this.#path, name);
    return { socket: `${base}.s`, pidFile: `${base}.pid`, log: `${base}.log` };
  }
}

/** What a program said at last, without its name. */
export async function lastWords(files: ExportFiles): Promise<string> {
  const text = await readFile(files.log, 'utf8').catch(() => '');
  return text
    .trim()
    .replace(/^\S*qemu-nbd: /gm, '')
    .slice(-500);
}
