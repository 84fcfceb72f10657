import { ImageError } from '../errors.ts';

/** Takes a whole body of at most `limit` bytes. Throws `IMAGE_BODY_TOO_LARGE`. */
export async function readBody(pieces: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const taken: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > limit) throw ImageError('IMAGE_BODY_TOO_LARGE', { limit });
    taken.push(piece);
  }
  return Buffer.concat(taken);
}
