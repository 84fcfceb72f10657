import type { ImageioClient } from '@fairlead/imageio';
import type { Clock } from '@fairlead/kernel/clock';

/** One disk on its way between the image API and a qcow2 file. */
export interface DiskCopy {
  readonly client: ImageioClient;
  readonly diskId: string;
  /** The qcow2 file: written by a download, read by an upload. */
  readonly file: string;
  /** Parallel connections; the server may allow fewer. */
  readonly streams: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told once how many bytes of data there are, then of every piece that was moved. */
  readonly onPlan: (bytes: number) => void;
  readonly onBytes: (bytes: number) => void;
}
