import type { IncomingMessage } from 'node:http';
import { ImageioError } from '../errors.ts';
import type { Transport } from './transport.ts';

const MAX_ERROR_TEXT = 512;

/** The body of an answer, piece by piece, each wait limited. Leaving early drops the connection. */
export async function* bodyOf(response: IncomingMessage, transport: Transport, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const pieces = response[Symbol.asyncIterator]();
  const idle = transport.idle;
  let ended = false;
  const stop = () => response.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    while (true) {
      const piece = await idle.run(pieces.next());
      if (piece.done) break;
      yield piece.value;
    }
    ended = true;
  } catch (error) {
    signal?.throwIfAborted();
    throw transport.failure(error);
  } finally {
    signal?.removeEventListener('abort', stop);
    if (!ended) response.destroy();
  }
}

/** Reads a small body whole; longer ones are refused as `IMAGEIO_PROTOCOL`. */
export async function smallBody(response: IncomingMessage, transport: Transport, limit = 64 * 1024): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bodyOf(response, transport)) {
    length += piece.length;
    if (length > limit) throw ImageioError('IMAGEIO_PROTOCOL', { reason: `an answer longer than ${limit} bytes` });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Throws for every status but the one that counts as success (imageio 2.11). The text of the server goes into the error. */
export async function requireStatus(response: IncomingMessage, status: number, what: string, transport: Transport): Promise<void> {
  if (response.statusCode === status) return;
  const detail = { what, status: response.statusCode ?? 0, text: await errorText(response, transport) };
  throw ImageioError(detail.status >= 500 ? 'IMAGEIO_SERVER_FAILED' : 'IMAGEIO_REFUSED', detail);
}

async function errorText(response: IncomingMessage, transport: Transport): Promise<string> {
  let text = '';
  try {
    for await (const piece of bodyOf(response, transport)) {
      text += Buffer.from(piece).toString('utf8');
      if (text.length >= MAX_ERROR_TEXT) break;
    }
  } catch {
    return text.trim();
  }
  return text.slice(0, MAX_ERROR_TEXT).trim();
}
