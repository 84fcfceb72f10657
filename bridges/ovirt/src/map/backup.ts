import type { Backup } from '@fairlead/ovirt/codec';
import type { BackupRow } from '../store/write-tables.ts';
import type { Href } from './href.ts';
import { linksOf, reference, referenceOrNone } from './link.ts';

/** One disk of a backup: exactly those that were asked for (ovirt 5.13). */
export interface BackupDisk {
  readonly id: string;
  /** Bytes as the guest sees them. */
  readonly size: number;
  readonly mode: 'full' | 'incremental';
}

/** A backup (ovirt 5.13). */
export function toBackup(row: BackupRow, href: Href): Backup {
  const path = ['vms', row.vm_id, 'backups', row.id];
  return {
    id: row.id,
    href: href(...path),
    description: row.description ?? undefined,
    creation_date: row.created_ms,
    modification_date: row.modified_ms,
    phase: row.phase,
    from_checkpoint_id: row.from_checkpoint_id ?? undefined,
    to_checkpoint_id: row.to_checkpoint_id ?? undefined,
    host: referenceOrNone(href, 'hosts', row.host_id ?? undefined),
    vm: reference(href, 'vms', row.vm_id),
    actions: linksOf(href, path, ['finalize']),
    link: linksOf(href, path, ['disks']),
  };
}

export function readBackupDisks(row: BackupRow): readonly BackupDisk[] {
  return JSON.parse(row.disks) as readonly BackupDisk[];
}
