import type { ImageBackups } from './image-backups.ts';
import type { ImageTransfers } from './image-transfers.ts';
import type { InventorySource } from './inventory.ts';

export type { BackupPhase, ImageBackup, ImageBackups, ImageCheckpoint, StartImageBackup, VolumeBackup } from './image-backups.ts';
export type { HostRef, ImageFile } from './image-files.ts';
export type { ImageTransferState, ImageTransfers, OpenedImageTransfer, OpenImageTransfer } from './image-transfers.ts';
export type { InventoryConditions, InventoryFact, InventoryItem, InventoryList, InventorySource, ItemOwner } from './inventory.ts';

/** Every service by which one bridge helps another, in words of no protocol. */
export interface Services {
  'image.backups': ImageBackups;
  'image.transfers': ImageTransfers;
  /** Virtual machines, hosts and storage pools of CloudStack. */
  'inventory.cloudstack': InventorySource;
  /** Web sites of BlueOnyx. */
  'inventory.blueonyx': InventorySource;
  /** Servers, instances, domains and addresses of the accounts at OVHcloud. */
  'inventory.ovh': InventorySource;
}

export type ServiceName = keyof Services;
