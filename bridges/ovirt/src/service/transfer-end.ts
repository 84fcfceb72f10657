import type { Audit } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import type { ImageTransferState } from '@fairlead/kernel/services';
import { keepDisk } from '../store/disks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { countTransfer, findTransfer, moveTransfer, OPEN_TRANSFER_PHASES, openTransfersOf } from '../store/transfers.ts';
import type { TransferRow } from '../store/write-tables.ts';
import { auditOfRow } from './audit-of.ts';
import type { Events } from './events.ts';
import { isPassing, isUnknown, publicText } from './failure.ts';
import type { ImageServices } from './image-places.ts';
import { type Locks, workLock } from './locks.ts';

export interface TransferEndParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  readonly locks: Locks;
  readonly events: Events;
  readonly images: ImageServices;
  /** Reads a volume anew after its content has changed. */
  readonly refreshDisk: (diskId: string) => Promise<unknown>;
  /** A finished upload must fit its disk: the text says why it does not. */
  readonly fitUpload: (row: TransferRow, signal: AbortSignal) => Promise<string | undefined>;
}

/** How a transfer ended. A spoiled upload leaves a disk of undefined content. */
interface Ending {
  readonly phase: 'finished_success' | 'finished_failure';
  readonly error: string | null;
  readonly spoiled: boolean;
}

const CANCEL_MS = 2 * 60_000;
const QUIETLY_MS = 5000;
const FINALIZE_MS = 60 * 60_000;
const POLL_MS = 250;

/** Ends image transfers, well or badly; what is meant stands in the row before the image service is asked (ovirt 10.4). */
export class TransferEnd {
  readonly #parts: TransferEndParts;

  constructor(parts: TransferEndParts) {
    this.#parts = parts;
  }

  async again(row: TransferRow): Promise<TransferRow> {
    return (await findTransfer(this.#parts.store, row.id)) ?? row;
  }

  /**
   * From `finalizing_success` or `cancelled_*` to the end; waits for whoever is at it already.
   * Rejects when the image service does not answer: the row stays, and the watchdog comes back to it.
   */
  async finish(row: TransferRow, signal: AbortSignal): Promise<TransferRow> {
    for (;;) {
      const now = await this.again(row);
      if (now.ended_ms !== null) return now;
      await using work = await this.#parts.locks.find(workLock(row.id), 'an image transfer is being ended');
      if (work !== undefined) {
        const fresh = await this.again(row);
        if (fresh.phase === 'finalizing_success') await this.#close(fresh, signal);
        else if (fresh.ended_ms === null) await this.#cancel(fresh, signal);
        return await this.again(row);
      }
      await this.#parts.clock.sleep(POLL_MS, signal);
    }
  }

  /** The backup that they read from ends. */
  async endOfBackup(backupId: string, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts;
    for (const row of await openTransfersOf(store, 'backup_id', backupId)) {
      await moveTransfer(store, row.id, OPEN_TRANSFER_PHASES, {
        phase: 'cancelled_system',
        error: 'its backup has ended',
        modified_ms: clock.now(),
      });
      await this.finish(row, signal);
    }
  }

  /** Ends a cancelled one, by whoever holds the work lock. */
  async cancelHeld(row: TransferRow, signal: AbortSignal): Promise<void> {
    await this.#cancel(await this.again(row), signal);
  }

  /** Ends what goes on no more, by whoever holds the work lock. */
  async fail(row: TransferRow, error: string, how: { readonly spoiled: boolean; readonly signal: AbortSignal }): Promise<void> {
    await this.#cancelQuietly(row, how.signal);
    await this.#end(row, { phase: 'finished_failure', error, spoiled: how.spoiled });
  }

  /** What the image service says of it; undefined when it knows nothing of it. */
  async peek(id: string, signal: AbortSignal): Promise<ImageTransferState | undefined> {
    try {
      return await this.#parts.images.transfers.get(id, signal);
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  /**
   * Keeps what has moved.
   * @returns whether a request is under way
   */
  async count(row: TransferRow, state: ImageTransferState): Promise<boolean> {
    const { store, clock } = this.#parts;
    const seen = state.active ? clock.now() : clock.now() - state.idleS * 1000;
    const moved = state.transferred > row.transferred;
    if (moved || state.active)
      await countTransfer(store, row.id, { transferred: state.transferred, active_ms: Math.max(row.active_ms, seen) });
    return state.active;
  }

  /** A spoiled upload makes the disk illegal before the row says that it is over. */
  async #end(row: TransferRow, how: Ending): Promise<void> {
    const { store, clock, locks } = this.#parts;
    const now = clock.now();
    const isUpload = row.direction === 'upload';
    if (isUpload && how.spoiled) await keepDisk(store, row.disk_id, { illegal: 1, reason: how.error ?? 'an upload has failed' }, now);
    if (isUpload && how.phase === 'finished_success') await keepDisk(store, row.disk_id, { illegal: 0, reason: null }, now);
    const change = { phase: how.phase, error: how.error, urls: null, modified_ms: now, ended_ms: now };
    if (!(await moveTransfer(store, row.id, OPEN_TRANSFER_PHASES, change))) return;
    await locks.letGo(row.id);
    await this.#tell(row, how);
    if (isUpload)
      await this.#parts
        .refreshDisk(row.disk_id)
        .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'a disk could not be read anew'));
  }

  async #close(row: TransferRow, signal: AbortSignal): Promise<void> {
    const { images, clock } = this.#parts;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(FINALIZE_MS)]);
    try {
      const state = await this.peek(row.id, deadline);
      if (state !== undefined) await this.count(row, state);
      await images.transfers.close(row.id, deadline);
      const wrong = await this.#parts.fitUpload(row, deadline);
      if (wrong === undefined) await this.#end(row, { phase: 'finished_success', error: null, spoiled: false });
      else await this.#end(row, { phase: 'finished_failure', error: wrong, spoiled: true });
    } catch (error) {
      if (await this.#isBusy(row, error)) throw error;
      const isLate = clock.now() - row.modified_ms > FINALIZE_MS;
      if (signal.aborted || (isPassing(error) && !isLate)) throw error;
      await this.fail(row, publicText(error), { spoiled: true, signal });
    }
  }

  /** A request is still writing: nothing has been ended, the transfer goes on. */
  async #isBusy(row: TransferRow, error: unknown): Promise<boolean> {
    if (!(error instanceof GatewayError) || error.code !== 'IMAGE_BUSY') return false;
    return await moveTransfer(this.#parts.store, row.id, ['finalizing_success'], {
      phase: 'transferring',
      modified_ms: this.#parts.clock.now(),
    });
  }

  async #cancel(row: TransferRow, signal: AbortSignal): Promise<void> {
    const { images, clock, log } = this.#parts;
    try {
      await images.transfers.cancel(row.id, AbortSignal.any([signal, AbortSignal.timeout(CANCEL_MS)]));
    } catch (error) {
      const isLate = clock.now() - row.modified_ms > FINALIZE_MS;
      if (signal.aborted || (isPassing(error) && !isLate)) throw error;
      if (!isUnknown(error)) log.warn({ err: error, transfer: row.id }, 'the host refused to cancel an image transfer');
    }
    await this.#end(row, { phase: 'finished_failure', error: row.error ?? 'cancelled', spoiled: hasTouched(row) });
  }

  async #cancelQuietly(row: TransferRow, signal: AbortSignal): Promise<void> {
    const { images, log } = this.#parts;
    try {
      await images.transfers.cancel(row.id, AbortSignal.any([signal, AbortSignal.timeout(QUIETLY_MS)]));
    } catch (error) {
      if (!isUnknown(error)) log.warn({ err: error, transfer: row.id }, 'a failed image transfer could not be cancelled on its host');
    }
  }

  /** To the audit, and to whoever looks for the reason. */
  async #tell(row: TransferRow, { phase, error }: Ending): Promise<void> {
    const { audit, events } = this.#parts;
    const isGood = phase === 'finished_success';
    const detail = { disk: row.disk_id, direction: row.direction, transferred: row.transferred, text: error };
    await audit.record({ ...auditOfRow(row), action: 'transfer.end', object: row.id, outcome: isGood ? 'ok' : 'failed', detail });
    if (isGood) return;
    await events.tell({
      severity: row.phase === 'cancelled_user' ? 'warning' : 'error',
      description: `Image transfer ${row.id} (${row.direction} of disk ${row.disk_id}) is ${phase}: ${error ?? 'no reason is known'}`,
      owner: { subject: row.subject, userId: row.user_id },
      vmId: row.vm_id ?? undefined,
      correlationId: row.correlation_id,
    });
  }
}

/** Whether the disk may have changed: by data, or, where a whole file comes, by making room for it as soon as the host opened it. */
export function hasTouched(row: TransferRow): boolean {
  return row.direction === 'upload' && (row.urls !== null || row.format === 'cow');
}
