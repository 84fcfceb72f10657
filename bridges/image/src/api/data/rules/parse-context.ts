import { oneOf } from '@fairlead/imageio/codec';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.7: `zero` unless told otherwise. */
export function parseContext(request: ImageRequest): void {
  request.context = oneOf(request.query.get('context') ?? 'zero', 'context', ['dirty', 'zero']);
}
