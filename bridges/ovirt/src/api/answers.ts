import type { Action, Job, Vm } from '@fairlead/ovirt/codec';
import { booleanParameter } from '@fairlead/ovirt/codec';
import type { RequestFacts } from '../service/backups.ts';
import type { Call, OneAnswer } from './route.ts';

/** What services need to know of a request. */
export function factsOf(call: Call): RequestFacts {
  return { correlationId: call.correlationId, address: call.address, signal: call.signal };
}

/** An action that is done; SDKs want a body with every answer of an action and of a DELETE (ovirt 2.7). */
export function done(more: Action = {}): OneAnswer {
  return { status: 200, type: 'action', object: { ...more, status: 'complete' } };
}

/** An action that goes on; its job tells how. */
export function pending(more: Action = {}): OneAnswer {
  return { status: 202, type: 'action', object: { ...more, status: 'pending' } };
}

export function jobAndVm(href: (...parts: readonly string[]) => string, jobId: string, vmId: string): { job: Job; vm: Vm } {
  return { job: { href: href('jobs', jobId), id: jobId }, vm: { href: href('vms', vmId), id: vmId } };
}

/** A boolean parameter of the query. Throws `OVIRT_WIRE_BAD_VALUE`. */
export function flagOf(call: Call, name: string): boolean | undefined {
  return booleanParameter(name, call.query.get(name) ?? undefined);
}

/** A parameter of the path; routes declare it, so it is there. */
export function idOf(call: Call, name: string): string {
  return call.params[name] ?? '';
}
