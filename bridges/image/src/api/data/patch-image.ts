import { send } from '../wire/answer.ts';
import { type ImageRequest, steps } from './image-request.ts';
import { authorize } from './rules/authorize.ts';
import { fitWrite } from './rules/fit-write.ts';
import { openBackend } from './rules/open-backend.ts';
import { readPatch } from './rules/read-patch.ts';
import { refuseChunked } from './rules/refuse-chunked.ts';
import { requireTicketId } from './rules/require-ticket-id.ts';
import { requireWritable } from './rules/require-writable.ts';

/** One step of zeroing, so that cancelling and progress work (imageio 2.6). */
const ZERO_STEP = 128 * 1024 * 1024;

/** imageio 2.6. */
export const patchImage = steps(
  requireTicketId,
  refuseChunked,
  readPatch,
  authorize('write'),
  openBackend,
  requireWritable,
  fitWrite,
  applyPatch,
);

async function applyPatch(request: ImageRequest): Promise<void> {
  const { range, backend, ticket, response, patch } = request;
  await request.operate(range.start, async (operation) => {
    const { signal } = operation;
    for (let done = 0; done < range.length; done += ZERO_STEP) {
      const length = Math.min(ZERO_STEP, range.length - done);
      const onProgress = (bytes: number) => operation.reached(done + bytes);
      await backend.zero(range.start + done, length, { signal, onProgress, punchHole: ticket.grant.sparse });
      operation.reached(done + length);
    }
    if (patch.op === 'flush' || patch.flush) await backend.flush({ signal });
  });
  send(response, { status: 200 });
}
