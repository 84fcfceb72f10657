import { OvirtError } from '../errors.ts';

/** The item with that id. Throws `OVIRT_NOT_FOUND`. */
export function pick<T extends { readonly id: string }>(items: readonly T[], id: string): T {
  const found = items.find((item) => item.id === id);
  if (found === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
  return found;
}

/** What lies in a zone. */
export function inZone<T extends { readonly zoneid: string | undefined }>(items: readonly T[], zoneId: string | undefined): readonly T[] {
  return items.filter((item) => item.zoneid === zoneId);
}
