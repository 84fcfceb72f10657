import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../backup/programs.ts';

const MIB = 1024 * 1024;
const DISK_BYTES = 1024 * MIB;
const FILESYSTEM_BYTES = 768 * MIB;

/**
 * Makes the disk of the demo's VM: a qcow2 of 1 GiB whose first 768 MiB are a real ext4 filesystem full of files,
 * then zero clusters, some data behind them, and holes elsewhere.
 */
export async function makeDemoDisk(path: string, workFolder: string): Promise<void> {
  const tree = join(workFolder, 'tree');
  const raw = join(workFolder, 'filesystem.raw');
  await writeTree(tree);
  await runProgram('mke2fs', ['-q', '-F', '-t', 'ext4', '-L', 'web-01', '-d', tree, raw, `${FILESYSTEM_BYTES / 1024}k`]);
  await runProgram('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, path]);
  await runProgram('qemu-img', ['resize', '-q', '-f', 'qcow2', path, String(DISK_BYTES)]);
  await runProgram('qemu-io', [
    '-f',
    'qcow2',
    ...commands(
      `write -P 0x5a ${896 * MIB} ${16 * MIB}`,
      `write -z ${800 * MIB} ${64 * MIB}`,
      `write -P 0x17 ${DISK_BYTES - 65_536} 65536`,
    ),
    path,
  ]);
  await rm(raw);
  await rm(tree, { recursive: true });
}

function commands(...lines: string[]): string[] {
  return lines.flatMap((line) => ['-c', line]);
}

/** A tree such as a small web server has: many small files and some large ones, none of it compressible to nothing. */
async function writeTree(folder: string): Promise<void> {
  for (let site = 0; site < 40; site++) {
    const home = join(folder, 'srv', `site-${site}`);
    await mkdir(home, { recursive: true });
    for (let page = 0; page < 25; page++) await writeFile(join(home, `page-${page}.html`), `<h1>${site}/${page}</h1>\n`.repeat(200 + page));
    await writeFile(join(home, 'media.bin'), noise(4 * MIB, site + 1));
  }
}

/** Reproducible bytes that do not compress (xorshift32). */
function noise(bytes: number, seed: number): Buffer {
  const words = new Uint32Array(bytes / 4);
  let state = seed;
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return Buffer.from(words.buffer);
}
