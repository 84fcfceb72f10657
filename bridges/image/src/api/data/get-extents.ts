import { mergeExtents, writeExtents } from '@fairlead/imageio/codec';
import { toDirtyExtent, toZeroExtent } from '../../map/extents.ts';
import { send } from '../wire/answer.ts';
import { drained } from '../wire/drained.ts';
import { type ImageRequest, steps } from './image-request.ts';
import { allowDirty } from './rules/allow-dirty.ts';
import { authorize } from './rules/authorize.ts';
import { openBackend } from './rules/open-backend.ts';
import { parseContext } from './rules/parse-context.ts';
import { requireTicketId } from './rules/require-ticket-id.ts';

/** Answers up to this size have a `content-length`; a longer one is streamed in chunks, so that memory stays bounded. */
const WHOLE_ANSWER = 4 * 1024 * 1024;

/** imageio 2.7. Counts as activity, so that a slow answer for a large image does not end the transfer. */
export const getExtents = steps(requireTicketId, authorize('read'), openBackend, parseContext, allowDirty, (request) =>
  request.operate(0, ({ signal }) => answerExtents(request, signal)),
);

async function answerExtents(request: ImageRequest, signal: AbortSignal): Promise<void> {
  const { response } = request;
  let body = '';
  for await (const piece of writeExtents(extentsOf(request, signal))) {
    if (!response.headersSent) {
      body += piece;
      if (body.length < WHOLE_ANSWER) continue;
      response.writeHead(200, { 'content-type': 'application/json' });
      await write(request, body);
    } else {
      await write(request, piece);
    }
  }
  if (response.headersSent) response.end();
  else send(response, { status: 200, type: 'json', body });
}

function extentsOf({ backend, context }: ImageRequest, signal: AbortSignal) {
  const status = backend.extents({ signal });
  return context === 'dirty' ? mergeExtents(mapped(status, toDirtyExtent)) : mergeExtents(mapped(status, toZeroExtent));
}

async function* mapped<From, To>(source: AsyncIterable<From>, map: (one: From) => To): AsyncGenerator<To> {
  for await (const one of source) yield map(one);
}

async function write({ response }: ImageRequest, text: string): Promise<void> {
  if (!response.write(text)) await drained(response);
}
