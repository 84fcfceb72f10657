import type { GatewayError } from '@fairlead/kernel/errors';
import { readFault } from '../codec/fault.ts';
import { OvirtWireError } from '../errors.ts';
import type { HttpAnswer } from './http.ts';

/**
 * The error of an answer that is none of 2xx: `detail.status`, `detail.reason` and `detail.detail` are what the engine said.
 * 404 and 409 have codes of their own, because callers act on them.
 */
export function readRefusal(answer: HttpAnswer): GatewayError {
  const { status } = answer;
  const fault = readFault(answer.body) ?? { reason: `HTTP ${status}`, detail: 'the answer has no fault' };
  const detail = { status, reason: fault.reason || `HTTP ${status}`, detail: fault.detail };
  const retryAfterS = retryAfter(answer);
  return OvirtWireError(codeOf(status), detail, retryAfterS === undefined ? {} : { retryAfterS });
}

function codeOf(status: number): 'OVIRT_WIRE_LOGIN_REFUSED' | 'OVIRT_WIRE_NOT_FOUND' | 'OVIRT_WIRE_CONFLICT' | 'OVIRT_WIRE_FAULT' {
  if (status === 401) return 'OVIRT_WIRE_LOGIN_REFUSED';
  if (status === 404) return 'OVIRT_WIRE_NOT_FOUND';
  return status === 409 ? 'OVIRT_WIRE_CONFLICT' : 'OVIRT_WIRE_FAULT';
}

function retryAfter(answer: HttpAnswer): number | undefined {
  const header = answer.headers['retry-after'];
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
