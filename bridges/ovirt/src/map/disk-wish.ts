import { isUuid } from '@fairlead/kernel/ids';
import type { Disk } from '@fairlead/ovirt';
import { OvirtError } from '../errors.ts';

/** A disk to be made (ovirt 5.8). */
export interface DiskWish {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sizeGiB: number;
  /** Exactly one storage domain, by id or by name. */
  readonly pool: { readonly id?: string | undefined; readonly name?: string | undefined };
  /** Chosen by the client. */
  readonly id: string | undefined;
  readonly offeringId: string | undefined;
  readonly description: string | undefined;
  readonly initialSize: number | undefined;
}

const GIB = 1024 ** 3;
const MOST_BYTES = 64 * 1024 * GIB;
const LONGEST_NAME = 255;

/** CloudStack counts in whole GiB: a byte more is a GiB more, never less (ovirt 7.7). Throws `OVIRT_BAD_REQUEST`. */
export function toGib(bytes: number): number {
  if (bytes <= 0 || bytes > MOST_BYTES)
    throw OvirtError('OVIRT_BAD_REQUEST', { text: 'provisioned_size is more than 0 bytes and at most 64 TiB' });
  return Math.ceil(bytes / GIB);
}

/** Throws `OVIRT_INCOMPLETE`, `OVIRT_BAD_REQUEST`, `OVIRT_BAD_ID`. */
export function readDiskWish(body: Disk): DiskWish {
  if (body.provisioned_size === undefined)
    throw OvirtError('OVIRT_INCOMPLETE', { type: 'Disk', fields: 'provisioned_size', action: 'add' });
  const domains = body.storage_domains ?? (body.storage_domain === undefined ? [] : [body.storage_domain]);
  const [domain, ...more] = domains;
  if (domain === undefined || (domain.id === undefined && domain.name === undefined)) {
    throw OvirtError('OVIRT_INCOMPLETE', { type: 'Disk', fields: 'storage_domains', action: 'add' });
  }
  if (more.length > 0) throw OvirtError('OVIRT_BAD_REQUEST', { text: 'A disk lies in exactly one storage domain' });
  if (body.id !== undefined && !isUuid(body.id)) throw OvirtError('OVIRT_BAD_ID', { id: body.id });
  if (body.content_type !== undefined && body.content_type !== 'data')
    throw OvirtError('OVIRT_UNSUPPORTED', { what: `disks of content ${body.content_type.slice(0, 40)}` });
  return {
    name: (body.alias ?? body.name ?? 'disk').slice(0, LONGEST_NAME),
    sizeBytes: body.provisioned_size,
    sizeGiB: toGib(body.provisioned_size),
    pool: { id: domain.id, name: domain.name },
    id: body.id,
    offeringId: body.disk_profile?.id,
    description: body.description?.slice(0, 4000),
    initialSize: body.initial_size,
  };
}
