import { GatewayError } from '@fairlead/kernel/errors';
import { type Format, type ReadOptions, readAny, writeResource } from './resource.ts';
import type { Fault, ObjectOf } from './schema/index.ts';

/** A fault always has both parts: SDKs print them, and refuse an empty body (oVirt 2.7). */
export interface PlainFault {
  readonly reason: string;
  readonly detail: string;
}

/** The body of an error. In JSON it can be read bare, as the engine writes it, and below `fault`, as others do. */
export function writeFault(fault: PlainFault, format: Format): string {
  const { detail, reason } = fault;
  if (format === 'xml') return writeResource('fault', { detail, reason }, 'xml');
  const bare = JSON.parse(writeResource('fault', { detail, reason }, 'json')) as Fault;
  return JSON.stringify({ ...bare, fault: bare });
}

/** The body of an action that failed: an action with its fault inside. */
export function writeActionFault(fault: PlainFault, format: Format, action: ObjectOf<'action'> = {}): string {
  return writeResource('action', { ...action, fault: { detail: fault.detail, reason: fault.reason }, status: 'failed' }, format);
}

/**
 * The fault in the body of an error, in every shape that is met: bare, wrapped, inside an action, XML or JSON.
 * `undefined` when the body is something else.
 */
export function readFault(body: Uint8Array | string, options: ReadOptions = {}): PlainFault | undefined {
  try {
    const read = readAny(['action', 'fault'], body, options);
    const fault: Fault | undefined = read.type === 'action' ? innerFault(read.value, body, options) : (read.value as Fault);
    if (fault?.reason === undefined && fault?.detail === undefined) return undefined;
    return { reason: fault.reason ?? '', detail: fault.detail ?? '' };
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/** Bare JSON is taken for an action at first: when no fault is inside, it may be one itself. */
function innerFault(action: ObjectOf<'action'>, body: Uint8Array | string, options: ReadOptions): Fault | undefined {
  if (action.fault !== undefined) return action.fault;
  const read = readAny(['fault', 'action'], body, options);
  return read.type === 'fault' ? (read.value as Fault) : undefined;
}
