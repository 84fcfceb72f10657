import type { ServerResponse } from 'node:http';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../faults.ts';
import { Refusal } from '../refusal.ts';
import { type Answer, pageAnswer, redirectAnswer } from './answer.ts';

/** Whether the fault leaves out what was asked for. */
export function replaces(fault: Fault | undefined): boolean {
  return fault !== undefined && ['reset', 'hang', 'html', 'body', 'redirect', 'status'].includes(fault.kind);
}

/** The answer, or the refusal, that a fault puts in the place of the right one; undefined when none does. */
export function faultAnswer(fault: Fault | undefined): Answer | Refusal | undefined {
  switch (fault?.kind) {
    case 'html':
      return pageAnswer(fault.status ?? 503, 'Service Unavailable', '<p>The front end has nobody to ask.</p>');
    case 'body':
      return { status: fault.status ?? 200, headers: { 'Content-Type': fault.contentType ?? 'application/json' }, body: fault.body };
    case 'redirect':
      return redirectAnswer(fault.status ?? 302, fault.location);
    case 'status':
      return faultRefusal(fault);
    default:
      return undefined;
  }
}

function faultRefusal(fault: Extract<Fault, { kind: 'status' }>): Refusal {
  return new Refusal(fault.status, {
    class: fault.class ?? defaultClass(fault.status),
    message: fault.message ?? 'An injected fault',
    ...(fault.errorCode === undefined ? {} : { errorCode: fault.errorCode }),
    ...(fault.retryAfter === undefined ? {} : { headers: { 'Retry-After': String(fault.retryAfter) } }),
  });
}

function defaultClass(status: number): string {
  if (status === 429) return 'Client::TooManyRequests';
  return status < 500 ? 'Client::BadRequest' : 'Server::InternalServerError';
}

/** Waits as a `delay` says; false when the fake was closed meanwhile. */
export async function delayed(fault: Fault | undefined, closed: AbortSignal): Promise<boolean> {
  if (fault?.kind !== 'delay') return true;
  try {
    await wait(fault.ms, undefined, { signal: closed });
    return true;
  } catch {
    return false;
  }
}

/** Sends an answer as the fault lets it. `hang` leaves the connection open. */
export async function send(response: ServerResponse, answer: Answer, fault: Fault | undefined): Promise<void> {
  const body = Buffer.from(answer.body, 'utf8');
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (fault?.kind) {
    case 'hang':
      return;
    case 'reset':
    case 'lost-answer':
      response.socket?.resetAndDestroy();
      return;
    case 'cut':
      response.writeHead(answer.status, { ...answer.headers, 'Content-Length': body.length });
      response.write(half, () => response.destroy());
      return;
    case 'truncate':
      return whole(response, answer, half);
    case 'empty':
      return whole(response, answer, Buffer.alloc(0));
    case 'drip':
      return await drip(response, answer, body);
    default:
      return whole(response, answer, body);
  }
}

function whole(response: ServerResponse, answer: Answer, body: Buffer): void {
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': body.length });
  response.end(body);
}

async function drip(response: ServerResponse, answer: Answer, body: Buffer): Promise<void> {
  response.writeHead(answer.status, answer.headers);
  for (let at = 0; at < body.length && !response.destroyed; at += 1) {
    response.write(body.subarray(at, at + 1));
    await turn();
  }
  response.end();
}
