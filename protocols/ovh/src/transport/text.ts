import type { Readable } from 'node:stream';
import { NetworkError, TimeoutError } from '../errors/errors.ts';

/** The whole body as text; a character split across two pieces stays whole. */
export async function textOf(body: Readable, signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of body) pieces.push(piece as Buffer);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NetworkError || error instanceof TimeoutError) throw error;
    throw new NetworkError(`The answer broke off: ${(error as Error).message}`, true, error);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}
