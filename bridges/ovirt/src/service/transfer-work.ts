import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import type { Secrets } from '@fairlead/kernel/secrets';
import type { ImageTransferState, OpenImageTransfer } from '@fairlead/kernel/services';
import { OvirtError } from '../errors.ts';
import { findBackup } from '../store/backups.ts';
import { keepDisk } from '../store/disks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { countTransfer, findTransfer, moveTransfer, OPEN_TRANSFER_PHASES, openTransfersOf } from '../store/transfers.ts';
import type { TransferPhase, TransferRow } from '../store/write-tables.ts';
import type { Events } from './events.ts';
import { isPassing, isUnknown, publicText } from './failure.ts';
import type { ImageServices } from './image-places.ts';
import { type Locks, workLock } from './locks.ts';

export interface TransferWorkParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly locks: Locks;
  readonly events: Events;
  readonly images: ImageServices;
  /** Reads a volume anew after its content has changed. */
  readonly refreshDisk: (diskId: string) => Promise<unknown>;
  /** A finished upload must fit its disk: the text says why it does not. */
  readonly fitUpload: (row: TransferRow, signal: AbortSignal) => Promise<string | undefined>;
}

/** A transfer with what only the image service knows. */
export interface SeenTransfer {
  readonly row: TransferRow;
  readonly active: boolean;
}

/** Purpose of the key that the URLs are sealed with. */
export const URLS_PURPOSE = 'ovirt.transfer.urls';

const OPEN_MS = 2 * 60_000;
const CALL_MS = 5000;
const FINALIZE_MS = 60 * 60_000;
const POLL_MS = 250;
const RUNNING: readonly TransferPhase[] = ['transferring', 'resuming', 'paused_system', 'paused_user'];

/** Moves image transfers from phase to phase; the row says what is meant before the image service is asked (ovirt 10.4). */
export class TransferWork {
  readonly #parts: TransferWorkParts;

  constructor(parts: TransferWorkParts) {
    this.#parts = parts;
  }

  /** From `initializing` to `transferring`, by whoever holds its work lock. Rejects when it cannot be opened; it has failed then. */
  async open(row: TransferRow, request: OpenImageTransfer, signal: AbortSignal): Promise<TransferRow> {
    const { images, secrets, store, clock } = this.#parts;
    try {
      await this.#checkBackup(row);
      const opened = await images.transfers.open(request, AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]));
      const urls = secrets.seal(URLS_PURPOSE, JSON.stringify({ transferUrl: opened.transferUrl, proxyUrl: opened.proxyUrl }));
      const now = clock.now();
      const facts = { host_id: opened.hostId, size: opened.size, urls, modified_ms: now, active_ms: now };
      await moveTransfer(store, row.id, ['initializing'], { phase: 'transferring', ...facts });
      return await this.again(row);
    } catch (error) {
      // A gateway that stops leaves the row: the next one ends it.
      if (signal.aborted) throw error;
      await this.giveUp(row, publicText(error), signal);
      throw error;
    }
  }

  /** What the image service says now, written to the row. A service that does not answer changes nothing here. */
  async refresh(row: TransferRow, signal: AbortSignal): Promise<SeenTransfer> {
    if (!RUNNING.includes(row.phase)) return { row, active: false };
    await using work = await this.#parts.locks.find(workLock(row.id), 'an image transfer is being looked at');
    if (work === undefined) return { row: await this.again(row), active: false };
    try {
      const seen = await this.see(row, signal);
      return { row: await this.again(row), active: seen?.active ?? false };
    } catch (error) {
      if (!isPassing(error)) this.#parts.log.warn({ err: error, transfer: row.id }, 'the state of an image transfer could not be read');
      return { row: await this.again(row), active: false };
    }
  }

  /**
   * What the image service says now, by whoever holds the work lock; what cannot be served any more is ended, and then there is nothing.
   * Rejects when the service does not answer.
   */
  async see(row: TransferRow, signal: AbortSignal): Promise<{ active: boolean } | undefined> {
    const state = await this.#look(row, signal);
    return state && { active: await this.#count(row, state) };
  }

  /** Ends what has never been open, by whoever holds the work lock. */
  async giveUp(row: TransferRow, text: string, signal: AbortSignal): Promise<void> {
    await this.#cancelQuietly(row, signal);
    await this.end(row, { phase: 'finished_failure', error: text, spoiled: false });
  }

  /** Ends a cancelled one, by whoever holds the work lock. */
  async cancelHeld(row: TransferRow, signal: AbortSignal): Promise<void> {
    await this.#cancel(await this.again(row), signal);
  }

  async #look(row: TransferRow, signal: AbortSignal): Promise<ImageTransferState | undefined> {
    const state = await this.#peek(row.id, AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]));
    const lost = state === undefined ? 'the host does not know it any more' : state.failure?.text;
    if (lost === undefined) return state;
    await this.#cancelQuietly(row, signal);
    await this.end(row, { phase: 'finished_failure', error: lost, spoiled: true });
    return undefined;
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

  /**
   * Writes the end. A spoiled upload makes the disk illegal, before the row says that it is over.
   */
  async end(
    row: TransferRow,
    how: { phase: 'finished_success' | 'finished_failure'; error: string | null; spoiled: boolean },
  ): Promise<void> {
    const { store, clock, locks, log } = this.#parts;
    const now = clock.now();
    const isUpload = row.direction === 'upload';
    if (isUpload && how.spoiled && row.urls !== null)
      await keepDisk(store, row.disk_id, { illegal: 1, reason: how.error ?? 'an upload has failed' }, now);
    if (isUpload && how.phase === 'finished_success') await keepDisk(store, row.disk_id, { illegal: 0, reason: null }, now);
    const moved = await moveTransfer(store, row.id, OPEN_TRANSFER_PHASES, {
      phase: how.phase,
      error: how.error,
      urls: null,
      modified_ms: now,
      ended_ms: now,
    });
    if (!moved) return;
    await locks.letGo(row.id);
    const facts = {
      audit: true,
      transfer: row.id,
      disk: row.disk_id,
      user: row.user_id,
      correlationId: row.correlation_id,
      text: how.error,
    };
    if (how.phase === 'finished_success') log.info(facts, `an image ${row.direction} has succeeded`);
    else log.warn(facts, `an image ${row.direction} has failed`);
    if (how.phase === 'finished_failure') await this.#tell(row, how.error ?? 'no reason is known');
    if (isUpload)
      await this.#parts.refreshDisk(row.disk_id).catch((error: unknown) => log.warn({ err: error }, 'a disk could not be read anew'));
  }

  async again(row: TransferRow): Promise<TransferRow> {
    return (await findTransfer(this.#parts.store, row.id)) ?? row;
  }

  /** The backup may have been finalized between the check of the request and the row of the transfer. */
  async #checkBackup(row: TransferRow): Promise<void> {
    if (row.backup_id === null) return;
    const backup = await findBackup(this.#parts.store, row.backup_id);
    if (backup?.phase !== 'ready') throw OvirtError('OVIRT_BACKUP_NOT_READY', { id: row.backup_id, phase: backup?.phase ?? 'gone' });
  }

  /** @returns whether a request is under way */
  async #count(row: TransferRow, state: ImageTransferState): Promise<boolean> {
    const { store, clock } = this.#parts;
    const seen = state.active ? clock.now() : clock.now() - state.idleS * 1000;
    const moved = state.transferred > row.transferred;
    if (moved || state.active)
      await countTransfer(store, row.id, { transferred: state.transferred, active_ms: Math.max(row.active_ms, seen) });
    return state.active;
  }

  async #close(row: TransferRow, signal: AbortSignal): Promise<void> {
    const { images, clock } = this.#parts;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(FINALIZE_MS)]);
    try {
      const state = await this.#peek(row.id, deadline);
      if (state !== undefined) await this.#count(row, state);
      await images.transfers.close(row.id, deadline);
      const wrong = await this.#parts.fitUpload(row, deadline);
      if (wrong === undefined) await this.end(row, { phase: 'finished_success', error: null, spoiled: false });
      else await this.end(row, { phase: 'finished_failure', error: wrong, spoiled: true });
    } catch (error) {
      if (await this.#isBusy(row, error)) throw error;
      const isLate = clock.now() - row.modified_ms > FINALIZE_MS;
      if (signal.aborted || (isPassing(error) && !isLate)) throw error;
      await this.#cancelQuietly(row, signal);
      await this.end(row, { phase: 'finished_failure', error: publicText(error), spoiled: true });
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

  async #peek(id: string, signal: AbortSignal): Promise<ImageTransferState | undefined> {
    try {
      return await this.#parts.images.transfers.get(id, signal);
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  async #cancel(row: TransferRow, signal: AbortSignal): Promise<void> {
    const { images, clock } = this.#parts;
    try {
      await images.transfers.cancel(row.id, AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]));
    } catch (error) {
      const isLate = clock.now() - row.modified_ms > FINALIZE_MS;
      if (signal.aborted || (isPassing(error) && !isLate)) throw error;
      if (!isUnknown(error)) this.#parts.log.warn({ err: error, transfer: row.id }, 'the host refused to cancel an image transfer');
    }
    await this.end(row, { phase: 'finished_failure', error: row.error ?? 'cancelled', spoiled: true });
  }

  async #cancelQuietly(row: TransferRow, signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.images.transfers.cancel(row.id, AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]));
    } catch (error) {
      if (!isUnknown(error))
        this.#parts.log.warn({ err: error, transfer: row.id }, 'a failed image transfer could not be cancelled on its host');
    }
  }

  async #tell(row: TransferRow, text: string): Promise<void> {
    await this.#parts.events.tell({
      severity: row.phase === 'cancelled_user' ? 'warning' : 'error',
      description: `Image transfer ${row.id} (${row.direction} of disk ${row.disk_id}) has failed: ${text}`,
      owner: { subject: row.subject, userId: row.user_id },
      vmId: row.vm_id ?? undefined,
      correlationId: row.correlation_id,
    });
  }
}
