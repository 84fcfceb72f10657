import type { ImageRequest } from '../image-request.ts';

/** imageio 2.4, 2.5: `close=y` ends the connection after the answer. */
export function noteClose(request: ImageRequest): void {
  request.close = request.query.get('close') === 'y';
  if (request.close) request.response.setHeader('connection', 'close');
}
