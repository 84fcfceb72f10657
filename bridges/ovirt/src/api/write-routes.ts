import type { Parts } from '../service/parts.ts';
import type { Route } from './route.ts';

/** Every route of disks, attachments, NICs, backups, transfers, jobs, events, and those that change a VM. */
export function writeRoutes(_parts: Parts): readonly Route[] {
  return [];
}
