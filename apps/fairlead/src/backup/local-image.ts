import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@fairlead/kernel/clock';
import { connectNbd, type NbdClient } from '@fairlead/nbd';
import { BackupError } from './errors.ts';
import { programEnvironment } from './programs.ts';

const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 120_000;
const RETRY_MS = 20;
/** More than streams, the connection that is held and the helper's together. */
const CLIENTS = 16;
/** glibc gives large buffers back and asks for them again on every request; pinned, qemu-nbd is up to twice as fast (imageio 13.1). */
const MALLOC = { MALLOC_MMAP_THRESHOLD_: '67108864', MALLOC_TRIM_THRESHOLD_: '536870912', MALLOC_TOP_PAD_: '16777216' };

/** A qcow2 file in the backup folder, opened through a qemu-nbd of our own: whatever the format, we move guest-visible bytes. */
export class LocalImage implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #ended: Promise<number | null>;
  #said = '';
  /** Not persistent, the server ends with its last client: were we killed, it would not stay behind. */
  #held: NbdClient | undefined;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString('utf8')).slice(-2_000);
    });
    this.#ended = new Promise((resolve) => {
      child.once('close', resolve);
      child.once('error', (error) => {
        this.#said = error.message;
        resolve(null);
      });
    });
  }

  /** `readOnly` for reading a backup; without it for writing one. */
  static async open(
    file: string,
    options: { readonly readOnly: boolean; readonly clock: Clock; readonly signal?: AbortSignal },
  ): Promise<LocalImage> {
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-nbd-'));
    const mode = options.readOnly ? ['--read-only'] : ['--discard=unmap', '--detect-zeroes=unmap'];
    const args = [`--socket=${join(folder, 'nbd')}`, `--shared=${CLIENTS}`, '--format=qcow2', '--cache=writeback', ...mode, file];
    // In a group of its own: Ctrl-C is for us, and what was begun is then ended in order.
    const child = spawn('qemu-nbd', args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: programEnvironment(MALLOC) });
    const image = new LocalImage(child, folder);
    try {
      await image.#ready(options.clock, options.signal);
      return image;
    } catch (error) {
      await image.#stop().catch(() => undefined);
      throw error;
    }
  }

  connect(signal?: AbortSignal): Promise<NbdClient> {
    return connectNbd({ socketPath: join(this.#folder, 'nbd'), ...(signal && { signal }) });
  }

  /** Ends the writer in order; throws `BACKUP_PROGRAM_FAILED` when it does not end well, for then the file may not be whole. */
  async close(): Promise<void> {
    const code = await this.#stop();
    if (code !== 0) throw BackupError('BACKUP_PROGRAM_FAILED', { program: 'qemu-nbd', reason: this.#said.trim() || `exit code ${code}` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }

  async #ready(clock: Clock, signal: AbortSignal | undefined): Promise<void> {
    const deadline = clock.now() + START_DEADLINE_MS;
    for (;;) {
      if (this.#child.exitCode !== null || this.#child.pid === undefined) {
        throw BackupError('BACKUP_PROGRAM_FAILED', { program: 'qemu-nbd', reason: this.#said.trim() || 'it ended at once' });
      }
      try {
        this.#held = await this.connect(signal);
        return;
      } catch (error) {
        if (clock.now() > deadline) throw error;
      }
      await clock.sleep(RETRY_MS, signal);
    }
  }

  async #stop(): Promise<number | null> {
    await this.#held?.close().catch(() => undefined);
    this.#child.kill('SIGTERM');
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_DEADLINE_MS);
    const code = await this.#ended;
    clearTimeout(killer);
    await rm(this.#folder, { recursive: true, force: true });
    return code;
  }
}
