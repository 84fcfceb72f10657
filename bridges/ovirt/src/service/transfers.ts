import { newUuid } from '@fairlead/kernel/ids';
import type { ImageTransfer } from '@fairlead/ovirt';
import { OvirtError } from '../errors.ts';
import { readTransferWish, type TransferUrls, type TransferWish } from '../map/image-transfer.ts';
import { touchBackup } from '../store/backups.ts';
import { countTransfer, findTransfer, insertTransfer, listTransfers, moveTransfer, purgeTransfers } from '../store/transfers.ts';
import type { TransferPhase, TransferRow } from '../store/write-tables.ts';
import { auditOf } from './audit-of.ts';
import { type Background, waitFor } from './background.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import { isPassing } from './failure.ts';
import type { Inventory } from './inventory.ts';
import { diskLock, workLock } from './locks.ts';
import type { TransferEnd } from './transfer-end.ts';
import type { Source, TransferSource } from './transfer-source.ts';
import { type SeenTransfer, type TransferWork, type TransferWorkParts, URLS_PURPOSE } from './transfer-work.ts';

export type { TransferRow };

interface TransferParts extends TransferWorkParts {
  readonly inventory: Inventory;
  readonly background: Background;
  readonly work: TransferWork;
  readonly end: TransferEnd;
  readonly source: TransferSource;
}

/** A request answers after this time, done or not (ovirt 10.2). */
const OPEN_WAIT_MS = 20_000;
const END_WAIT_MS = 30_000;
/** A host that was away is asked again after this time. */
const AGAIN_MS = 1000;
const PAUSED: readonly TransferPhase[] = ['paused_system', 'paused_user'];

/** Image transfers (ovirt 5.15). An open one locks its disk for every gateway. */
export class Transfers {
  readonly #parts: TransferParts;

  constructor(parts: TransferParts) {
    this.#parts = parts;
  }

  /**
   * Opens a transfer; `transferring` when the host was quick, else `initializing`.
   * Throws `OVIRT_INCOMPLETE`, `OVIRT_NOT_FOUND`, `OVIRT_LOCKED`, `OVIRT_DISK_IN_USE`, `OVIRT_DISK_ILLEGAL`, `OVIRT_BACKUP_NOT_READY`,
   * `OVIRT_STORAGE_UNSUPPORTED`, and the refusals of the image service.
   */
  async create(caller: Caller, body: ImageTransfer, facts: RequestFacts): Promise<TransferRow> {
    const { clock, work, end, audit } = this.#parts;
    const wish = readTransferWish(body);
    await using source = await this.#parts.source.hold(caller, wish, facts);
    const row = this.#newRow(caller, wish, { source, facts });
    const request = await this.#parts.source.request(row, source.volume, facts.signal);
    const { opening } = await this.#insert(row, (signal) => work.open(row, request, signal));
    const detail = { disk: row.disk_id, direction: row.direction, backup: row.backup_id };
    await audit.record({ ...auditOf(caller, facts), action: 'transfer.open', object: row.id, outcome: 'ok', detail });
    const outcome = await waitFor(opening, { clock, ms: OPEN_WAIT_MS, signal: facts.signal });
    return outcome.ended ? outcome.value : await end.again(row);
  }

  /** Throws `OVIRT_NOT_FOUND`. */
  async get(caller: Caller, id: string, signal: AbortSignal): Promise<SeenTransfer> {
    return await this.#parts.work.refresh(await this.#find(caller, id), signal);
  }

  /** As the rows know them: a list asks no host. */
  async list(caller: Caller): Promise<readonly TransferRow[]> {
    const rows = await listTransfers(this.#parts.store);
    if (caller.isRootAdmin || rows.every((row) => row.subject === caller.subject)) return rows;
    const seen = new Set((await this.#parts.inventory.volumes(caller)).map((volume) => volume.id));
    return rows.filter((row) => row.subject === caller.subject || seen.has(row.disk_id));
  }

  /** The URLs of a transfer that is open. */
  urls(row: TransferRow): TransferUrls | undefined {
    if (row.urls === null) return undefined;
    return JSON.parse(this.#parts.secrets.open(URLS_PURPOSE, row.urls)) as TransferUrls;
  }

  /** Ends it well. Throws `OVIRT_NOT_FOUND`, `OVIRT_TRANSFER_PHASE`, `OVIRT_TRANSFER_FAILED`. */
  async finalize(caller: Caller, id: string, facts: RequestFacts): Promise<TransferRow> {
    const row = await this.#find(caller, id);
    await this.#move(row, ['transferring', 'resuming', ...PAUSED], { phase: 'finalizing_success' });
    const now = await this.#parts.end.again(row);
    if (now.phase === 'finished_success') return now;
    if (now.phase === 'finished_failure') throw OvirtError('OVIRT_TRANSFER_FAILED', { text: now.error ?? 'no reason is known' });
    if (now.phase !== 'finalizing_success') throw OvirtError('OVIRT_TRANSFER_PHASE', { action: 'finalize', phase: now.phase });
    const ended = await this.#finish(now, facts);
    if (ended.phase === 'finished_failure') throw OvirtError('OVIRT_TRANSFER_FAILED', { text: ended.error ?? 'no reason is known' });
    return ended;
  }

  /** Ends it at once; one that has ended stays as it is. Throws `OVIRT_NOT_FOUND`, `OVIRT_TRANSFER_PHASE`. */
  async cancel(caller: Caller, id: string, facts: RequestFacts): Promise<TransferRow> {
    const row = await this.#find(caller, id);
    await this.#move(row, ['initializing', 'transferring', 'resuming', ...PAUSED], {
      phase: 'cancelled_user',
      error: `cancelled by ${caller.userId}`,
    });
    const now = await this.#parts.end.again(row);
    if (now.ended_ms !== null) return now;
    if (now.phase === 'finalizing_success') throw OvirtError('OVIRT_TRANSFER_PHASE', { action: 'cancel', phase: now.phase });
    return await this.#finish(now, facts);
  }

  /** Says that the client is still there. Throws `OVIRT_NOT_FOUND`, `OVIRT_TRANSFER_PHASE`. */
  async extend(caller: Caller, id: string, signal: AbortSignal): Promise<TransferRow> {
    const { store, clock, images, end } = this.#parts;
    const row = await this.#find(caller, id);
    if (!['transferring', 'resuming', ...PAUSED].includes(row.phase))
      throw OvirtError('OVIRT_TRANSFER_PHASE', { action: 'extend', phase: row.phase });
    await images.transfers.extend(id, signal);
    await countTransfer(store, id, { transferred: row.transferred, active_ms: clock.now() });
    return await end.again(row);
  }

  /** The client makes a break: idleness does not count. Throws `OVIRT_NOT_FOUND`, `OVIRT_TRANSFER_PHASE`. */
  async pause(caller: Caller, id: string): Promise<TransferRow> {
    const row = await this.#find(caller, id);
    await this.#move(row, ['transferring', 'resuming', 'paused_system'], { phase: 'paused_user', paused_for: null });
    const now = await this.#parts.end.again(row);
    if (now.phase !== 'paused_user') throw OvirtError('OVIRT_TRANSFER_PHASE', { action: 'pause', phase: now.phase });
    return now;
  }

  /** Goes on after a break. Throws `OVIRT_NOT_FOUND`, `OVIRT_TRANSFER_PHASE`; a host that does not answer leaves it `resuming`. */
  async resume(caller: Caller, id: string, signal: AbortSignal): Promise<TransferRow> {
    const { clock, images, end } = this.#parts;
    const row = await this.#find(caller, id);
    await this.#move(row, PAUSED, { phase: 'resuming', paused_for: null, active_ms: clock.now() });
    const now = await end.again(row);
    if (now.phase === 'transferring') return now;
    if (now.phase !== 'resuming') throw OvirtError('OVIRT_TRANSFER_PHASE', { action: 'resume', phase: now.phase });
    await images.transfers.extend(id, signal);
    await this.#move(now, ['resuming'], { phase: 'transferring', active_ms: clock.now() });
    return await end.again(row);
  }

  async purge(succeededBeforeMs: number, failedBeforeMs: number): Promise<void> {
    await purgeTransfers(this.#parts.store, succeededBeforeMs, failedBeforeMs);
  }

  async #find(caller: Caller, id: string): Promise<TransferRow> {
    const row = await findTransfer(this.#parts.store, id);
    if (row === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
    if (caller.isRootAdmin || row.subject === caller.subject) return row;
    const seen = await this.#parts.inventory.volumes(caller);
    if (!seen.some((volume) => volume.id === row.disk_id)) throw OvirtError('OVIRT_NOT_FOUND', { id });
    return row;
  }

  /** The locks, then the row, then the disk's lock for good, then the work: killed anywhere between, nothing stays locked. */
  async #insert(row: TransferRow, open: (signal: AbortSignal) => Promise<TransferRow>): Promise<{ opening: Promise<TransferRow> }> {
    const { store, locks, background, clock } = this.#parts;
    const held = await locks.take(workLock(row.id), 'an image transfer is being opened');
    try {
      await this.#hold(row);
      await insertTransfer(store, row);
      await locks.keep(diskLock(row.disk_id), row.id);
    } catch (error) {
      await locks.letGo(row.id);
      await held[Symbol.asyncDispose]();
      throw error;
    }
    if (row.backup_id !== null) await touchBackup(store, row.backup_id, clock.now());
    const opening = background.begin('image transfer', async (signal) => {
      await using _held = held;
      return await open(signal);
    });
    return { opening };
  }

  /** What a killed gateway has left of an earlier transfer may be over by now: whoever comes next finds out. */
  async #hold(row: TransferRow): Promise<void> {
    const { locks } = this.#parts;
    const hold = () => locks.hold(diskLock(row.disk_id), row.id, `image transfer ${row.id} is open`);
    try {
      await hold();
    } catch (error) {
      if (!OvirtError.is(error, 'OVIRT_LOCKED') || !(await this.#isOver(row.disk_id))) throw error;
      await hold();
    }
  }

  async #isOver(diskId: string): Promise<boolean> {
    const { locks, store, work, background } = this.#parts;
    const keeper = await locks.keeperOf(diskLock(diskId));
    const earlier = keeper === undefined ? undefined : await findTransfer(store, keeper);
    if (earlier === undefined || (await work.lookAfter(earlier, background.signal)).ended_ms === null) return false;
    await locks.letGo(earlier.id);
    return true;
  }

  async #move(row: TransferRow, from: readonly TransferPhase[], change: Partial<TransferRow> & { phase: TransferPhase }): Promise<void> {
    await moveTransfer(this.#parts.store, row.id, from, { ...change, modified_ms: this.#parts.clock.now() });
  }

  async #finish(row: TransferRow, facts: RequestFacts): Promise<TransferRow> {
    const { background, clock, end } = this.#parts;
    const how = { clock, pauseMs: AGAIN_MS, isPassing };
    const finishing = background.persist('end image transfer', (signal) => end.finish(row, signal), how);
    const outcome = await waitFor(finishing, { clock, ms: END_WAIT_MS, signal: facts.signal });
    return outcome.ended ? outcome.value : await end.again(row);
  }

  #newRow(caller: Caller, wish: TransferWish, { source, facts }: { source: Source; facts: RequestFacts }): TransferRow {
    const now = this.#parts.clock.now();
    return {
      id: newUuid(),
      disk_id: source.volume.id,
      vm_id: source.volume.virtualmachineid ?? null,
      backup_id: source.backup?.id ?? null,
      subject: caller.subject,
      user_id: caller.userId,
      direction: wish.direction,
      format: wish.format,
      shallow: wish.shallow ? 1 : 0,
      inactivity_s: wish.inactivityS,
      timeout_policy: wish.policy,
      phase: 'initializing',
      paused_for: null,
      host_id: null,
      urls: null,
      size: source.volume.size ?? 0,
      transferred: 0,
      error: null,
      correlation_id: facts.correlationId,
      created_ms: now,
      modified_ms: now,
      active_ms: now,
      ended_ms: null,
    };
  }
}
