import { defineErrors } from '@fairlead/kernel/errors';

/** What can be wrong with a message of the image data API, and what its client may meet. */
export const ImageioError = defineErrors({
  IMAGEIO_REQUEST_INVALID: {
    status: 400,
    blame: 'caller',
    text: '{text}',
    help: 'The request does not follow the image data API; the text says which part. Report it to the maker of the tool.',
  },
  IMAGEIO_RANGE_INVALID: {
    status: 416,
    blame: 'caller',
    text: '{text}',
    help: 'Ask for one range inside the disk: `Range: bytes=first-last`.',
  },
  IMAGEIO_TICKET_INVALID: {
    status: 400,
    blame: 'caller',
    text: '{text}',
    help: 'Mend the named member of the ticket.',
  },
  IMAGEIO_UNREACHABLE: {
    status: 503,
    blame: 'upstream',
    text: 'The image server at {address} cannot be reached: {reason}',
    help: 'Check that the port is open between the two machines and that the certificate authority is the right one.',
  },
  IMAGEIO_TIMEOUT: {
    status: 504,
    blame: 'upstream',
    text: 'The image server at {address} did not answer within {seconds} seconds.',
    help: 'The storage behind the image server may be stalled; its log says more.',
  },
  IMAGEIO_CONNECTION_LOST: {
    status: 502,
    blame: 'upstream',
    text: 'The connection to the image server at {address} was lost: {reason}',
    help: 'Repeat the transfer. If it happens again, look into the log of the image server.',
  },
  IMAGEIO_REFUSED: {
    status: 502,
    blame: 'caller',
    text: 'The image server refused {what} with {status}: {text}',
    help: 'A 403 means that the transfer has ended or was cancelled: begin a new one.',
  },
  IMAGEIO_SERVER_FAILED: {
    status: 502,
    blame: 'upstream',
    text: 'The image server failed at {what} with {status}: {text}',
    help: 'Look into the log of the image server; everything since the last flush has to be written again.',
  },
  IMAGEIO_PROTOCOL: {
    status: 502,
    blame: 'upstream',
    text: 'The answer of the image server breaks the protocol: {reason}',
    help: 'The server may be of another kind or version. No data of that answer was used.',
  },
  IMAGEIO_SOURCE_LENGTH: {
    status: 500,
    blame: 'caller',
    text: 'The data to write ended after {actual} of {expected} bytes.',
    help: 'The file that is read has another length than expected; it may have been cut while it was read.',
  },
});
