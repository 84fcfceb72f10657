import { truncate } from 'node:fs/promises';
import { nbdUnixUrl } from '@fairlead/imageio/codec';
import { GatewayError } from '@fairlead/kernel/errors';
import { ImageError } from '../../errors.ts';
import { RangeList } from '../../map/ranges.ts';
import type { OpenedTransferMessage, OpenTransferMessage, TransferStateMessage } from '../../schema.ts';
import type { ExportBook } from '../export/export-book.ts';
import type { ImagePlaces } from '../export/image-places.ts';
import { type Job, type JobFailure, JobRows } from '../export/job-rows.ts';
import type { QemuImg } from '../export/qemu-img.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { TicketBook } from '../ticket/ticket-book.ts';
import { type AgentBackups, backupExportId } from './agent-backups.ts';
import { grantOf, type TransferSource, type TransferSpec, transferSpecSchema } from './transfer-spec.ts';
import { verifyUploadedFile } from './verify-upload.ts';

export interface AgentTransferParts {
  readonly exports: ExportBook;
  readonly places: ImagePlaces;
  readonly tickets: TicketBook;
  readonly backups: AgentBackups;
  readonly qemuImg: QemuImg;
  readonly agent: string;
  /** Clients that may work on one disk at once. */
  readonly shared: number;
}

const STOPPED_IN_BETWEEN = 'the agent was stopped while the transfer was being opened or cancelled';

/** The transfers of this host: an export or a file, and the ticket that grants it. */
export class AgentTransfers {
  readonly #parts: AgentTransferParts;
  readonly #rows: JobRows<TransferSpec>;

  constructor(parts: AgentTransferParts, rows: ConstructorParameters<typeof JobRows>[0]) {
    this.#parts = parts;
    this.#rows = new JobRows(rows, 'transfer', (value) => transferSpecSchema.parse(value));
  }

  /** Throws `IMAGE_PATH_FORBIDDEN`, `IMAGE_NOT_FOUND`, `IMAGE_BUSY`, `IMAGE_IMAGE_IN_USE`, `IMAGE_COW_UNSUPPORTED` and others. */
  async open(request: OpenTransferMessage, signal?: AbortSignal): Promise<OpenedTransferMessage> {
    if (request.format === 'cow' && (request.direction === 'download' || request.volume.format !== 'qcow2'))
      throw ImageError('IMAGE_COW_UNSUPPORTED');
    const { ticket, ...rest } = request;
    const path = await this.#parts.places.resolve(request.volume.path);
    const spec: TransferSpec = { ...rest, path, size: request.size ?? 0, volumeSize: 0 };
    const exclusive = request.format === 'cow' ? `${this.#parts.agent} writes ${path}` : null;
    await this.#rows.open(request.transfer_id, spec, exclusive, `The image ${path}`);
    try {
      signal?.throwIfAborted();
      const source = await this.#source(spec, signal);
      await this.#rows.change(request.transfer_id, { spec: { ...spec, size: source.size, volumeSize: source.volumeSize } });
      await this.#parts.tickets.put(ticket, grantOf(spec, source));
      return { transfer_id: request.transfer_id, size: source.size };
    } catch (error) {
      await this.#parts.exports.discard(request.transfer_id);
      await this.#takeBack(request.transfer_id, error);
      throw error;
    }
  }

  /** Throws `IMAGE_TRANSFER_UNKNOWN`. */
  async get(id: string): Promise<TransferStateMessage> {
    const job = await this.#find(id);
    const ticket = job.state === 'open' ? await this.#parts.tickets.findByTransfer(id) : undefined;
    const failure = job.failure ?? ticket?.failure;
    return {
      transfer_id: id,
      active: ticket?.active ?? false,
      transferred: ticket?.transferred ?? 0,
      idle_s: ticket?.idleS ?? 0,
      size: job.spec.size,
      ...(failure && { failure }),
    };
  }

  /** Begins the timeout anew. Throws `IMAGE_TRANSFER_UNKNOWN`, `IMAGE_TRANSFER_ENDED`. */
  async extend(id: string): Promise<void> {
    (await this.#openTicket(await this.#find(id))).touch();
  }

  /** Ends a transfer at once; ending an ended one changes nothing. */
  async cancel(id: string): Promise<void> {
    const job = await this.#find(id);
    if (job.state !== 'open') return;
    const ticket = await this.#parts.tickets.findByTransfer(id);
    if (ticket) await this.#dropTicket(ticket);
    await this.#parts.exports.discard(id);
    await this.#rows.end(id, 'canceled');
  }

  /**
   * Ends a transfer in order (imageio 14.2): no more requests, flush, the writer ends with 0, the image is sound. A transfer that failed fails
   * again; one whose end was begun before a restart goes on from there. Throws `IMAGE_BUSY` while an upload is still writing, `IMAGE_EXPORT_STOP`, `IMAGE_EXPORT_DIED`, `IMAGE_VERIFY_FAILED`.
   */
  async close(id: string): Promise<void> {
    const job = await this.#find(id);
    if (job.state === 'closed') return;
    if (job.state === 'canceled') throw ImageError('IMAGE_TRANSFER_CANCELED', { id });
    if (job.failure) throw new GatewayError({ code: job.failure.code, status: 409, blame: 'upstream', text: job.failure.text });
    const spec = job.spec.closing === undefined ? await this.#beginClosing(job) : job.spec;
    // Killed between these two steps, the ticket is still there.
    const ticket = await this.#parts.tickets.findByTransfer(id);
    if (ticket) await this.#dropTicket(ticket);
    try {
      if (ticket?.failure) throw ImageError('IMAGE_EXPORT_DIED', { reason: ticket.failure.text });
      await this.#parts.exports.close(id);
      await this.#verify(spec, new RangeList(spec.closing));
      await this.#rows.end(id, 'closed');
    } catch (error) {
      await this.#rows.end(id, 'failed', failureOf(error));
      throw error;
    }
  }

  /**
   * After a restart: a transfer whose ticket was never given out, or taken back already, goes no further. What it had opened is let go.
   * One that was being ended in order waits for the gateway to ask again.
   */
  async recover(): Promise<void> {
    for (const job of await this.#rows.listOpen()) {
      if (job.spec.closing !== undefined || (await this.#parts.tickets.findByTransfer(job.id))) continue;
      await this.#parts.exports.discard(job.id);
      await this.#rows.end(job.id, 'failed', failureOf(ImageError('IMAGE_EXPORT_DIED', { reason: STOPPED_IN_BETWEEN })));
    }
  }

  /** The open transfers that read from a backup. */
  async openOf(backupId: string): Promise<readonly string[]> {
    return (await this.#rows.listOpen()).filter((job) => job.spec.backup_id === backupId).map((job) => job.id);
  }

  /** An export died: tickets that read from it are refused at once from now on (imageio 14.4). */
  async exportDied(exportId: string, failure: GatewayError): Promise<void> {
    for (const job of await this.#rows.listOpen()) {
      const { backup_id: backupId, volume, direction } = job.spec;
      const source = backupId === undefined || direction === 'upload' ? job.id : backupExportId(backupId, volume.id);
      if (source !== exportId) continue;
      (await this.#parts.tickets.findByTransfer(job.id))?.fail(failureOf(failure));
    }
  }

  /** A transfer that was not opened is forgotten, unless its image was emptied already. */
  async #takeBack(id: string, error: unknown): Promise<void> {
    const job = await this.#rows.find(id);
    const isEmptied = job?.spec.format === 'cow' && job.spec.volumeSize > 0;
    if (isEmptied) await this.#rows.end(id, 'failed', failureOf(error));
    else await this.#rows.remove(id);
  }

  async #beginClosing(job: Job<TransferSpec>): Promise<TransferSpec> {
    const ticket = await this.#openTicket(job);
    if (ticket.mayWrite && ticket.active) throw ImageError('IMAGE_BUSY', { what: `The transfer ${job.id}` });
    const spec: TransferSpec = { ...job.spec, closing: ticket.movedRanges.pairs.map(([start, end]) => [start, end]) };
    await this.#rows.change(job.id, { spec });
    return spec;
  }

  /**
   * A qcow2 file whose upload did not end well may be no image at all: it is made empty, so that the same disk can be filled again, by a file or by
   * ranges.
   */
  async #mend(spec: TransferSpec): Promise<void> {
    if (spec.direction !== 'upload' || spec.volume.format !== 'qcow2') return;
    const uploads = (await this.#rows.listEnded()).filter((job) => job.spec.path === spec.path && job.spec.direction === 'upload');
    const last = uploads[0];
    if (last?.spec.format !== 'cow' || last.state === 'closed' || last.spec.volumeSize === 0) return;
    await this.#parts.qemuImg.makeEmpty(spec.path, last.spec.volumeSize);
  }

  async #source(spec: TransferSpec, signal?: AbortSignal): Promise<TransferSource> {
    await this.#mend(spec);
    if (spec.format === 'cow') return this.#emptyFile(spec);
    if (spec.backup_id !== undefined && spec.direction === 'download') {
      const { socketPath, size } = await this.#parts.backups.exportOf(spec.backup_id, spec.volume.id);
      return { url: nbdUnixUrl(socketPath, ''), size, volumeSize: size };
    }
    const { path, volume, direction } = spec;
    const exported = await this.#parts.exports.open(
      spec.transfer_id,
      { path, format: volume.format, readOnly: direction === 'download', shared: this.#parts.shared },
      signal,
    );
    return { url: nbdUnixUrl(exported.socketPath, ''), size: exported.size, volumeSize: exported.size };
  }

  /** Asking qemu-img first proves that nobody has the image open and tells how large the new one may be. */
  async #emptyFile(spec: TransferSpec): Promise<TransferSource> {
    if (spec.size === 0) throw ImageError('IMAGE_BAD_REQUEST', { reason: 'the size of the file that comes has to be given' });
    const { virtualSize } = await this.#parts.qemuImg.info(spec.path, 'qcow2');
    // Known before the image is none any more.
    await this.#rows.change(spec.transfer_id, { spec: { ...spec, volumeSize: virtualSize } });
    await truncate(spec.path, 0);
    return { url: `file://${encodeURI(spec.path)}`, size: spec.size, volumeSize: virtualSize };
  }

  async #verify(spec: TransferSpec, moved: Ticket['movedRanges']): Promise<void> {
    if (spec.direction === 'download' || spec.volume.format !== 'qcow2') return;
    const { path, volumeSize } = spec;
    if (spec.format === 'cow') await verifyUploadedFile({ path, volumeSize, moved }, this.#parts.qemuImg);
    else await this.#parts.qemuImg.check(path);
  }

  async #dropTicket(ticket: Ticket): Promise<void> {
    const outcome = await this.#parts.tickets.remove(ticket);
    // An operation that hung in the storage was cut; nothing can begin any more, so the second call finds it idle.
    if (outcome === 'stuck') await this.#parts.tickets.remove(ticket);
  }

  async #openTicket(job: Job<TransferSpec>): Promise<Ticket> {
    const ticket = job.state === 'open' ? await this.#parts.tickets.findByTransfer(job.id) : undefined;
    if (!ticket) throw ImageError('IMAGE_TRANSFER_ENDED', { id: job.id });
    return ticket;
  }

  async #find(id: string): Promise<Job<TransferSpec>> {
    const job = await this.#rows.find(id);
    if (!job) throw ImageError('IMAGE_TRANSFER_UNKNOWN', { id });
    return job;
  }
}

function failureOf(error: unknown): JobFailure {
  const { code, publicText } = GatewayError.from(error);
  return { code, text: publicText };
}
