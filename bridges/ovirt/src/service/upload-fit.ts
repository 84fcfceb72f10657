import { newUuid } from '@fairlead/kernel/ids';
import type { Log } from '@fairlead/kernel/log';
import type { TransferRow } from '../store/write-tables.ts';
import type { Cloud } from './cloud.ts';
import type { Events } from './events.ts';
import { isPassing, publicText } from './failure.ts';
import type { ImagePlacesFinder, ImageServices } from './image-places.ts';

interface FitParts {
  readonly cloud: Cloud;
  readonly log: Log;
  readonly images: ImageServices;
  readonly places: ImagePlacesFinder;
  readonly events: Events;
}

const GIB = 1024 ** 3;

/**
 * A qcow2 file brings a virtual size of its own (ovirt 6.2): larger than its disk it is refused; smaller, because disks have whole GiB, it
 * is grown to the disk's size by CloudStack.
 */
export class UploadFit {
  readonly #parts: FitParts;

  constructor(parts: FitParts) {
    this.#parts = parts;
  }

  /** @returns why the upload does not fit; undefined when it does */
  async fit(row: TransferRow, signal: AbortSignal): Promise<string | undefined> {
    if (row.direction !== 'upload' || row.format !== 'cow') return undefined;
    const volume = await this.#parts.places.volume({ id: row.disk_id, projectid: undefined }, signal);
    const size = volume.size ?? 0;
    const found = await this.#virtualSize(row, signal);
    if (found > size) return `its virtual size of ${found} bytes is larger than the disk (${size} bytes)`;
    if (found < size) await this.#grow(row, size, signal);
    return undefined;
  }

  /** As the image service measures it when it opens the image for reading. */
  async #virtualSize(row: TransferRow, signal: AbortSignal): Promise<number> {
    const { images, places } = this.#parts;
    const volume = await places.volume({ id: row.disk_id, projectid: undefined }, signal);
    const { files, hosts } = await places.find([volume], signal);
    const [file] = files;
    if (file === undefined) throw new TypeError('a volume without a file');
    const id = newUuid();
    const request = {
      transferId: id,
      direction: 'download',
      format: 'raw',
      volume: file,
      hosts,
      inactivityTimeoutS: 60,
      sparse: false,
    } as const;
    try {
      return (await images.transfers.open(request, signal)).size;
    } finally {
      await images.transfers
        .cancel(id, signal)
        .catch((error: unknown) => this.#parts.log.debug({ err: error }, 'a look at an image could not be ended'));
    }
  }

  /** The content is whole either way: what fails here costs a warning. */
  async #grow(row: TransferRow, size: number, signal: AbortSignal): Promise<void> {
    try {
      const service = await this.#parts.cloud.require();
      await service.run(
        'resizeVolume',
        { id: row.disk_id, size: Math.ceil(size / GIB), shrinkok: false },
        { signal, deadlineMs: 5 * 60_000 },
      );
    } catch (error) {
      if (signal.aborted || isPassing(error)) throw error;
      await this.#parts.events.tell({
        severity: 'warning',
        description: `Disk ${row.disk_id} is smaller inside than CloudStack says: it could not be grown to ${size} bytes: ${publicText(error)}`,
        owner: { subject: row.subject, userId: row.user_id },
        correlationId: row.correlation_id,
      });
    }
  }
}
