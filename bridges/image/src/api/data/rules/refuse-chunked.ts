import { ImageioError } from '@fairlead/imageio';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.5: the length of a body has to be known. The connection ends, so that the chunks are not taken for the next request. */
export function refuseChunked({ request }: ImageRequest): void {
  if (request.headers['transfer-encoding'] !== undefined)
    throw ImageioError('IMAGEIO_REQUEST_INVALID', { text: 'Content-Length header is required' });
}
