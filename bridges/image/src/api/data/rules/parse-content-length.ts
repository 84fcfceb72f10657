import { parseContentLength } from '@fairlead/imageio/codec';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.5: the only source of an upload's length. */
export function parseLength(request: ImageRequest): void {
  request.contentLength = parseContentLength(request.request.headers['content-length']);
}
