import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../nbd/programs.ts';
import { tempDir } from '../temp/index.ts';

/** An area of a disk image to be filled; bytes. */
export type Area =
  | { readonly kind: 'data'; readonly start: number; readonly length: number; readonly byte: number }
  | { readonly kind: 'random'; readonly start: number; readonly length: number; readonly seed?: number }
  | { readonly kind: 'zero' | 'hole'; readonly start: number; readonly length: number };

/** Extras of `qemu-img create`. */
export interface CreateOptions {
  readonly backing?: string;
  readonly backingFormat?: 'raw' | 'qcow2';
}

/** Runs `qemu-img` and gives its output. */
export function qemuImg(args: readonly string[]): Promise<string> {
  return run('qemu-img', args);
}

/** Makes a qcow2 image of `bytes` virtual size, all holes. */
export async function createQcow2(path: string, bytes: number, options: CreateOptions = {}): Promise<void> {
  const backing = options.backing === undefined ? [] : ['-b', options.backing, '-F', options.backingFormat ?? 'qcow2'];
  await qemuImg(['create', '-q', '-f', 'qcow2', ...backing, path, String(bytes)]);
}

/** Makes a sparse raw image. */
export async function createRaw(path: string, bytes: number): Promise<void> {
  await qemuImg(['create', '-q', '-f', 'raw', path, String(bytes)]);
}

/** Compares what guests see of two images; throws the first difference unless they are identical. */
export async function compareImages(a: string, b: string, formats: { a?: string; b?: string } = {}): Promise<void> {
  const options = [...(formats.a ? ['-f', formats.a] : []), ...(formats.b ? ['-F', formats.b] : [])];
  await qemuImg(['compare', ...options, a, b]);
}

/** `length` bytes that look random and are the same for the same seed. */
export function randomBytes(length: number, seed = 1): Buffer {
  return createHash('shake256', { outputLength: length }).update(`fairlead ${seed}`).digest();
}

/** Writes areas into an image that nobody has open, in order. `zero` keeps clusters allocated, `hole` gives them back. */
export async function fillPattern(path: string, format: 'raw' | 'qcow2', areas: readonly Area[]): Promise<void> {
  await using folder = await tempDir('fill-');
  const commands: string[] = [];
  for (const [index, area] of areas.entries()) commands.push('-c', await ioCommand(join(folder.path, `${index}`), area));
  await run('qemu-io', ['-f', format, '-d', 'unmap', ...commands, path]);
}

async function ioCommand(randomFile: string, area: Area): Promise<string> {
  const range = `${area.start} ${area.length}`;
  switch (area.kind) {
    case 'zero':
      return `write -z ${range}`;
    case 'hole':
      return `write -z -u ${range}`;
    case 'data':
      return `write -q -P ${area.byte} ${range}`;
    case 'random':
      await writeFile(randomFile, randomBytes(area.length, area.seed ?? area.start + 1));
      return `write -q -s ${randomFile} ${range}`;
  }
}
