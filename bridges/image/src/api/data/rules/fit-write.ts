import { refuseOverrun } from '@fairlead/imageio/codec';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.5, 2.6: a range past the end of the ticket or of the image is refused before any byte is written. */
export function fitWrite({ range, ticket, backend }: ImageRequest): void {
  refuseOverrun(range.start + range.length, { ticketSize: ticket.grant.size, imageSize: backend.writeLimit() });
}
