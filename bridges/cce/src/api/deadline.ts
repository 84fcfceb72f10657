import type { FastifyReply } from 'fastify';

/** Longer than the backend's own limits: a last resort. */
const READ_MS = 120_000;
/** A handler may run for five minutes, a COMMIT runs many. */
const WRITE_MS = 20 * 60_000;

const READS: ReadonlySet<string> = new Set([
  'GET',
  'FIND',
  'FINDX',
  'GETOBJECT',
  'GETALL',
  'NAMES',
  'CLASSES',
  'WHOAMI',
  'SCHEMA',
  'EVENTS',
  'HELP',
  'VERSION',
  'SUSPENDED',
]);

/** Reading ends when its caller has left; what changes something goes on, since half of it would be worse. */
export function deadlineFor(verb: string, reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  return READS.has(verb) ? whileWaited(reply, stopping) : AbortSignal.any([AbortSignal.timeout(WRITE_MS), stopping]);
}

/** By one controller: signals that are made of signals cost more than the rest of a small request. */
function whileWaited(reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const ending = new AbortController();
  if (stopping.aborted) ending.abort(stopping.reason);
  const stop = () => ending.abort(stopping.reason);
  const late = setTimeout(() => ending.abort(new DOMException('the command took too long', 'TimeoutError')), READ_MS).unref();
  stopping.addEventListener('abort', stop, { once: true });
  reply.raw.once('close', () => {
    clearTimeout(late);
    stopping.removeEventListener('abort', stop);
    if (!reply.raw.writableFinished) ending.abort(new DOMException('the caller has left', 'AbortError'));
  });
  return ending.signal;
}

/** Whether it is the end of a deadline. */
export function ranOut(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');
}
