import { stat } from 'node:fs/promises';
import { ImageError } from '../../errors.ts';
import type { RangeList } from '../../map/ranges.ts';
import type { QemuImg } from '../export/qemu-img.ts';

export interface UploadedFile {
  readonly path: string;
  /** Virtual size that the volume had before. */
  readonly volumeSize: number;
  readonly moved: RangeList;
}

/**
 * A qcow2 file that came as it is may name other files of the host, be larger than its volume, or be cut (imageio 14.1).
 * Throws `IMAGE_VERIFY_FAILED` for all of that.
 */
export async function verifyUploadedFile({ path, volumeSize, moved }: UploadedFile, qemuImg: QemuImg): Promise<void> {
  const { size } = await stat(path);
  if (size === 0) throw refused('nothing was uploaded');
  if (moved.contiguous < size) throw refused(`only the first ${moved.contiguous} of ${size} bytes came without a gap`);
  const info = await qemuImg.info(path, 'qcow2').catch((error) => {
    throw ImageError.is(error, 'IMAGE_FORMAT_MISMATCH') ? refused('it is not a qcow2 file') : error;
  });
  if (info.backingFile !== undefined) throw refused('it names a backing file');
  if (info.dataFile !== undefined) throw refused('it names an external data file');
  if (info.encrypted) throw refused('it is encrypted');
  if (info.virtualSize > volumeSize) throw refused(`its virtual size ${info.virtualSize} is larger than the volume (${volumeSize})`);
  const end = await qemuImg.check(path);
  if (end !== undefined && size <= end - info.clusterSize) throw refused(`it ends after ${size} bytes, its last cluster is before ${end}`);
}

function refused(reason: string): Error {
  return ImageError('IMAGE_VERIFY_FAILED', { reason });
}
