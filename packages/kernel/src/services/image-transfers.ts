import type { HostRef, ImageFile } from './image-files.ts';

export interface OpenImageTransfer {
  readonly transferId: string;
  readonly direction: 'download' | 'upload';
  /** `raw`: bytes as the guest sees them; `cow`: the bytes of the qcow2 file itself (uploads only). */
  readonly format: 'raw' | 'cow';
  readonly volume: ImageFile;
  /** Hosts that see the image, the best one first. */
  readonly hosts: readonly HostRef[];
  /** The open backup that a download reads from; absent for a disk that nothing uses. */
  readonly backupId?: string;
  /** Upper end of every byte range. Given for `cow` (the bytes of the file that will come), else the virtual size is taken. */
  readonly size?: number;
  /** Seconds without progress after which a connection is closed; 0 = never. */
  readonly inactivityTimeoutS: number;
  /** Zeroing may give space back. */
  readonly sparse: boolean;
  readonly filename?: string;
}

export interface OpenedImageTransfer {
  readonly transferId: string;
  readonly hostId: string;
  /** Both URLs end in the ticket: they are secrets. */
  readonly transferUrl: string;
  readonly proxyUrl: string;
  readonly size: number;
}

export interface ImageTransferState {
  readonly transferId: string;
  /** A request is being carried out now. */
  readonly active: boolean;
  /** Bytes moved, each byte of the disk counted once. */
  readonly transferred: number;
  /** Seconds since the last request ended; 0 while active. */
  readonly idleS: number;
  readonly size: number;
  /** Set when the image cannot be served any more. */
  readonly failure?: { readonly code: string; readonly text: string };
}

/** Grants to read or write one image over HTTPS (design 11). Refusals bear the codes of the image bridge. */
export interface ImageTransfers {
  open(request: OpenImageTransfer, signal?: AbortSignal): Promise<OpenedImageTransfer>;
  get(transferId: string, signal?: AbortSignal): Promise<ImageTransferState | undefined>;
  extend(transferId: string, signal?: AbortSignal): Promise<void>;
  /** Ends it at once; what an upload has written so far is undefined. Cancelling an ended one changes nothing. */
  cancel(transferId: string, signal?: AbortSignal): Promise<void>;
  /** Ends it in order: an upload is flushed, its writer stopped and the image checked; `IMAGE_VERIFY_FAILED` and others when that fails. */
  close(transferId: string, signal?: AbortSignal): Promise<void>;
}
