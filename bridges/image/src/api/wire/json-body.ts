import type { IncomingMessage } from 'node:http';
import { ImageError } from '../../errors.ts';

/** Reads a whole body of at most `limit` bytes. Throws `IMAGE_BODY_TOO_LARGE`. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw ImageError('IMAGE_BODY_TOO_LARGE', { limit });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
