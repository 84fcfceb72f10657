import { ApiError } from './api-error.ts';
import { errorReply } from './dispatch.ts';
import type { Fault } from './faults.ts';
import { page, type WireReply } from './server.ts';
import { tooMany } from './throttle.ts';
import { JSON_TYPE, toWire } from './wire.ts';

/** What is answered instead of carrying the command out; undefined when it is carried out. */
export function replacement(fault: Fault, command: string): WireReply | undefined {
  const envelope = `${command.toLowerCase()}response`;
  if (fault.kind === 'html') return page(fault.status ?? 502, '<html><body><h1>Bad Gateway</h1>nginx</body></html>');
  if (fault.kind === 'body') return { status: fault.status ?? 200, contentType: fault.contentType ?? JSON_TYPE, body: fault.body };
  if (fault.kind === 'error')
    return toWire(errorReply(new ApiError(fault.errorcode, fault.cserrorcode ?? 9999, fault.errortext), envelope, 'a'), true);
  if (fault.kind !== 'status') return undefined;
  if (fault.status === 503) return page(503, '<html><body><h1>503 Service Unavailable</h1></body></html>');
  if (fault.status === 429) return toWire(errorReply(tooMany(fault.retryAfterMs ?? 100), envelope), true);
  return toWire(errorReply(new ApiError(401, undefined, 'unable to verify user credentials and/or request signature'), envelope), true);
}
