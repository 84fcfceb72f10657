import { parseBackendUrl } from '@fairlead/imageio/codec';
import { z } from 'zod';
import { openTransferSchema } from '../../schema.ts';
import type { TicketBook } from '../ticket/ticket-book.ts';

/** What the row of a transfer says. */
export const transferSpecSchema = openTransferSchema.omit({ ticket: true }).extend({
  /** Where the image really is. */
  path: z.string(),
  /** Upper end of every byte range. */
  size: z.int().nonnegative(),
  /** Virtual size of the volume before the upload. */
  volumeSize: z.int().nonnegative(),
  /** Set when it is being ended in order, its ticket gone: what had moved until then. */
  closing: z.array(z.tuple([z.int(), z.int()])).optional(),
});

export type TransferSpec = z.infer<typeof transferSpecSchema>;

/** What a transfer reads or writes. */
export interface TransferSource {
  readonly url: string;
  readonly size: number;
  readonly volumeSize: number;
}

/** What its ticket grants. */
export function grantOf(spec: TransferSpec, source: TransferSource): Parameters<TicketBook['put']>[1] {
  return {
    transferId: spec.transfer_id,
    size: source.size,
    ops: [spec.direction === 'download' ? 'read' : 'write'],
    timeoutS: spec.ttl,
    inactivityS: spec.inactivity_timeout,
    sparse: spec.sparse,
    dirty: false,
    url: source.url,
    backend: parseBackendUrl(source.url),
    ...(spec.filename !== undefined && { filename: spec.filename }),
  };
}
