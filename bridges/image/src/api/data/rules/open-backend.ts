import type { ImageRequest } from '../image-request.ts';

/** imageio 2.10: the first request for a ticket opens the backend, the others on the connection use it. */
export async function openBackend(request: ImageRequest): Promise<void> {
  request.backend = await request.parts.backends.get(request.connection, request.ticket);
}
