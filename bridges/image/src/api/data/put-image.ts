import { send } from '../wire/answer.ts';
import { type ImageRequest, steps } from './image-request.ts';
import { authorize } from './rules/authorize.ts';
import { fitWrite } from './rules/fit-write.ts';
import { noteClose } from './rules/note-close.ts';
import { openBackend } from './rules/open-backend.ts';
import { parseLength } from './rules/parse-content-length.ts';
import { parseUploadRange } from './rules/parse-content-range.ts';
import { parseFlush } from './rules/parse-flush.ts';
import { refuseChunked } from './rules/refuse-chunked.ts';
import { requireTicketId } from './rules/require-ticket-id.ts';
import { requireWritable } from './rules/require-writable.ts';

/** imageio 2.5. */
export const putImage = steps(
  requireTicketId,
  noteClose,
  refuseChunked,
  parseLength,
  parseUploadRange,
  parseFlush,
  authorize('write'),
  openBackend,
  requireWritable,
  fitWrite,
  receiveImage,
);

/** What came before a body was cut is written all the same (imageio 2.5). */
async function receiveImage(request: ImageRequest): Promise<void> {
  const { range, backend, response, flush } = request;
  const body = request.body();
  await request.operate(range.start, async (operation) => {
    const options = { signal: operation.signal, onProgress: (done: number) => operation.reached(done) };
    try {
      if (range.length > 0) await backend.writeFrom(range.start, range.length, body.batches(), options);
    } catch (error) {
      throw body.failure ?? error;
    }
    if (body.failure) throw body.failure;
    if (flush) await backend.flush(options);
  });
  send(response, { status: 200, close: request.close });
}
