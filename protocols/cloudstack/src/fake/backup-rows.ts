import type { Account, Row, Vm, Volume } from './model.ts';

/** As `listBackups` says it; a record that is finalized or failed leaves the list. */
export type BackupStatus = 'Queued' | 'ReadyForImageTransfer' | 'FinalizingImageTransfer' | 'BackedUp';

/** A backup session of the export API. */
export interface Backup extends Row {
  readonly name: string;
  readonly description: string | undefined;
  readonly vm: Vm;
  readonly owner: Account;
  readonly created: number;
  /** The instance was running when it began: its disks are then exported by the instance itself. */
  readonly live: boolean;
  /** The active checkpoint of that time; undefined: nothing to be incremental to. */
  readonly from: string | undefined;
  readonly to: string;
  status: BackupStatus;
  /** No list shows it any more; its id is still known. */
  removed: boolean;
  /** From then on other work on the instance waits. */
  readyAt: number | undefined;
  endedAt: number | undefined;
}

export type TransferDirection = 'upload' | 'download';

/** An image transfer that the server has opened. */
export interface ImageTransfer extends Row {
  readonly volume: Volume;
  readonly backup: Backup | undefined;
  readonly direction: TransferDirection;
  readonly url: string;
  readonly created: number;
  finished: boolean;
}

/** What is asked of whoever serves the data of a transfer. */
export interface TransferWish {
  readonly id: string;
  readonly direction: TransferDirection;
  /** As the caller wrote it; the server takes any word. */
  readonly format: string;
  readonly volumeId: string;
  /** The qcow2 file. */
  readonly file: string;
}

export interface Checkpoint {
  /** `ckp-` and eight hex digits. */
  readonly id: string;
  readonly created: number;
}
