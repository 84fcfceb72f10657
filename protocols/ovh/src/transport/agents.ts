import { type AgentOptions, type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, getCACertificates } from 'node:tls';
import { openTunnel } from './tunnel.ts';

/** What may be said of TLS. There is no way here to turn verification off: `NODE_TLS_REJECT_UNAUTHORIZED` does not count either. */
export interface TlsOptions {
  /** Roots trusted besides those of Node, as PEM. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** Our certificate and its key, as PEM. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly passphrase?: string | undefined;
  /** The name to ask for and to verify, instead of that in the URL. */
  readonly servername?: string | undefined;
}

/** An idle connection is ended before common front ends end theirs, so that few calls meet a closed one. */
const IDLE_SOCKET_MS = 15_000;
const POOL: AgentOptions = { keepAlive: true, scheduling: 'lifo', maxFreeSockets: 32, timeout: IDLE_SOCKET_MS };
/** Where a request does not say how long it waits for its connection. */
const TUNNEL_MS = 60_000;

/** What a request tells its agent besides what Node knows. */
export interface TunnelRequest {
  readonly tunnelMs?: number | undefined;
}

type Connected = (error: Error | null, socket: Duplex) => void;

/**
 * Options of TLS as Node wants them. Certificates are read once, into a context: as options of the agent they would be part of
 * the name by which it looks up a kept connection, hundreds of kilobytes for each request.
 */
function secureOptions(tls: TlsOptions): HttpsAgentOptions {
  const { ca, cert, key, passphrase, servername } = tls;
  const secureContext = createSecureContext({
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ...(Array.isArray(ca) ? ca : [ca])] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  return { ...POOL, secureContext, rejectUnauthorized: true, ...(servername === undefined ? {} : { servername }) };
}

/** A pool of connections to wherever the requests go. */
export function directAgent(secure: boolean, tls: TlsOptions): HttpAgent {
  return secure ? new HttpsAgent(secureOptions(tls)) : new HttpAgent(POOL);
}

/** The same through one proxy; what is sent in the tunnel is the same as without it. */
export function tunnelAgent(secure: boolean, tls: TlsOptions, proxy: URL): HttpAgent {
  return secure ? new SecureTunnelAgent(secureOptions(tls), proxy) : new PlainTunnelAgent(POOL, proxy);
}

class PlainTunnelAgent extends HttpAgent {
  readonly #tunnels: Tunnels;

  constructor(options: AgentOptions, proxy: URL) {
    super(options);
    this.#tunnels = new Tunnels(proxy);
  }

  override createConnection(options: ClientRequestArgs, callback: Connected): undefined {
    this.#tunnels.open(options).then(
      (socket) => {
        callback(null, socket);
        // It was paused, so that nothing is lost before somebody listens.
        socket.resume();
      },
      (error: Error) => callback(error, undefined as never),
    );
  }

  override destroy(): void {
    this.#tunnels.close();
    super.destroy();
  }
}

class SecureTunnelAgent extends HttpsAgent {
  readonly #tunnels: Tunnels;

  constructor(options: HttpsAgentOptions, proxy: URL) {
    super(options);
    this.#tunnels = new Tunnels(proxy);
  }

  override createConnection(options: ClientRequestArgs, callback: Connected): undefined {
    this.#tunnels
      .open(options)
      .then((socket) => super.createConnection({ ...options, socket } as ClientRequestArgs))
      .then(
        (socket) => callback(null, socket as Duplex),
        (error: Error) => callback(error, undefined as never),
      );
  }

  override destroy(): void {
    this.#tunnels.close();
    super.destroy();
  }
}

/** Tunnels of one proxy; those under way end with their pool. */
class Tunnels {
  readonly #proxy: URL;
  readonly #closed = new AbortController();

  constructor(proxy: URL) {
    this.#proxy = proxy;
  }

  open(options: ClientRequestArgs & TunnelRequest): Promise<Socket> {
    const host = String(options.host);
    const target = `${host.includes(':') ? `[${host}]` : host}:${options.port}`;
    return openTunnel(this.#proxy, target, AbortSignal.any([this.#closed.signal, AbortSignal.timeout(options.tunnelMs ?? TUNNEL_MS)]));
  }

  close(): void {
    this.#closed.abort();
  }
}
