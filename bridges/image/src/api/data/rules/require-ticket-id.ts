import { ImageError } from '../../../errors.ts';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.3 to 2.7: the id is looked at before anything else. */
export function requireTicketId({ id }: ImageRequest): void {
  if (id === '') throw ImageError('IMAGE_TICKET_REQUIRED');
}
