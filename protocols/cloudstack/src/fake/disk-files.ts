import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BLOCK = 4096;

/** A file of which only the blocks that are not zero are kept. */
export interface SparseImage {
  readonly length: number;
  readonly blocks: ReadonlyArray<{ readonly at: number; readonly bytes: Buffer }>;
}

/** Volumes as files: real qcow2 images in one folder. */
export class DiskFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  /** Names of all files in the folder. */
  async names(): Promise<string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  pathOf(name: string): string {
    return join(this.folder, name);
  }

  /** An empty qcow2 image. */
  async create(name: string, sizeBytes: number): Promise<void> {
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', this.pathOf(name), String(sizeBytes)], { timeout: 30_000 });
  }

  /** Takes over an image: where it lies when that is the pool, else a copy under `name`. */
  async adopt(file: string, name: string): Promise<string> {
    if (dirname(resolve(file)) === this.folder) return basename(file);
    await copyFile(file, this.pathOf(name));
    return name;
  }

  /** What an empty qcow2 image consists of, for `write`. */
  async emptyImage(sizeBytes: number): Promise<SparseImage> {
    const name = `.empty-${process.pid}-${randomUUID()}`;
    await this.create(name, sizeBytes);
    try {
      const bytes = await readFile(this.pathOf(name));
      const all = Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_none, index) => index * BLOCK);
      const blocks = all.map((at) => ({ at, bytes: bytes.subarray(at, at + BLOCK) }));
      return { length: bytes.length, blocks: blocks.filter((block) => block.bytes.some((byte) => byte !== 0)) };
    } finally {
      await this.remove(name);
    }
  }

  /** Writes an image; what is zero in it is a hole. */
  async write(name: string, image: SparseImage): Promise<void> {
    await using file = await open(this.pathOf(name), 'w');
    await file.truncate(image.length);
    for (const { at, bytes } of image.blocks) await file.write(bytes, 0, bytes.length, at);
  }

  async resize(name: string, sizeBytes: number, shrink: boolean): Promise<void> {
    const args = ['resize', '-q', '-f', 'qcow2', ...(shrink ? ['--shrink'] : []), this.pathOf(name), String(sizeBytes)];
    await run('qemu-img', args, { timeout: 30_000 });
  }

  /** A copy of a disk in the same folder. */
  async copy(from: string, to: string): Promise<void> {
    await copyFile(this.pathOf(from), this.pathOf(to));
  }

  /** Keeps the present content inside the image. */
  async takeInside(name: string, snapshot: string): Promise<void> {
    await this.#snapshot('-c', name, snapshot);
  }

  /** Puts back what was kept inside the image. */
  async revertInside(name: string, snapshot: string): Promise<void> {
    await this.#snapshot('-a', name, snapshot);
  }

  async dropInside(name: string, snapshot: string): Promise<void> {
    await this.#snapshot('-d', name, snapshot);
  }

  /** Whether the image keeps that; a disk that came later does not. */
  async hasInside(name: string, snapshot: string): Promise<boolean> {
    const { snapshots = [] } = await this.#info(name);
    return snapshots.some((kept) => kept.name === snapshot);
  }

  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
  }

  /** Bytes on disk. */
  async physicalSize(name: string): Promise<number> {
    return (await stat(this.pathOf(name))).blocks * 512;
  }

  /** Virtual size in bytes. */
  async virtualSize(name: string): Promise<number> {
    return (await this.#info(name))['virtual-size'];
  }

  async #info(name: string): Promise<{ 'virtual-size': number; snapshots?: ReadonlyArray<{ name: string }> }> {
    const { stdout } = await run('qemu-img', ['info', '-U', '-f', 'qcow2', '--output=json', this.pathOf(name)], { timeout: 30_000 });
    return JSON.parse(stdout) as { 'virtual-size': number; snapshots?: ReadonlyArray<{ name: string }> };
  }

  async #snapshot(option: '-c' | '-a' | '-d', name: string, snapshot: string): Promise<void> {
    await run('qemu-img', ['snapshot', '-q', option, snapshot, this.pathOf(name)], { timeout: 30_000 });
  }
}
