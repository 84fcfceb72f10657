import { texts } from '@fairlead/imageio/codec';
import { ImageError } from '../../../errors.ts';
import type { ImageRequest } from '../image-request.ts';

/** imageio 2.7: dirty extents need a ticket and an export that have them; 404 makes a tool fall back to a full backup, which is right. */
export function allowDirty({ context, ticket, backend }: ImageRequest): void {
  if (context !== 'dirty') return;
  if (!ticket.grant.dirty) throw ImageError('IMAGE_CONTEXT_UNSUPPORTED', { text: texts.dirtyNotInTicket });
  if (!backend.knowsDirty) throw ImageError('IMAGE_CONTEXT_UNSUPPORTED', { text: texts.dirtyNotInExport(backend.exportName) });
}
