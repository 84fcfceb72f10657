import { type ImageOptions, writeOptions } from '@fairlead/imageio/codec';
import { send } from '../wire/answer.ts';
import { type ImageRequest, steps } from './image-request.ts';
import { authorize } from './rules/authorize.ts';
import { openBackend } from './rules/open-backend.ts';
import { requireTicketId } from './rules/require-ticket-id.ts';
import { requireWritable } from './rules/require-writable.ts';

const ALL = 'OPTIONS,GET,PUT,PATCH';
const writing: ImageOptions['features'] = ['extents', 'flush', 'zero'];
const reading: ImageOptions['features'] = ['extents'];

const ofTicket = steps(authorize('read'), openBackend, requireWritable, answerTicket);

/** imageio 2.3. Counts as a sign of life of the client. */
export const optionsImage = steps(requireTicketId, (request) => (request.id === '*' ? answerServer(request) : ofTicket(request)));

function answerServer({ response, parts }: ImageRequest): void {
  send(response, {
    status: 200,
    type: 'json',
    headers: { allow: ALL },
    body: writeOptions({ ...local(parts.localSocket()), features: writing }),
  });
}

function answerTicket({ response, parts, ticket, backend }: ImageRequest): void {
  ticket.touch();
  const options: ImageOptions = {
    ...local(parts.localSocket()),
    features: ticket.mayWrite ? writing : reading,
    maxReaders: backend.readers,
    maxWriters: backend.writers,
  };
  send(response, { status: 200, type: 'json', headers: { allow: ticket.mayWrite ? ALL : 'OPTIONS,GET' }, body: writeOptions(options) });
}

function local(unixSocket: string | undefined): Pick<ImageOptions, 'unixSocket'> {
  return unixSocket === undefined ? {} : { unixSocket };
}
