import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import type { Store } from '@fairlead/kernel/store';
import { connectNbd } from '@fairlead/nbd';
import { z } from 'zod';
import { ImageError } from '../../errors.ts';
import type { ExportSpec } from '../../map/qemu-nbd.ts';
import { endProcess } from './end-process.ts';
import { ExportFolder, lastWords } from './export-files.ts';
import { ExportProcess } from './export-process.ts';
import { type Job, JobRows } from './job-rows.ts';
import { startExport } from './start-export.ts';

export interface ExportParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly agent: string;
  readonly runDir: string;
  readonly qemuNbd: string;
  /** Told when an export ends by itself. */
  readonly onDeath: (id: string, failure: GatewayError) => Promise<void>;
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

const specSchema = z.object({ path: z.string(), format: z.enum(['qcow2', 'raw']), readOnly: z.boolean(), shared: z.int() });

/** A writer may have much to bring to the disk before it ends. */
const STOP_MS = 120_000;
const DISCARD_MS = 10_000;
/** Process id in the row of an export whose data is on the disk: when its program is gone nothing is lost. */
const ENDED_IN_ORDER = 0;

/** The qemu-nbd programs of this agent: one for each export, supervised, found again after a restart (imageio 13.1). */
export class ExportBook implements AsyncDisposable {
  readonly #parts: ExportParts;
  readonly #rows: JobRows<ExportSpec>;
  readonly #folder: ExportFolder;
  readonly #running = new Map<string, Running>();

  /** Throws `IMAGE_SOCKET_PATH`. */
  constructor(parts: ExportParts) {
    this.#parts = parts;
    this.#folder = new ExportFolder(parts.runDir);
    this.#rows = new JobRows(parts, 'export', (value) => specSchema.parse(value));
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
    try {
      await this.#endInOrder(id, running);
      await this.#rows.end(id, 'closed');
    } catch (error) {
      await this.#rows.end(id, 'failed', failureOf(error));
      throw error;
    }
  }

  /** Where an export listens, running or not. */
  socketOf(id: string): string {
    return this.#folder.files(id).socket;
  }

  /** Stops an export whose data nobody wants. */
  async discard(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running) {
      running.stopping = true;
      await this.#end(id, running, DISCARD_MS).catch((error) =>
        this.#parts.log.warn({ err: error, export: id }, 'a discarded export did not end in order'),
      );
    }
    await this.#rows.end(id, 'canceled');
  }

  /**
   * After a restart: exports that still run are taken over, readers that are gone are started again. A writer that is gone without having ended in
   * order has lost what it had not flushed: its death is reported. Programs that no job knows are ended (imageio 14.4).
   */
  async recover(): Promise<void> {
    await this.#folder.make();
    const servers = await this.#folder.servers();
    const open = await this.#rows.listOpen();
    const known = new Set(open.map(({ id }) => this.socketOf(id)));
    // First what belongs to nobody: it may hold an image that a job needs.
    for (const [socket, pid] of servers) if (!known.has(socket)) await this.#endOrphan(pid, socket);
    for (const job of open) await this.#recover(job, servers.get(this.socketOf(job.id)));
    const running = new Set([...this.#running.keys()].map((id) => this.socketOf(id)));
    for (const files of await this.#folder.left()) if (!running.has(files.socket)) await this.#folder.remove(files);
  }

  /** Ends every program in order; the rows stay open, so that the next start goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map(([id, running]) => this.#pause(id, running)));
  }

  async #start(id: string, spec: ExportSpec, signal?: AbortSignal): Promise<Export> {
    const files = this.#folder.files(id);
    const { qemuNbd: program, clock } = this.#parts;
    const started = (pid: number) => this.#rows.change(id, { pid, socket: files.socket });
    try {
      const { process, size } = await startExport(spec, files, { program, clock, started }, signal);
      this.#supervise(id, { process, spec, stopping: false });
      return { id, socketPath: files.socket, size };
    } catch (error) {
      await this.#folder.remove(files);
      throw error;
    }
  }

  #supervise(id: string, running: Running): void {
    this.#running.set(id, running);
    const { log } = this.#parts;
    const noteEnd = async () => {
      const { code, signal } = await running.process.ended;
      if (running.stopping) return;
      this.#running.delete(id);
      log.error({ export: id, pid: running.process.pid, code, signal }, 'an export ended unexpectedly');
      const reason = (await lastWords(this.#folder.files(id))) || `exit code ${code ?? 'unknown'}, signal ${signal ?? 'none'}`;
      await this.#died(id, ImageError('IMAGE_EXPORT_DIED', { reason }));
    };
    noteEnd().catch((error) => log.error({ err: error, export: id }, 'the end of an export could not be noted'));
  }

  async #died(id: string, failure: GatewayError): Promise<void> {
    await this.#folder.remove(this.#folder.files(id));
    await this.#rows.end(id, 'failed', failureOf(failure));
    await this.#parts.onDeath(id, failure);
  }

  async #endInOrder(id: string, running: Running): Promise<void> {
    running.stopping = true;
    if (!running.spec.readOnly) {
      await this.#flush(id, running);
      await this.#rows.change(id, { pid: ENDED_IN_ORDER });
    }
    await this.#end(id, running, STOP_MS);
  }

  /** A flush that fails must not leave the program running. */
  async #flush(id: string, running: Running): Promise<void> {
    try {
      await using client = await connectNbd({ socketPath: this.socketOf(id) });
      await client.flush();
    } catch (error) {
      await this.#end(id, running, DISCARD_MS).catch(() => undefined);
      throw ImageError(
        'IMAGE_EXPORT_STOP',
        { reason: `flushing failed: ${error instanceof Error ? error.message : String(error)}` },
        { cause: error },
      );
    }
  }

  async #end(id: string, running: Running, limitMs: number): Promise<void> {
    const files = this.#folder.files(id);
    try {
      await endProcess(running.process, files, this.#parts.clock, limitMs);
    } finally {
      this.#running.delete(id);
      await this.#folder.remove(files);
    }
  }

  async #pause(id: string, running: Running): Promise<void> {
    try {
      await this.#endInOrder(id, running);
      await this.#rows.change(id, { pid: ENDED_IN_ORDER });
    } catch (error) {
      this.#parts.log.error({ err: error, export: id }, 'an export did not end in order');
      await this.#rows.end(id, 'failed', failureOf(error));
    }
  }

  async #recover(job: Job<ExportSpec>, pid: number | undefined): Promise<void> {
    const { id, spec } = job;
    const { log, clock } = this.#parts;
    if (pid !== undefined) {
      log.info({ export: id, pid }, 'an export of an earlier run was taken over');
      return this.#supervise(id, { process: ExportProcess.adopt(pid, clock), spec, stopping: false });
    }
    if (!spec.readOnly && job.pid !== ENDED_IN_ORDER) {
      return this.#died(id, ImageError('IMAGE_EXPORT_DIED', { reason: 'it was lost while this agent was down' }));
    }
    try {
      await this.#start(id, spec);
    } catch (error) {
      await this.#died(id, GatewayError.from(error));
    }
  }

  async #endOrphan(pid: number, socket: string): Promise<void> {
    const { log, clock } = this.#parts;
    log.warn({ pid, socket }, 'a program without a job is ended');
    const orphan = ExportProcess.adopt(pid, clock);
    await endProcess(orphan, { socket, pidFile: '', log: '' }, clock, DISCARD_MS).catch((error) =>
      log.warn({ err: error, pid }, 'it had to be killed'),
    );
  }
}

function failureOf(error: unknown): { code: string; text: string } {
  const { code, publicText } = GatewayError.from(error);
  return { code, text: publicText };
}
