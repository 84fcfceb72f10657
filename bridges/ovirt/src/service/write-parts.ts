import type { ReadParts } from './parts.ts';

/** What writing adds to the parts: jobs, events, backups, transfers, and the services of VMs, disks, attachments and NICs. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the services that follow
export interface WriteParts {}

/** Makes the services that write, and adds their follow rules (`parts.follow.add`). */
export function makeWriteParts(_parts: ReadParts): WriteParts {
  return {};
}
