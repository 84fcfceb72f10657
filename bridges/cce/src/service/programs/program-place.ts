import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import type { Program } from '@fairlead/engine-cce';

/** How a program is started. */
export interface ProgramPlace {
  readonly command: string;
  readonly args: readonly string[];
  /** Its working directory: where the program lies (cce 4.7). */
  readonly folder: string;
}

/**
 * Where the program of a binding, rule or type lies. An absolute path is taken as the administrator wrote it; a relative one must end below the
 * directory of handlers, links followed. Throws `Error` with what is wrong, for the log.
 */
export async function placeProgram(program: Program, handlerDir: string | undefined): Promise<ProgramPlace> {
  const file = await findFile(program.path, handlerDir);
  const folder = dirname(file);
  return program.type === 'perl' ? { command: 'perl', args: [file], folder } : { command: file, args: [], folder };
}

async function findFile(path: string, handlerDir: string | undefined): Promise<string> {
  if (isAbsolute(path)) return path;
  if (handlerDir === undefined) throw new Error(`${path} is relative, and no handler_dir is set`);
  const root = await realpath(handlerDir);
  const file = await realpath(join(root, path));
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) throw new Error(`${path} is not below ${handlerDir}`);
  return file;
}
