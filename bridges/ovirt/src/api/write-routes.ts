import type { Parts } from '../service/parts.ts';
import { backupRoutes } from './backups.ts';
import { diskAttachmentRoutes } from './disk-attachments.ts';
import { diskRoutes } from './disks.ts';
import { eventRoutes } from './events.ts';
import { imageTransferRoutes } from './image-transfers.ts';
import { jobRoutes } from './jobs.ts';
import { nicRoutes } from './nics.ts';
import type { Route } from './route.ts';
import { vmActionRoutes } from './vm-actions.ts';
import { vmChangeRoutes } from './vm-change.ts';
import { vmCreateRoutes } from './vm-create.ts';

/** Every route of disks, attachments, NICs, backups, transfers, jobs, events, and those that change a VM. */
export function writeRoutes(parts: Parts): readonly Route[] {
  return [
    ...vmCreateRoutes(parts),
    ...vmChangeRoutes(parts),
    ...vmActionRoutes(parts),
    ...diskRoutes(parts),
    ...diskAttachmentRoutes(parts),
    ...nicRoutes(parts),
    ...backupRoutes(parts),
    ...imageTransferRoutes(parts),
    ...jobRoutes(parts),
    ...eventRoutes(parts),
  ];
}
