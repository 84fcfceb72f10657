import type { HostRef, ImageFile } from './image-files.ts';

export type BackupPhase = 'starting' | 'ready' | 'finalizing' | 'succeeded' | 'failed';

export interface StartImageBackup {
  readonly backupId: string;
  readonly vmId: string;
  /** A running VM is backed up through its own QEMU, a stopped one from its files. */
  readonly running: boolean;
  /** Hosts that see the images, the best one first. */
  readonly hosts: readonly HostRef[];
  readonly volumes: readonly ImageFile[];
  readonly fromCheckpointId?: string;
  readonly toCheckpointId?: string;
}

export interface VolumeBackup {
  readonly volumeId: string;
  readonly mode: 'full' | 'incremental';
  /** Bytes as the guest sees them. */
  readonly size: number;
}

export interface ImageBackup {
  readonly backupId: string;
  readonly vmId: string;
  readonly hostId: string;
  readonly phase: BackupPhase;
  readonly volumes: readonly VolumeBackup[];
  readonly fromCheckpointId?: string;
  readonly toCheckpointId?: string;
  /** Why it failed: a code of the image bridge and a text for people. */
  readonly failure?: { readonly code: string; readonly text: string };
}

export interface ImageCheckpoint {
  readonly id: string;
  readonly createdMs: number;
  readonly parentId?: string;
  readonly state: 'created' | 'invalid';
}

/** Point-in-time views of the disks of a VM (design 11). Refusals bear the codes of the image bridge. */
export interface ImageBackups {
  /** One open backup for each VM: a second one is `IMAGE_BUSY`. */
  start(request: StartImageBackup, signal?: AbortSignal): Promise<ImageBackup>;
  get(backupId: string, signal?: AbortSignal): Promise<ImageBackup | undefined>;
  /** Ends a backup. `keep` keeps the new checkpoint, `drop` keeps the one before. Ending an ended one changes nothing. */
  finalize(backupId: string, outcome: 'keep' | 'drop', signal?: AbortSignal): Promise<ImageBackup>;
  checkpoints(vmId: string, signal?: AbortSignal): Promise<readonly ImageCheckpoint[]>;
  removeCheckpoint(vmId: string, checkpointId: string, signal?: AbortSignal): Promise<void>;
}
