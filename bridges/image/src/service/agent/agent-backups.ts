import { GatewayError } from '@fairlead/kernel/errors';
import { z } from 'zod';
import { ImageError } from '../../errors.ts';
import type { BackupMessage, StartBackupMessage } from '../../schema.ts';
import { volumeSchema } from '../../schema.ts';
import type { Export, ExportBook } from '../export/export-book.ts';
import type { ImagePlaces } from '../export/image-places.ts';
import { type Job, type JobFailure, JobRows } from '../export/job-rows.ts';

const specSchema = z.object({
  vmId: z.string(),
  volumes: z.array(volumeSchema.extend({ size: z.int().nonnegative() })),
  /** Set when an export died: the backup cannot succeed any more. */
  failure: z.object({ code: z.string(), text: z.string() }).optional(),
});

type BackupSpec = z.infer<typeof specSchema>;

export interface AgentBackupParts {
  readonly exports: ExportBook;
  readonly places: ImagePlaces;
  /** Clients that may read one disk at once. */
  readonly shared: number;
}

const STOPPED_AT_START = 'the agent was stopped before all disks were served';

/** The id of the export that serves a disk of a backup. */
export function backupExportId(backupId: string, volumeId: string): string {
  return `${backupId}/${volumeId}`;
}

/**
 * Backups of stopped machines (imageio 13.1): every disk is served read-only from start to end, so that qemu's own image lock keeps the machine
 * from being started and the disks belong together.
 */
export class AgentBackups {
  readonly #parts: AgentBackupParts;
  readonly #rows: JobRows<BackupSpec>;

  constructor(parts: AgentBackupParts, rows: ConstructorParameters<typeof JobRows>[0]) {
    this.#parts = parts;
    this.#rows = new JobRows(rows, 'backup', (value) => specSchema.parse(value));
  }

  /** Throws `IMAGE_RUNNING_UNSUPPORTED`, `IMAGE_CHECKPOINT_UNKNOWN`, `IMAGE_BUSY`, and what opening an image throws. */
  async start(vmId: string, request: StartBackupMessage, signal?: AbortSignal): Promise<BackupMessage> {
    if (request.running) throw ImageError('IMAGE_RUNNING_UNSUPPORTED', { vm: vmId });
    if (request.from_checkpoint !== undefined) throw ImageError('IMAGE_CHECKPOINT_UNKNOWN', { checkpoint: request.from_checkpoint });
    const id = request.backup_id;
    const spec: BackupSpec = { vmId, volumes: request.volumes.map((volume) => ({ ...volume, size: 0 })) };
    await this.#rows.open(id, spec, `vm ${vmId}`, `The virtual machine ${vmId}`);
    try {
      signal?.throwIfAborted();
      const sizes = await this.#openAll(id, request, signal);
      const volumes = spec.volumes.map((volume) => ({ ...volume, size: sizes.get(volume.id) ?? 0 }));
      await this.#rows.change(id, { spec: { ...spec, volumes } });
      return await this.get(id);
    } catch (error) {
      await this.#rows.remove(id);
      throw error;
    }
  }

  /** After a restart: a backup that was not ready yet was told to nobody. It has failed, and lets go of machine and images. */
  async recover(): Promise<void> {
    for (const job of await this.#rows.listOpen()) {
      if (isReady(job)) continue;
      for (const volume of job.spec.volumes) await this.#parts.exports.discard(backupExportId(job.id, volume.id));
      await this.#rows.end(job.id, 'failed', failureOf(ImageError('IMAGE_EXPORT_DIED', { reason: STOPPED_AT_START })));
    }
  }

  /** Throws `IMAGE_BACKUP_UNKNOWN`. */
  async get(id: string): Promise<BackupMessage> {
    return toMessage(await this.#find(id));
  }

  /** Ends a backup; ending an ended one changes nothing. */
  async finalize(id: string): Promise<BackupMessage> {
    const job = await this.#find(id);
    if (job.state === 'open') {
      for (const volume of job.spec.volumes) await this.#parts.exports.discard(backupExportId(id, volume.id));
      await this.#rows.end(id, job.spec.failure ? 'failed' : 'closed', job.spec.failure);
    }
    return this.get(id);
  }

  /** The disk of a backup that is ready, for a transfer. Throws `IMAGE_BACKUP_UNKNOWN`, `IMAGE_BACKUP_NOT_READY`, `IMAGE_VOLUME_NOT_IN_BACKUP`. */
  async exportOf(id: string, volumeId: string): Promise<Export> {
    const job = await this.#find(id);
    const { phase } = toMessage(job);
    if (phase !== 'ready') throw ImageError('IMAGE_BACKUP_NOT_READY', { id, phase });
    const volume = job.spec.volumes.find((one) => one.id === volumeId);
    if (!volume) throw ImageError('IMAGE_VOLUME_NOT_IN_BACKUP', { id, volume: volumeId });
    const exportId = backupExportId(id, volumeId);
    return { id: exportId, socketPath: this.#parts.exports.socketOf(exportId), size: volume.size };
  }

  /** An export died: the backup to which it belongs has failed. */
  async exportDied(exportId: string, failure: GatewayError): Promise<void> {
    const [backupId = ''] = exportId.split('/');
    const job = await this.#rows.find(backupId);
    if (job?.state !== 'open') return;
    await this.#rows.change(backupId, { spec: { ...job.spec, failure: failureOf(failure) } });
  }

  async #openAll(id: string, request: StartBackupMessage, signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    try {
      for (const volume of request.volumes) {
        const path = await this.#parts.places.resolve(volume.path);
        const spec = { path, format: volume.format, readOnly: true, shared: this.#parts.shared };
        const { size } = await this.#parts.exports.open(backupExportId(id, volume.id), spec, signal);
        sizes.set(volume.id, size);
      }
      return sizes;
    } catch (error) {
      for (const volumeId of sizes.keys()) await this.#parts.exports.discard(backupExportId(id, volumeId));
      throw error;
    }
  }

  async #find(id: string): Promise<Job<BackupSpec>> {
    const job = await this.#rows.find(id);
    if (!job) throw ImageError('IMAGE_BACKUP_UNKNOWN', { id });
    return job;
  }
}

function toMessage(job: Job<BackupSpec>): BackupMessage {
  const failure = job.failure ?? job.spec.failure;
  return {
    backup_id: job.id,
    vm_id: job.spec.vmId,
    phase: phaseOf(job, failure),
    volumes: job.spec.volumes.map(({ id, size }) => ({ id, mode: 'full', size })),
    ...(failure && { failure }),
  };
}

function phaseOf(job: Job<BackupSpec>, failure: JobFailure | undefined): BackupMessage['phase'] {
  if (failure || job.state === 'failed' || job.state === 'canceled') return 'failed';
  if (job.state === 'closed') return 'succeeded';
  return isReady(job) ? 'ready' : 'starting';
}

function isReady(job: Job<BackupSpec>): boolean {
  return job.spec.volumes.every((volume) => volume.size > 0);
}

function failureOf(error: unknown): JobFailure {
  const { code, publicText } = GatewayError.from(error);
  return { code, text: publicText };
}
