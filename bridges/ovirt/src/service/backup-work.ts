import type { Audit } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import type { ImageBackup, StartImageBackup } from '@fairlead/kernel/services';
import { type BackupDisk, readBackupDisks } from '../map/backup.ts';
import { findBackup, moveBackup, OPEN_BACKUP_PHASES } from '../store/backups.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { BackupRow } from '../store/write-tables.ts';
import { auditOfRow } from './audit-of.ts';
import type { Events } from './events.ts';
import { isPassing, isUnknown, publicText } from './failure.ts';
import type { ImageServices } from './image-places.ts';
import { type Locks, workLock } from './locks.ts';

export interface BackupWorkParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  readonly locks: Locks;
  readonly events: Events;
  readonly images: ImageServices;
  /** Ends the open transfers of a backup. */
  readonly endTransfers: (backupId: string, signal: AbortSignal) => Promise<void>;
}

/** From the request to `ready` (ovirt 10.2). */
const START_MS = 15 * 60_000;
/** From the finalize to its end (ovirt 10.2). */
const FINALIZE_MS = 60 * 60_000;
/** One call to the image service. */
const CALL_MS = 60_000;
const POLL_MS = 1000;

/**
 * Moves backups from phase to phase. Every step stands in the row before the image service is asked, so whoever finds the row later,
 * this gateway or another, knows how to go on (ovirt 10.4).
 */
export class BackupWork {
  readonly #parts: BackupWorkParts;

  constructor(parts: BackupWorkParts) {
    this.#parts = parts;
  }

  /** From `initializing` on, by whoever holds its work lock: asks the image service to begin, and sees it through to `ready` or `failed`. */
  async begin(row: BackupRow, request: StartImageBackup, signal: AbortSignal): Promise<void> {
    const { images, clock } = this.#parts;
    try {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(START_MS)]);
      let state = await images.backups.start(request, deadline);
      await this.#apply(row, state);
      while (state.phase === 'starting') {
        await clock.sleep(POLL_MS, deadline);
        state = await this.#look(row.id, deadline);
        await this.#apply(row, state);
      }
    } catch (error) {
      // A gateway that stops leaves the row: the next one asks the image service what became of it.
      if (signal.aborted) throw error;
      await this.fail(row, publicText(error), signal);
    }
  }

  /**
   * What the image service says now, written to the row. A service that does not answer changes nothing.
   * @returns the row as it is afterwards
   */
  async refresh(row: BackupRow, signal: AbortSignal): Promise<BackupRow> {
    if (row.ended_ms !== null) return row;
    await using work = await this.#parts.locks.find(workLock(row.id), 'a backup is being looked at');
    // Whoever works on it writes the row.
    if (work === undefined) return await this.#again(row);
    try {
      await this.#compare(await this.#again(row), signal);
    } catch (error) {
      if (!isPassing(error)) this.#parts.log.warn({ err: error, backup: row.id }, 'the state of a backup could not be read');
    }
    return await this.#again(row);
  }

  /**
   * From `finalizing` to the end; waits for whoever is at it already.
   * Rejects when the image service does not answer: the row stays `finalizing`, and the watchdog comes back to it.
   */
  async finish(row: BackupRow, signal: AbortSignal): Promise<BackupRow> {
    for (;;) {
      const now = await this.#again(row);
      if (now.ended_ms !== null || now.phase !== 'finalizing') return now;
      await using work = await this.#parts.locks.find(workLock(row.id), 'a backup is being finalized');
      if (work !== undefined) {
        await this.#finalize(now, signal);
        return await this.#again(row);
      }
      await this.#parts.clock.sleep(POLL_MS / 4, signal);
    }
  }

  /** Ends it without success: nothing of it is kept, and the VM is free again. */
  async fail(row: BackupRow, text: string, signal: AbortSignal): Promise<void> {
    const { store, clock, locks, events, audit } = this.#parts;
    await this.#drop(row, signal);
    const now = clock.now();
    const moved = await moveBackup(store, row.id, OPEN_BACKUP_PHASES, { phase: 'failed', error: text, modified_ms: now, ended_ms: now });
    if (!moved) return;
    await locks.letGo(row.id);
    await audit.record({ ...auditOfRow(row), action: 'backup.end', object: row.id, outcome: 'failed', detail: { vm: row.vm_id, text } });
    await events.tell({
      severity: 'error',
      description: `Backup ${row.id} of VM ${row.vm_name} has failed: ${text}`,
      owner: { subject: row.subject, userId: row.user_id },
      vmId: row.vm_id,
      correlationId: row.correlation_id,
    });
  }

  /** By nobody's wish: the client is silent for longer than the lease. */
  async abandon(row: BackupRow, signal: AbortSignal): Promise<void> {
    await using work = await this.#parts.locks.find(workLock(row.id), 'an abandoned backup is being ended');
    if (work === undefined) return;
    await this.fail(row, 'the client has been silent for longer than the lease of a backup', signal);
  }

  async #compare(row: BackupRow, signal: AbortSignal): Promise<void> {
    if (row.phase === 'finalizing' || row.ended_ms !== null) return;
    const state = await this.#peek(row.id, AbortSignal.any([signal, AbortSignal.timeout(CALL_MS / 10)]));
    if (state !== undefined) await this.#apply(row, state);
    else if (row.phase === 'initializing') await this.fail(row, 'the gateway was stopped before the backup had begun', signal);
    else await this.fail(row, 'the backup session has disappeared from the host', signal);
  }

  /** Only what was seen `ready` can succeed, and only by a finalize of ours. */
  async #apply(row: BackupRow, state: ImageBackup): Promise<void> {
    const { store, clock } = this.#parts;
    const facts = { host_id: state.hostId, to_checkpoint_id: state.toCheckpointId ?? null, modified_ms: clock.now() };
    switch (state.phase) {
      case 'starting':
        await moveBackup(store, row.id, ['initializing'], { phase: 'starting', ...facts });
        return;
      case 'ready':
        await moveBackup(store, row.id, ['initializing', 'starting'], {
          phase: 'ready',
          ...facts,
          disks: JSON.stringify(seenDisks(row, state)),
        });
        return;
      case 'finalizing':
        return;
      case 'succeeded':
        await this.fail(row, 'the backup was ended by somebody else', AbortSignal.timeout(CALL_MS));
        return;
      case 'failed':
        await this.fail(row, state.failure?.text ?? 'the host gave no reason', AbortSignal.timeout(CALL_MS));
    }
  }

  async #finalize(row: BackupRow, signal: AbortSignal): Promise<void> {
    const { images, endTransfers, clock } = this.#parts;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(FINALIZE_MS)]);
    try {
      await endTransfers(row.id, deadline);
      let state = await images.backups.finalize(row.id, 'keep', deadline);
      while (state.phase === 'finalizing') {
        await clock.sleep(POLL_MS, deadline);
        state = await this.#look(row.id, deadline);
      }
      if (state.phase === 'succeeded') await this.#succeed(row, state);
      else await this.fail(row, state.failure?.text ?? `the host says ${state.phase}`, signal);
    } catch (error) {
      const isLate = clock.now() - row.modified_ms > FINALIZE_MS;
      if (signal.aborted || (isPassing(error) && !isLate)) throw error;
      await this.fail(row, publicText(error), signal);
    }
  }

  async #succeed(row: BackupRow, state: ImageBackup): Promise<void> {
    const { store, clock, locks, audit } = this.#parts;
    const now = clock.now();
    const facts = { to_checkpoint_id: state.toCheckpointId ?? row.to_checkpoint_id, modified_ms: now, ended_ms: now };
    if (!(await moveBackup(store, row.id, ['finalizing'], { phase: 'succeeded', ...facts }))) return;
    await locks.letGo(row.id);
    await audit.record({ ...auditOfRow(row), action: 'backup.end', object: row.id, outcome: 'ok', detail: { vm: row.vm_id } });
  }

  /** The image service forgets it if it can; a host that is away cleans up when it is back. */
  async #drop(row: BackupRow, signal: AbortSignal): Promise<void> {
    const { images, endTransfers, log } = this.#parts;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]);
    const tell = (error: unknown) => log.warn({ err: error, backup: row.id }, 'a failed backup could not be cleaned up on its host yet');
    try {
      // A host that is away does not end the transfers now, but it is told to end the backup, and does so when it is back.
      await endTransfers(row.id, deadline).catch((error: unknown) => (isPassing(error) ? tell(error) : Promise.reject(error)));
      await images.backups.finalize(row.id, 'drop', deadline);
    } catch (error) {
      if (!isUnknown(error)) tell(error);
    }
  }

  async #peek(id: string, signal: AbortSignal): Promise<ImageBackup | undefined> {
    try {
      return await this.#parts.images.backups.get(id, signal);
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  async #look(id: string, signal: AbortSignal): Promise<ImageBackup> {
    const state = await this.#peek(id, signal);
    if (state === undefined) throw new Error('the backup session has disappeared from the host');
    return state;
  }

  async #again(row: BackupRow): Promise<BackupRow> {
    return (await findBackup(this.#parts.store, row.id)) ?? row;
  }
}

/** Sizes and modes as the host has found them; never another set of disks than the one that was asked for. */
function seenDisks(row: BackupRow, state: ImageBackup): readonly BackupDisk[] {
  const seen = new Map(state.volumes.map((volume) => [volume.volumeId, volume]));
  return readBackupDisks(row).map((disk) => {
    const volume = seen.get(disk.id);
    return volume === undefined ? disk : { id: disk.id, size: volume.size, mode: volume.mode };
  });
}
