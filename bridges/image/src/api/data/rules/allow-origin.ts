import type { IncomingMessage, ServerResponse } from 'node:http';

/** imageio 2.9: browsers upload through the proxy. Only what was asked for is answered, also on refusals. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse, preflightMethods: string): void {
  const { origin } = request.headers;
  const asked = request.headers['access-control-request-headers'];
  const method = request.headers['access-control-request-method'];
  if (origin !== undefined) response.setHeader('access-control-allow-origin', '*');
  if (asked !== undefined) response.setHeader('access-control-allow-headers', '*');
  if (method !== undefined) response.setHeader('access-control-allow-methods', preflightMethods);
  if (origin !== undefined || asked !== undefined || method !== undefined) response.setHeader('access-control-max-age', '86400');
}
