import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import type { Store } from '@fairlead/kernel/store';
import { connectNbd } from '@fairlead/nbd';
import { z } from 'zod';
import { ImageError } from '../../errors.ts';
import {
  type CacheMode,
  type ExportSpec,
  exportFailureCode,
  lacksDirectIo,
  qemuNbdArguments,
  qemuNbdEnvironment,
} from '../../map/qemu-nbd.ts';
import { ExportProcess, servesSocket } from './export-process.ts';
import { type Job, JobRows } from './job-rows.ts';

export interface ExportParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly agent: string;
  readonly runDir: string;
  readonly qemuNbd: string;
}

/** A running export. */
export interface Export {
  readonly id: string;
  readonly socketPath: string;
  /** Bytes as the guest sees them. */
  readonly size: number;
}

interface Running {
  readonly process: ExportProcess;
  readonly spec: ExportSpec;
  stopping: boolean;
}

interface Files {
  readonly socket: string;
  readonly pidFile: string;
  readonly log: string;
}

const specSchema = z.object({ path: z.string(), format: z.enum(['qcow2', 'raw']), readOnly: z.boolean(), shared: z.int() });

const READY_MS = 10_000;
const LONGEST_PAUSE_MS = 100;
/** A writer may have much to bring to the disk before it ends. */
const STOP_MS = 120_000;
const KILL_MS = 10_000;
/** Unix socket paths end at 107 bytes; ours add 25 to the folder. */
const MAX_FOLDER = 80;

/** The qemu-nbd programs of this agent: one for each export, supervised, found again after a restart (imageio 13.1). */
export class ExportBook implements AsyncDisposable {
  readonly #parts: ExportParts;
  readonly #rows: JobRows<ExportSpec>;
  readonly #running = new Map<string, Running>();
  readonly #onDeath: (id: string, failure: GatewayError) => void;

  constructor(parts: ExportParts, onDeath: (id: string, failure: GatewayError) => void) {
    if (Buffer.byteLength(parts.runDir) > MAX_FOLDER) throw ImageError('IMAGE_SOCKET_PATH', { path: parts.runDir });
    this.#parts = parts;
    this.#rows = new JobRows(parts, 'export', (value) => specSchema.parse(value));
    this.#onDeath = onDeath;
  }

  /** Starts an export and waits until it serves. Throws `IMAGE_BUSY`, `IMAGE_IMAGE_IN_USE`, `IMAGE_FORMAT_MISMATCH`, `IMAGE_EXPORT_FAILED`. */
  async open(id: string, spec: ExportSpec, signal?: AbortSignal): Promise<Export> {
    const exclusive = spec.readOnly ? null : `${this.#parts.agent} writes ${spec.path}`;
    await this.#rows.open(id, spec, exclusive, `The image ${spec.path}`);
    try {
      return await this.#start(id, spec, signal);
    } catch (error) {
      await this.#rows.remove(id);
      throw error;
    }
  }

  /**
   * Stops an export in order: what was written is flushed first, and a writer has to end with 0. Throws `IMAGE_EXPORT_STOP` when it does not, or had
   * died before. Stopping an ended one changes nothing.
   */
  async close(id: string): Promise<void> {
    const job = await this.#rows.find(id);
    if (job?.failure) throw ImageError('IMAGE_EXPORT_STOP', { reason: job.failure.text });
    const running = this.#running.get(id);
    if (job?.state !== 'open' || !running) return;
    running.stopping = true;
    try {
      if (!running.spec.readOnly) await this.#flush(id);
      await this.#terminate(id, running, STOP_MS);
      await this.#rows.end(id, 'closed');
    } catch (error) {
      await this.#terminate(id, running, KILL_MS).catch(() => undefined);
      await this.#rows.end(id, 'failed', failureOf(error));
      throw error;
    }
  }

  /** Where an export listens, running or not. */
  socketOf(id: string): string {
    return this.#files(id).socket;
  }

  /** Stops an export whose data nobody wants. */
  async discard(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running) {
      running.stopping = true;
      await this.#terminate(id, running, KILL_MS).catch((error) =>
        this.#parts.log.warn({ err: error, export: id }, 'a discarded export did not end in order'),
      );
    }
    await this.#rows.end(id, 'canceled');
  }

  /**
   * After a restart: exports that still run are taken over, readers that are gone are started again. A writer that is gone without having ended in
   * order has lost what it had not flushed: its death is reported. Whatever else runs below our folder is ended.
   */
  async recover(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const job of await this.#rows.listOpen()) await this.#recover(job);
  }

  /** Ends every program in order; the rows stay open, so that the next start goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map(([id, running]) => this.#pause(id, running)));
  }

  get #folder(): string {
    return join(this.#parts.runDir, 'nbd');
  }

  #files(id: string): Files {
    const name = createHash('sha256').update(id).digest('hex').slice(0, 16);
    const base = join(this.#folder, name);
    return { socket: `${base}.s`, pidFile: `${base}.pid`, log: `${base}.log` };
  }

  async #start(id: string, spec: ExportSpec, signal?: AbortSignal): Promise<Export> {
    try {
      return await this.#startWith('direct', id, spec, signal);
    } catch (error) {
      if (!(error instanceof GatewayError) || !lacksDirectIo(error.publicText)) throw error;
      return this.#startWith('buffered', id, spec, signal);
    }
  }

  async #startWith(cache: CacheMode, id: string, spec: ExportSpec, signal?: AbortSignal): Promise<Export> {
    const files = this.#files(id);
    await rm(files.socket, { force: true });
    const child = await this.#spawn(qemuNbdArguments(spec, files, cache), files);
    await this.#rows.change(id, { pid: child.pid, socket: files.socket });
    try {
      const size = await this.#ready(child, files, spec, signal);
      this.#supervise(id, { process: child, spec, stopping: false });
      return { id, socketPath: files.socket, size };
    } catch (error) {
      child.signal('SIGKILL');
      await child.ended;
      await this.#removeFiles(id);
      throw error;
    }
  }

  async #spawn(args: readonly string[], files: Files): Promise<ExportProcess> {
    try {
      return await ExportProcess.start(this.#parts.qemuNbd, args, { logFile: files.log, env: qemuNbdEnvironment });
    } catch (error) {
      throw ImageError('IMAGE_PROGRAM', { program: this.#parts.qemuNbd, reason: reasonOf(error) }, { cause: error });
    }
  }

  /** Ready is a server that answers the handshake, not a file that exists. */
  async #ready(child: ExportProcess, files: Files, spec: ExportSpec, signal?: AbortSignal): Promise<number> {
    const deadline = performance.now() + READY_MS;
    for (let pause = 5; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      signal?.throwIfAborted();
      if (!child.alive) throw await this.#refusal(files, spec);
      try {
        return await sizeOf(files.socket);
      } catch (error) {
        if (performance.now() > deadline)
          throw ImageError('IMAGE_EXPORT_FAILED', { path: spec.path, reason: 'it did not answer in time' }, { cause: error });
      }
      await this.#parts.clock.sleep(pause, signal);
    }
  }

  async #refusal(files: Files, spec: ExportSpec): Promise<Error> {
    const said = await lastWords(files.log);
    return ImageError(exportFailureCode(said), { path: spec.path, format: spec.format, reason: said });
  }

  #supervise(id: string, running: Running): void {
    this.#running.set(id, running);
    running.process.ended
      .then(async ({ code, signal }) => {
        if (running.stopping) return;
        this.#running.delete(id);
        const said = await lastWords(this.#files(id).log);
        const failure = ImageError('IMAGE_EXPORT_DIED', { reason: said || `exit code ${code ?? 'unknown'}, signal ${signal ?? 'none'}` });
        this.#parts.log.error({ export: id, pid: running.process.pid, code, signal }, 'an export ended unexpectedly');
        await this.#died(id, failure);
      })
      .catch((error) => this.#parts.log.error({ err: error, export: id }, 'the end of an export could not be noted'));
  }

  async #died(id: string, failure: GatewayError): Promise<void> {
    this.#onDeath(id, failure);
    await this.#removeFiles(id);
    await this.#rows.end(id, 'failed', failureOf(failure));
  }

  async #flush(id: string): Promise<void> {
    try {
      await using client = await connectNbd({ socketPath: this.#files(id).socket });
      await client.flush();
    } catch (error) {
      throw ImageError('IMAGE_EXPORT_STOP', { reason: `flushing failed: ${reasonOf(error)}` }, { cause: error });
    }
  }

  async #terminate(id: string, running: Running, limitMs: number): Promise<void> {
    const { process: child } = running;
    child.signal('SIGTERM');
    const late = new AbortController();
    const timeout = this.#parts.clock.sleep(limitMs, late.signal).then(
      () => undefined,
      () => undefined,
    );
    const end = await Promise.race([child.ended, timeout]);
    late.abort();
    if (!end) {
      child.signal('SIGKILL');
      await child.ended;
    }
    this.#running.delete(id);
    const said = await lastWords(this.#files(id).log);
    await this.#removeFiles(id);
    if (!end) throw ImageError('IMAGE_EXPORT_STOP', { reason: `it did not end within ${limitMs / 1000} s` });
    if (end.code !== 0 && end.code !== undefined) throw ImageError('IMAGE_EXPORT_STOP', { reason: said || `exit code ${end.code}` });
  }

  async #pause(id: string, running: Running): Promise<void> {
    running.stopping = true;
    try {
      if (!running.spec.readOnly) await this.#flush(id);
      await this.#terminate(id, running, STOP_MS);
      await this.#rows.change(id, { pid: 0 });
    } catch (error) {
      this.#parts.log.error({ err: error, export: id }, 'an export did not end in order');
      await this.#rows.end(id, 'failed', failureOf(error));
    }
  }

  async #recover(job: Job<ExportSpec>): Promise<void> {
    const { id, spec, pid = 0 } = job;
    const files = this.#files(id);
    if (pid > 0 && (await servesSocket(pid, files.socket))) {
      this.#parts.log.info({ export: id, pid }, 'an export of an earlier run was taken over');
      return this.#supervise(id, { process: ExportProcess.adopt(pid, this.#parts.clock), spec, stopping: false });
    }
    const endedInOrder = pid === 0 && job.pid !== undefined;
    if (!spec.readOnly && !endedInOrder) {
      return this.#died(id, ImageError('IMAGE_EXPORT_DIED', { reason: 'it was lost while this agent was down' }));
    }
    try {
      await this.#start(id, spec);
    } catch (error) {
      await this.#died(id, GatewayError.from(error));
    }
  }

  async #removeFiles(id: string): Promise<void> {
    for (const file of Object.values(this.#files(id))) await rm(file, { force: true });
  }
}

async function sizeOf(socketPath: string): Promise<number> {
  const client = await connectNbd({ socketPath });
  const { size } = client;
  await client.close();
  return size;
}

/** What a program said at last, without its name. */
async function lastWords(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text
    .trim()
    .replace(/^\S*qemu-nbd: /gm, '')
    .slice(-500);
}

function failureOf(error: unknown): { code: string; text: string } {
  const { code, publicText } = GatewayError.from(error);
  return { code, text: publicText };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
