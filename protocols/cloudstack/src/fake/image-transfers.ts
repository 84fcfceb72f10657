import { runtime } from './api-error.ts';
import type { ImageTransfer } from './backup-rows.ts';
import type { Cloud } from './cloud.ts';

/**
 * Ends a transfer. The volume of an upload becomes `Ready` before the host is asked: when that refuses, the transfer can never be ended
 * again, because its volume is not `Restoring` any more (fact 37 of the recordings).
 * @throws ApiError 530
 */
export function finishTransfer(cloud: Cloud, transfer: ImageTransfer): void {
  const { volume } = transfer;
  if (transfer.direction === 'upload') {
    if (volume.state !== 'Restoring')
      throw runtime(`Failed to transition state during upload finalize image transfer for volume ${volume.id}`);
    volume.state = 'Ready';
  }
  cloud.agent.ask('finalizeImageTransfer', (reason) => `Failed to finalize image transfer: ${reason}`);
  transfer.finished = true;
}
