import type { Format } from '@fairlead/ovirt/codec';
import { OvirtError } from '../../errors.ts';
import { type Incoming, textHeader } from '../request.ts';

/** Only version 4 is served; no header means it (ovirt 2.5). */
export function requireVersion(incoming: Incoming): void {
  const version = textHeader(incoming.headers, 'version')?.trim();
  if (version !== undefined && version !== '' && version !== '4') throw OvirtError('OVIRT_BAD_VERSION', { version: version.slice(0, 20) });
}

/** 406 only when neither XML nor JSON nor anything is wanted (ovirt 4.1). */
export function requireFormat(incoming: Incoming): Format {
  if (incoming.accepted === undefined) throw OvirtError('OVIRT_NOT_ACCEPTABLE');
  return incoming.accepted.format;
}
