import { parseContentRange } from '@fairlead/imageio/codec';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.5: only the first byte counts; old clients send ends that are off by one. */
export function parseUploadRange(request: ImageRequest): void {
  const header = request.request.headers['content-range'];
  const asked = header === undefined ? { first: 0 } : parseContentRange(header);
  request.range = { start: asked.first, length: request.contentLength };
  if (asked.last !== undefined && asked.last - asked.first + 1 !== request.contentLength) {
    request.parts.log.warn(
      { first: asked.first, last: asked.last, length: request.contentLength },
      'an upload whose Content-Range does not fit its length',
    );
  }
}
