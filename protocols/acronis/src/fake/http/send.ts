import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../faults.ts';
import { type Answer, pageAnswer } from './answer.ts';

/** Faults before which nothing is done. */
export function replacement(fault: Fault | undefined): Answer | 'reset' | 'hang' | undefined {
  switch (fault?.kind) {
    case 'status':
      return statusAnswer(fault);
    case 'unauthorized':
      return pageAnswer(401, 'text/plain; charset=utf-8');
    case 'throttle':
      return statusAnswer({ kind: 'status', status: 429, headers: { 'retry-after': String(fault.retryAfter) } });
    case 'throttleNoHeader':
      return statusAnswer({ kind: 'status', status: 429 });
    case 'html':
      return pageAnswer(fault.status);
    case 'reset':
      return 'reset';
    case 'hang':
      return 'hang';
    default:
      return undefined;
  }
}

/** What faults make of the right answer, effect and all. */
export function spoiled(fault: Fault | undefined, answer: Answer): Answer {
  const headers = { 'content-type': 'application/json' };
  switch (fault?.kind) {
    case 'garbage':
      return { status: 200, headers, body: '{"items":[{"id":' };
    case 'wrongType':
      return { status: 200, headers, body: '[]' };
    case 'emptyOk':
      return { status: 200, headers, body: '' };
    default:
      return answer;
  }
}

/** Sends as the fault lets it. */
export async function send(response: ServerResponse, answer: Answer, fault: Fault | undefined, closed: AbortSignal): Promise<void> {
  const body = Buffer.from(answer.body, 'utf8');
  // 204 has no length (RFC 9110 8.6).
  const length = answer.status === 204 ? {} : { 'content-length': String(body.length) };
  const headers = { ...answer.headers, ...length };
  switch (fault?.kind) {
    case 'resetAfterWrite':
      response.socket?.resetAndDestroy();
      return;
    case 'half':
      cut(response, { ...answer, headers }, body);
      return;
    case 'trickle':
      response.writeHead(answer.status, headers);
      await trickle(response, body, 1000 / fault.bytesPerSecond, closed);
      return;
    default:
      response.writeHead(answer.status, headers).end(body);
  }
}

function statusAnswer({ status, body, headers = {} }: Extract<Fault, { kind: 'status' }>): Answer {
  const text = body === undefined ? JSON.stringify({ domain: 'Fault', code: 'Injected', reason: `an injected ${status}` }) : textOf(body);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: status === 204 ? '' : text };
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** A whole head and half of the body; an answer without a body ends within its head. */
function cut(response: ServerResponse, { status, headers }: Answer, body: Buffer): void {
  const { socket } = response;
  if (body.length === 0) {
    socket?.write(`HTTP/1.1 ${status} `, () => socket.destroy());
    return;
  }
  response.writeHead(status, headers);
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

async function trickle(response: ServerResponse, body: Buffer, everyMs: number, closed: AbortSignal): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += 1) {
    response.write(body.subarray(at, at + 1));
    await wait(everyMs, undefined, { signal: closed });
  }
  response.end();
}
