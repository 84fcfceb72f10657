import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import { openBackups, touchBackup } from '../store/backups.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { purgeRestores } from '../store/restores.ts';
import { moveTransfer, openTransfers } from '../store/transfers.ts';
import type { BackupRow, TransferRow } from '../store/write-tables.ts';
import type { BackupWork } from './backup-work.ts';
import type { Backups } from './backups.ts';
import type { Creations } from './creations.ts';
import type { Events } from './events.ts';
import { isPassing } from './failure.ts';
import type { ImageServices } from './image-places.ts';
import type { JobFollower } from './job-follower.ts';
import type { Jobs } from './jobs.ts';
import { type Locks, workLock } from './locks.ts';
import type { TransferEnd } from './transfer-end.ts';
import { STOPPED_BEFORE_OPEN, type TransferWork } from './transfer-work.ts';
import type { Transfers } from './transfers.ts';

interface WatchdogParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly locks: Locks;
  readonly images: ImageServices;
  readonly backups: Backups;
  readonly backupWork: BackupWork;
  readonly transfers: Transfers;
  readonly transferWork: TransferWork;
  readonly transferEnd: TransferEnd;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly follower: JobFollower;
  readonly creations: Creations;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A backup whose client says nothing for this long is given up; a paused transfer as well (ovirt 10.4). */
const LEASE_OF_CLIENT_MS = 6 * HOUR;
/** From the request to `ready` (ovirt 10.2). */
const START_MS = 15 * MINUTE;
/** A host that does not answer is nothing special while data was moving until a moment ago. */
const SILENT_HOST_MS = MINUTE;

const KEEP = {
  backups: DAY,
  transfersSucceeded: 15 * MINUTE,
  transfersFailed: 30 * MINUTE,
  jobs: DAY,
  events: 30 * DAY,
  restores: 7 * DAY,
};
const AT_A_TIME = 8;

/** Looks after what clients and killed gateways have left behind (ovirt 10.4). */
export class Watchdog {
  readonly #parts: WatchdogParts;

  constructor(parts: WatchdogParts) {
    this.#parts = parts;
  }

  /** One round. At start it is the recovery. Nothing that fails for one object keeps it from the others. */
  async round(signal: AbortSignal, atStart = false): Promise<void> {
    const { store, locks, follower, creations, log } = this.#parts;
    await locks.sweep();
    await this.#each(await openTransfers(store), (row) => this.#watchTransfer(row, { signal, atStart }), signal);
    await this.#each(await openBackups(store), (row) => this.#watchBackup(row, signal), signal);
    // These ask CloudStack, which may be away.
    const tell = (error: unknown) => {
      if (!signal.aborted && !isPassing(error)) log.warn({ err: error }, 'the watchdog could not look after what CloudStack makes');
    };
    await follower.adopt().catch(tell);
    await creations.sweep(signal).catch(tell);
    await this.#purge();
  }

  async #each<T extends { readonly id: string }>(rows: readonly T[], look: (row: T) => Promise<void>, signal: AbortSignal): Promise<void> {
    for (let at = 0; at < rows.length; at += AT_A_TIME) {
      signal.throwIfAborted();
      await Promise.all(rows.slice(at, at + AT_A_TIME).map((row) => this.#safely(row, look)));
    }
  }

  async #safely<T extends { readonly id: string }>(row: T, look: (row: T) => Promise<void>): Promise<void> {
    try {
      await look(row);
    } catch (error) {
      if (!isPassing(error)) this.#parts.log.warn({ err: error, id: row.id }, 'the watchdog could not look after a backup or transfer');
    }
  }

  async #watchBackup(row: BackupRow, signal: AbortSignal): Promise<void> {
    const { backupWork, clock } = this.#parts;
    if (row.phase === 'finalizing') {
      await backupWork.finish(row, signal);
      return;
    }
    const now = await backupWork.refresh(row, signal);
    if (now.ended_ms !== null || now.phase === 'finalizing') return;
    const isLate = now.phase !== 'ready' && clock.now() - now.created_ms > START_MS;
    if (isLate || clock.now() - now.active_ms > LEASE_OF_CLIENT_MS) await backupWork.abandon(now, signal);
  }

  async #watchTransfer(row: TransferRow, how: { signal: AbortSignal; atStart: boolean }): Promise<void> {
    const { transferWork, transferEnd, locks } = this.#parts;
    if (row.phase === 'finalizing_success' || row.phase === 'cancelled_user' || row.phase === 'cancelled_system') {
      await transferEnd.finish(row, how.signal);
      return;
    }
    await using work = await locks.find(workLock(row.id), 'an image transfer is being looked at');
    if (work === undefined) return;
    const now = await transferEnd.again(row);
    if (now.phase === 'initializing') await transferWork.giveUp(now, STOPPED_BEFORE_OPEN, how.signal);
    else if (now.ended_ms === null) await this.#watchOpen(now, how);
  }

  async #watchOpen(row: TransferRow, how: { signal: AbortSignal; atStart: boolean }): Promise<void> {
    const { store, clock, transferWork, transferEnd, images } = this.#parts;
    try {
      const seen = await transferWork.see(row, how.signal);
      if (seen === undefined) return;
      const isBack = row.paused_for === 'host' || (row.paused_for === 'idle' && seen.active);
      if (isBack)
        await moveTransfer(store, row.id, ['paused_system'], { phase: 'transferring', paused_for: null, modified_ms: clock.now() });
      const now = await transferEnd.again(row);
      if (now.backup_id !== null) await this.#carryOver(now, now.backup_id);
      if (!seen.active && this.#isIdle(now)) await this.#endIdle(now, how.signal);
      else if (now.phase === 'transferring')
        await images.transfers.extend(now.id, AbortSignal.any([how.signal, AbortSignal.timeout(5000)]));
    } catch (error) {
      const isSilent = how.atStart || clock.now() - row.active_ms > SILENT_HOST_MS;
      if (isPassing(error) && isSilent) {
        await moveTransfer(store, row.id, ['transferring', 'resuming'], {
          phase: 'paused_system',
          paused_for: 'host',
          modified_ms: clock.now(),
        });
      }
      throw error;
    }
  }

  /** Moving data is a sign of life for the backup that it is read from. */
  async #carryOver(row: TransferRow, backupId: string): Promise<void> {
    if (this.#parts.clock.now() - row.active_ms < MINUTE) await touchBackup(this.#parts.store, backupId, row.active_ms);
  }

  #isIdle(row: TransferRow): boolean {
    const idle = this.#parts.clock.now() - row.active_ms;
    if (row.phase === 'paused_system' || row.phase === 'paused_user') return idle > LEASE_OF_CLIENT_MS;
    return row.inactivity_s > 0 && idle > row.inactivity_s * 1000;
  }

  /** By its policy; `legacy` cancels uploads and pauses downloads (ovirt 10.4). */
  async #endIdle(row: TransferRow, signal: AbortSignal): Promise<void> {
    const { store, clock, transferEnd } = this.#parts;
    const isCancelled = row.timeout_policy === 'cancel' || (row.timeout_policy === 'legacy' && row.direction === 'upload');
    const isOver = row.phase === 'paused_system' || row.phase === 'paused_user';
    if (!isCancelled && !isOver) {
      await moveTransfer(store, row.id, ['transferring', 'resuming'], {
        phase: 'paused_system',
        paused_for: 'idle',
        modified_ms: clock.now(),
      });
      return;
    }
    const change = { phase: 'cancelled_system', error: 'the client was silent for too long', modified_ms: clock.now() } as const;
    if (await moveTransfer(store, row.id, [row.phase], change)) await transferEnd.cancelHeld(row, signal);
  }

  async #purge(): Promise<void> {
    const { store, clock, backups, transfers, jobs, events } = this.#parts;
    const now = clock.now();
    await backups.purge(now - KEEP.backups);
    await transfers.purge(now - KEEP.transfersSucceeded, now - KEEP.transfersFailed);
    await jobs.purge(now - KEEP.jobs);
    await events.purge(now - KEEP.events);
    await purgeRestores(store, now - KEEP.restores);
  }
}
