import { texts } from '@fairlead/imageio/codec';
import { ImageError } from '../../../errors.ts';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.5: a ticket that allows writing is worth nothing on an export that does not. */
export function requireWritable({ ticket, backend }: ImageRequest): void {
  if (ticket.mayWrite && backend.readOnly)
    throw ImageError('IMAGE_TICKET_FORBIDDEN', { why: texts.forbids(ticket.grant.transferId, 'write') });
}
