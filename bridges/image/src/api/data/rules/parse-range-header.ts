import { parseRange } from '@fairlead/imageio/codec';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.4: the syntax of `Range` is checked before the ticket. */
export function parseRangeHeader(request: ImageRequest): void {
  const { range } = request.request.headers;
  if (range !== undefined) request.asked = parseRange(range);
}
