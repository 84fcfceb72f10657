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
  if (!READS.has(verb)) return AbortSignal.any([AbortSignal.timeout(WRITE_MS), stopping]);
  const left = new AbortController();
  reply.raw.once('close', () => reply.raw.writableFinished || left.abort(new DOMException('the caller has left', 'AbortError')));
  return AbortSignal.any([AbortSignal.timeout(READ_MS), left.signal, stopping]);
}

/** Whether it is the end of a deadline. */
export function ranOut(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');
}
