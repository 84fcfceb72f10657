import { send } from '../wire/answer.ts';
import { type ImageRequest, steps } from './image-request.ts';
import { authorize } from './rules/authorize.ts';
import { openBackend } from './rules/open-backend.ts';
import { requireTicketId } from './rules/require-ticket-id.ts';
import { requireWritable } from './rules/require-writable.ts';

/** `POST …/flush`, as CloudStack's own server has it (imageio 2.1): the same as PATCH `{"op":"flush"}`. */
export const flushImage = steps(requireTicketId, authorize('write'), openBackend, requireWritable, flush);

async function flush(request: ImageRequest): Promise<void> {
  await request.operate(0, ({ signal }) => request.backend.flush({ signal }));
  send(request.response, { status: 200 });
}
