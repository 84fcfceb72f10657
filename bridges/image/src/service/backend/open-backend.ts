import { ImageError } from '../../errors.ts';
import type { ImagePlaces } from '../export/image-places.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { Backend } from './backend.ts';
import { FileBackend } from './file-backend.ts';
import { NbdBackend } from './nbd-backend.ts';

export interface BackendSettings {
  readonly places: ImagePlaces;
  readonly maxConnections: number;
  readonly requestSize: number;
  readonly requestsInFlight: number;
}

/** Opens what a ticket points to. Throws `IMAGE_BACKEND`, `IMAGE_PATH_FORBIDDEN`. */
export async function openBackend(ticket: Ticket, settings: BackendSettings, signal: AbortSignal): Promise<Backend> {
  const { backend, transferId, dirty } = ticket.grant;
  if (backend.kind === 'file') {
    return FileBackend.open(await resolve(backend.path, settings.places), ticket.mayWrite ? 'write' : 'read');
  }
  if (backend.kind === 'nbd-tcp')
    throw ImageError('IMAGE_BACKEND', {}, { cause: new Error('NBD over TCP is not served: it has no protection') });
  const { socketPath, exportName } = backend;
  const { requestSize, requestsInFlight } = settings;
  return NbdBackend.open(
    { socketPath, exportName, depth: true, readAhead: { requestBytes: requestSize, inFlight: requestsInFlight }, signal },
    { transferId, maxConnections: settings.maxConnections, dirty },
  );
}

/** On the data face a file that is gone or forbidden is a failure of ours: 404 would mean something else to tools (imageio 2.11). */
async function resolve(path: string, places: ImagePlaces): Promise<string> {
  try {
    return await places.resolve(path);
  } catch (error) {
    throw ImageError('IMAGE_BACKEND', {}, { cause: error });
  }
}
