import { MAX_PATCH_BODY, parsePatch } from '@fairlead/imageio/codec';
import { ImageError } from '../../../errors.ts';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.6: body and members are checked before the ticket; exactly `Content-Length` bytes are read, none without it. */
export async function readPatch(request: ImageRequest): Promise<void> {
  const length = Number(request.request.headers['content-length'] ?? 0);
  if (length > MAX_PATCH_BODY) throw ImageError('IMAGE_BODY_TOO_LARGE', { limit: MAX_PATCH_BODY });
  request.contentLength = length;
  request.patch = parsePatch(await request.body().whole());
  if (request.patch.op === 'zero') request.range = { start: request.patch.offset, length: request.patch.size };
}
