import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { Networks } from '@fairlead/kernel/access';
import { FairleadError } from '@fairlead/kernel/errors';
import fastify, { type FastifyInstance } from 'fastify';
import { tellCallers } from './observed.ts';

export interface ListenerOptions {
  /** `::` listens on IPv4 as well. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** PEM of the certificate chain and its key; asked for at start. */
  readonly certificate: { readonly key: string; readonly cert: string };
  /** PEM of authorities by which the certificate of a client is checked when it shows one; nobody must show one. */
  readonly clientAuthorities?: string | undefined;
  /** How long head and whole request may take to arrive, in ms; 60 s when absent. */
  readonly patience?: { readonly headMs: number; readonly requestMs: number } | undefined;
  /** Proxies whose `X-Forwarded-For` is believed; none when absent. */
  readonly trustedProxies?: Networks;
}

/** Seconds that a request may take to arrive: control bodies are small. */
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 75_000;
/** How often requests are looked for that take too long to arrive. */
const LOOK_FOR_SLOW_MS = 30_000;

/** Makes the Fastify application of a control listener: HTTPS only, TLS 1.2 or newer. */
export function createApp(options: Pick<ListenerOptions, 'certificate' | 'clientAuthorities' | 'patience' | 'trustedProxies'>): {
  app: FastifyInstance;
  server: Server;
} {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const tls = { ...secureOptions(options.certificate, options.clientAuthorities), requestCert: options.clientAuthorities !== undefined };
  const { headMs = REQUEST_TIMEOUT_MS, requestMs = REQUEST_TIMEOUT_MS } = options.patience ?? {};
  const times = { headersTimeout: headMs, requestTimeout: requestMs, connectionsCheckingInterval: Math.min(headMs / 5, LOOK_FOR_SLOW_MS) };
  const server = createServer({ ...tls, ...times, rejectUnauthorized: false }, (request, response) => {
    request.url = pathOf(request.url ?? '/');
    handle(request, response);
  });
  // Before HTTP is spoken: a request of such a client may come together with its certificate.
  server.prependListener('secureConnection', refuseStranger);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const app = fastify({
    serverFactory: (handler) => {
      handle = handler;
      return server;
    },
    logger: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 512 },
  });
  const made = app as unknown as FastifyInstance;
  tellCallers(made, options.trustedProxies ?? new Networks([]));
  return { app: made, server };
}

/** A client may name the whole URL (RFC 9112 3.2.2), with the credentials that it holds for the server: only the path counts. */
function pathOf(target: string): string {
  const [whole] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target) ?? [];
  if (whole === undefined) return target;
  const rest = target.slice(whole.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Who shows no certificate may come in; who shows one must be who it says. */
function refuseStranger(socket: TLSSocket): void {
  if (!socket.authorized && socket.getPeerX509Certificate() !== undefined) socket.destroy();
}

/** What a listener is told about TLS, at its start and with another certificate. */
export function secureOptions(certificate: ListenerOptions['certificate'], clientAuthorities?: string): SecureContextOptions {
  const { key, cert } = certificate;
  return { key, cert, minVersion: 'TLSv1.2', ...(clientAuthorities !== undefined && { ca: clientAuthorities }) };
}

/** Binds; `FAIRLEAD_LISTEN` says which address and why not. */
export async function listen(server: Server, options: ListenerOptions): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: options.host, port: options.port }, resolve);
  try {
    await promise;
  } catch (cause) {
    throw FairleadError('FAIRLEAD_LISTEN', { address: `${options.host}:${options.port}`, reason: (cause as Error).message }, { cause });
  }
  server.removeListener('error', reject);
  return server.address() as AddressInfo;
}

const DRAIN_MS = 10_000;
const LOOK_MS = 100;

/** What both kinds of servers can. */
interface Closable {
  close(ended: () => void): unknown;
  closeIdleConnections(): void;
  closeAllConnections(): void;
}

/** Stops accepting, lets running requests end, and cuts what is left after 10 s or so long. */
export async function closeServer(server: Closable, drainMs = DRAIN_MS): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  // A connection whose last answer went out meanwhile would be kept alive for the next request.
  const look = setInterval(() => server.closeIdleConnections(), LOOK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  await promise;
  clearInterval(look);
  clearTimeout(cut);
}
