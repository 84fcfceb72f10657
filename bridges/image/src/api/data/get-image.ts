import { contentRange } from '@fairlead/imageio/codec';
import { contentDisposition } from './content-disposition.ts';
import { type ImageRequest, steps } from './image-request.ts';
import { ResponseSink } from './response-sink.ts';
import { authorize } from './rules/authorize.ts';
import { fitRange } from './rules/fit-range.ts';
import { noteClose } from './rules/note-close.ts';
import { openBackend } from './rules/open-backend.ts';
import { parseRangeHeader } from './rules/parse-range-header.ts';
import { requireTicketId } from './rules/require-ticket-id.ts';

/** imageio 2.4. */
export const getImage = steps(requireTicketId, noteClose, parseRangeHeader, authorize('read'), openBackend, fitRange, streamImage);

async function streamImage(request: ImageRequest): Promise<void> {
  const { range, backend, response } = request;
  await request.operate(range.start, async (operation) => {
    const sink = new ResponseSink(response, operation, () => writeHead(request));
    if (range.length > 0) await backend.readTo(range.start, range.length, sink, { signal: operation.signal });
    await sink.finish();
  });
}

function writeHead({ response, ticket, range, asked }: ImageRequest): void {
  // Before the length: after it Node would encode this one header anew.
  response.setHeader('content-disposition', contentDisposition(ticket.grant.filename));
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('content-length', range.length);
  if (asked) response.setHeader('content-range', contentRange(range, ticket.grant.size));
  response.writeHead(asked ? 206 : 200);
}
