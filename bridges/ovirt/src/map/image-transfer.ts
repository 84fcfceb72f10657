import type { ImageTransfer } from '@fairlead/ovirt/codec';
import { OvirtError } from '../errors.ts';
import type { TransferPhase, TransferRow } from '../store/write-tables.ts';
import type { Href } from './href.ts';
import { linksOf, reference, referenceOrNone } from './link.ts';

/** What a client wants to move, with every default filled in (ovirt 5.15). */
export interface TransferWish {
  readonly diskId: string;
  readonly backupId: string | undefined;
  readonly direction: 'download' | 'upload';
  readonly format: 'cow' | 'raw';
  /** Seconds; 0 = never. */
  readonly inactivityS: number;
  readonly policy: 'legacy' | 'pause' | 'cancel';
  readonly shallow: boolean;
}

/** As long as the service in CloudStack itself waits for a silent client. */
const DEFAULT_INACTIVITY_S = 600;
const MOST_INACTIVITY_S = 7 * 86_400;

/** The wish in a request; junk that clients send with it (phase, counters, empty references) is not looked at (ovirt 0.1). Throws `OVIRT_INCOMPLETE`, `OVIRT_BAD_REQUEST`, `OVIRT_UNSUPPORTED`. */
export function readTransferWish(body: ImageTransfer): TransferWish {
  if (body.snapshot?.id !== undefined) throw OvirtError('OVIRT_UNSUPPORTED', { what: 'image transfers of snapshots' });
  const diskId = body.disk?.id ?? body.image?.id;
  if (diskId === undefined) throw OvirtError('OVIRT_INCOMPLETE', { type: 'ImageTransfer', fields: 'disk|image|snapshot', action: 'add' });
  const direction = body.direction ?? 'upload';
  const backupId = body.backup?.id;
  if (backupId !== undefined && direction === 'upload') throw OvirtError('OVIRT_BAD_REQUEST', { text: 'A backup can be downloaded only' });
  const inactivityS = body.inactivity_timeout ?? DEFAULT_INACTIVITY_S;
  if (inactivityS < 0 || inactivityS > MOST_INACTIVITY_S)
    throw OvirtError('OVIRT_BAD_REQUEST', { text: `inactivity_timeout is 0 to ${MOST_INACTIVITY_S} seconds` });
  return {
    diskId,
    backupId,
    direction,
    // Downloads are always the bytes that the guest sees, and the answer says so.
    format: direction === 'download' ? 'raw' : (body.format ?? 'raw'),
    inactivityS,
    policy: body.timeout_policy ?? 'legacy',
    shallow: body.shallow ?? false,
  };
}

/** Where the data goes; both end in the ticket. */
export interface TransferUrls {
  readonly transferUrl: string;
  readonly proxyUrl: string;
}

/** Phases in which the URLs are of use. */
const SERVED: readonly TransferPhase[] = ['transferring', 'resuming', 'paused_system', 'paused_user'];

/** A transfer (ovirt 5.15). */
export function toImageTransfer(row: TransferRow, href: Href, facts: { active: boolean; urls: TransferUrls | undefined }): ImageTransfer {
  const path = ['imagetransfers', row.id];
  const urls = SERVED.includes(row.phase) ? facts.urls : undefined;
  return {
    id: row.id,
    href: href(...path),
    active: facts.active,
    direction: row.direction,
    format: row.format,
    inactivity_timeout: row.inactivity_s,
    phase: row.phase,
    proxy_url: urls?.proxyUrl,
    shallow: row.shallow === 1,
    timeout_policy: row.timeout_policy,
    transfer_url: urls?.transferUrl,
    transferred: row.transferred,
    backup:
      row.backup_id === null
        ? undefined
        : { id: row.backup_id, ...(row.vm_id !== null && { href: href('vms', row.vm_id, 'backups', row.backup_id) }) },
    disk: reference(href, 'disks', row.disk_id),
    host: referenceOrNone(href, 'hosts', row.host_id ?? undefined),
    image: { id: row.disk_id },
    actions: linksOf(href, path, ['cancel', 'extend', 'finalize', 'pause', 'resume']),
  };
}

/**
 * The most bytes that a qcow2 file of a disk can have: the data, its tables at the smallest clusters, and room for the header.
 * @param virtualSize bytes as the guest sees them
 */
export function cowLimit(virtualSize: number): number {
  return virtualSize + Math.ceil(virtualSize / 128) + 16 * 1024 * 1024;
}
