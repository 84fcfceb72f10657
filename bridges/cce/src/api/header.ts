import type { FastifyRequest } from 'fastify';

/** No token, session or key is longer; what is cut is none. */
const LONGEST_HEADER = 256;

/** A header that is there and not empty. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_HEADER) : undefined;
}
