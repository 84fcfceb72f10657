import { GatewayError } from '@fairlead/kernel/errors';
import type { Secrets } from '@fairlead/kernel/secrets';
import type { OpenImageTransfer } from '@fairlead/kernel/services';
import { OvirtError } from '../errors.ts';
import { findBackup } from '../store/backups.ts';
import { PURPOSES } from '../store/sealed.ts';
import { moveTransfer } from '../store/transfers.ts';
import type { TransferPhase, TransferRow } from '../store/write-tables.ts';
import { isPassing, publicText } from './failure.ts';
import { workLock } from './locks.ts';
import { hasTouched, type TransferEnd, type TransferEndParts } from './transfer-end.ts';

export interface TransferWorkParts extends TransferEndParts {
  readonly secrets: Secrets;
}

/** A transfer with what only the image service knows. */
export interface SeenTransfer {
  readonly row: TransferRow;
  readonly active: boolean;
}

/** Purpose of the key that the URLs are sealed with. */
export const URLS_PURPOSE = PURPOSES.transferUrls;

const OPEN_MS = 2 * 60_000;
const CALL_MS = 5000;
/** Why a transfer that nobody has seen open has failed. */
export const STOPPED_BEFORE_OPEN = 'the gateway was stopped before the transfer was open';
const RUNNING: readonly TransferPhase[] = ['transferring', 'resuming', 'paused_system', 'paused_user'];

/** Opens image transfers and keeps their rows true while they are open. */
export class TransferWork {
  readonly #parts: TransferWorkParts;
  readonly #end: TransferEnd;

  constructor(parts: TransferWorkParts, end: TransferEnd) {
    this.#parts = parts;
    this.#end = end;
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
      return await this.#end.again(row);
    } catch (error) {
      // A gateway that stops leaves the row: the next one ends it.
      if (signal.aborted) throw error;
      await this.#end.fail(row, publicText(error), { spoiled: mayHaveBegun(error) && hasTouched(row), signal });
      throw error;
    }
  }

  /** What the image service says now, written to the row. A service that does not answer changes nothing here. */
  async refresh(row: TransferRow, signal: AbortSignal): Promise<SeenTransfer> {
    if (!RUNNING.includes(row.phase)) return { row, active: false };
    await using work = await this.#parts.locks.find(workLock(row.id), 'an image transfer is being looked at');
    if (work === undefined) return { row: await this.#end.again(row), active: false };
    try {
      const seen = await this.see(row, signal);
      return { row: await this.#end.again(row), active: seen?.active ?? false };
    } catch (error) {
      if (!isPassing(error)) this.#parts.log.warn({ err: error, transfer: row.id }, 'the state of an image transfer could not be read');
      return { row: await this.#end.again(row), active: false };
    }
  }

  /**
   * What the image service says now, by whoever holds the work lock; what cannot be served any more is ended, and then there is nothing.
   * Rejects when the service does not answer.
   */
  async see(row: TransferRow, signal: AbortSignal): Promise<{ active: boolean } | undefined> {
    const state = await this.#end.peek(row.id, AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]));
    const lost = state === undefined ? 'the host does not know it any more' : state.failure?.text;
    if (state !== undefined && lost === undefined) return { active: await this.#end.count(row, state) };
    await this.#end.fail(row, lost ?? 'no reason is known', { spoiled: true, signal });
    return undefined;
  }

  /** As `refresh`, and what a killed gateway was just opening is given up. */
  async lookAfter(row: TransferRow, signal: AbortSignal): Promise<TransferRow> {
    const now = await this.#end.again(row);
    if (now.phase !== 'initializing') return (await this.refresh(now, signal)).row;
    await using work = await this.#parts.locks.find(workLock(row.id), 'an image transfer is being looked at');
    if (work !== undefined) await this.giveUp(now, STOPPED_BEFORE_OPEN, signal);
    return await this.#end.again(row);
  }

  /** Ends what was never seen open, by whoever holds the work lock. */
  async giveUp(row: TransferRow, text: string, signal: AbortSignal): Promise<void> {
    await this.#end.fail(row, text, { spoiled: hasTouched(row), signal });
  }

  /** The backup may have been finalized between the check of the request and the row of the transfer. */
  async #checkBackup(row: TransferRow): Promise<void> {
    if (row.backup_id === null) return;
    const backup = await findBackup(this.#parts.store, row.backup_id);
    if (backup?.phase !== 'ready') throw OvirtError('OVIRT_BACKUP_NOT_READY', { id: row.backup_id, phase: backup?.phase ?? 'gone' });
  }
}

/** The host was asked and its answer is not known; before that, nobody could have been asked. */
function mayHaveBegun(error: unknown): boolean {
  const isNobody = error instanceof GatewayError && error.code === 'IMAGE_NO_AGENT';
  return isPassing(error) && !isNobody;
}
