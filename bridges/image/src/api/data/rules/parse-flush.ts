import { oneOf } from '@fairlead/imageio/codec';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.5: `flush=y` unless told otherwise. */
export function parseFlush(request: ImageRequest): void {
  request.flush = oneOf(request.query.get('flush') ?? 'y', 'flush', ['n', 'y']) === 'y';
}
