import { resolveRange } from '@fairlead/imageio/codec';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.4: the range has to lie inside of ticket and image. */
export async function fitRange(request: ImageRequest): Promise<void> {
  request.range = resolveRange(request.asked, { ticketSize: request.ticket.grant.size, imageSize: await request.backend.size() });
}
