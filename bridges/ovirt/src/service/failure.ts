import { CloudStackError } from '@fairlead/cloudstack';
import { GatewayError } from '@fairlead/kernel/errors';
import { OvirtError } from '../errors.ts';
import { fromCloud } from './cloud-errors.ts';

/** What anybody may read about a failure: rows, events and faults say the same. */
export function publicText(error: unknown): string {
  return publicError(error).publicText;
}

function publicError(error: unknown): GatewayError {
  return GatewayError.from(fromCloud(error));
}

/** CloudStack's own words in a refusal, immediate or of a job; empty for other errors. */
export function refusalText(error: unknown): string {
  return error instanceof CloudStackError ? (error.errorText ?? '') : '';
}

/** The other side was not there to say anything: the same may succeed later. */
export function isPassing(error: unknown): boolean {
  return [502, 503, 504].includes(publicError(error).status) || isTimeout(error);
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** The image service knows nothing of that backup or transfer (any more). */
export function isUnknown(error: unknown): boolean {
  return error instanceof GatewayError && error.status === 404 && error.code.endsWith('_UNKNOWN');
}

/** The object of the call does not exist (any more), by CloudStack's words (ovirt 2.7). */
export function isGone(error: unknown): boolean {
  return /unable to find|entity does not exist|does not exist|expunged/i.test(refusalText(error));
}

/** For a list by id: CloudStack refuses ids that it does not know (any more), where an empty list would say the same. */
export function noneIfAbsent(error: unknown): readonly never[] {
  if (OvirtError.is(fromCloud(error), 'OVIRT_NOT_FOUND')) return [];
  throw error;
}
