import type { Backup, Checkpoint, ImageTransfer, TransferWish } from './backup-rows.ts';
import type { FakeClock } from './fake-clock.ts';
import type { Vm, Volume } from './model.ts';

/** Where the data of a transfer is: a base to which its id is appended, or a function that opens it and says where. */
export type TransferUrl = string | ((wish: TransferWish) => string | Promise<string>);

/** The server asks every 15 s whether a backup is over, and keeps other work on its instance waiting meanwhile. */
const POLL_MS = 15_000;

/** Backups, transfers and checkpoints of the export API. */
export class BackupBook {
  readonly backups: Backup[] = [];
  readonly transfers: ImageTransfer[] = [];
  transferUrl: TransferUrl = 'http://127.0.0.1:54322/images';
  /** How often the wait for the end of a backup looks, in ms of the fake's clock. */
  pollMs = POLL_MS;
  readonly #checkpoints = new Map<Vm, readonly Checkpoint[]>();
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** The active one first, then the one before it; never more. */
  checkpointsOf(vm: Vm): readonly Checkpoint[] {
    return this.#checkpoints.get(vm) ?? [];
  }

  /** A new active checkpoint: the former one is the last from now on, the last one is gone. */
  rotate(vm: Vm, checkpoint: Checkpoint): void {
    this.#checkpoints.set(vm, [checkpoint, ...this.checkpointsOf(vm)].slice(0, 2));
  }

  /** The older one becomes active. */
  dropActive(vm: Vm): void {
    this.#checkpoints.set(vm, this.checkpointsOf(vm).slice(1));
  }

  openTransferOf(volume: Volume): ImageTransfer | undefined {
    return this.transfers.find((transfer) => transfer.volume === volume && !transfer.finished);
  }

  openTransfersOf(backup: Backup): ImageTransfer[] {
    return this.transfers.filter((transfer) => transfer.backup === backup && !transfer.finished);
  }

  /** It leaves the lists. */
  end(backup: Backup): void {
    backup.removed = true;
    backup.endedAt = this.#clock.now();
  }

  /** From when on other work on the instance can begin, in ms of the clock; Infinity while a backup is open. */
  freeAt(vm: Vm): number {
    const times = this.backups.filter((backup) => backup.vm === vm).map((backup) => this.#releasedAt(backup));
    return Math.max(0, ...times);
  }

  /** The first look after the end. */
  #releasedAt({ readyAt, endedAt }: Backup): number {
    if (readyAt === undefined) return 0;
    if (endedAt === undefined) return Number.POSITIVE_INFINITY;
    if (this.pollMs <= 0) return endedAt;
    return readyAt + Math.ceil((endedAt - readyAt) / this.pollMs) * this.pollMs;
  }
}
