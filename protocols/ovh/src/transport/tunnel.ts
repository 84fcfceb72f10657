import type { Socket } from 'node:net';
import { builtin } from '../platform.ts';
import { secureContextOf } from './secure-context.ts';
import type { TlsOptions } from './tls-options.ts';

const HEAD_LIMIT = 16 * 1024;

/** The proxy did not open the way. */
class TunnelError extends Error {}

/** Through which proxy, and where. */
export interface Tunnel {
  readonly proxy: URL;
  /** Roots for an `https:` proxy, besides those of Node. */
  readonly ca: TlsOptions['ca'];
  /** `host:port`. */
  readonly target: string;
}

/** A connection through an HTTP proxy by CONNECT (RFC 9110 9.3.6). Ends the attempt when `signal` aborts. */
export async function openTunnel({ proxy, ca, target }: Tunnel, signal: AbortSignal): Promise<Socket> {
  const socket = await connected({ proxy, ca }, signal);
  const cut = (): unknown => socket.destroy(new TunnelError('The wait for the proxy was ended'));
  signal.addEventListener('abort', cut, { once: true });
  try {
    const head = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, ...authorization(proxy), '', ''];
    socket.write(head.join('\r\n'));
    const { status, rest } = await answerOf(socket);
    if (status < 200 || status > 299) throw new TunnelError(`The proxy ${proxy.host} refused the tunnel to ${target}: ${status}`);
    if (rest.length > 0) socket.unshift(rest);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', cut);
  }
}

/** TLS to the proxy itself: verified as that to the API is, but never with our certificate. */
function encrypted(host: string, port: number, ca: TlsOptions['ca']): Socket {
  const servername = builtin('node:net').isIP(host) === 0 ? host : '';
  const secureContext = secureContextOf({ ca });
  return builtin('node:tls').connect({ host, port, servername, secureContext, rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] });
}

function connected({ proxy, ca }: Omit<Tunnel, 'target'>, signal: AbortSignal): Promise<Socket> {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const secure = proxy.protocol === 'https:';
  const port = Number(proxy.port || (secure ? 443 : 80));
  return new Promise((resolve, reject) => {
    const socket = secure ? encrypted(host, port, ca) : builtin('node:net').connect({ host, port });
    const cut = (): unknown => socket.destroy(new TunnelError('The wait for the proxy was ended'));
    signal.addEventListener('abort', cut, { once: true });
    socket.once('error', (error) => {
      signal.removeEventListener('abort', cut);
      reject(new TunnelError(`no connection to the proxy ${proxy.host}: ${error.message}`, { cause: error }));
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', cut);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    if (signal.aborted) cut();
  });
}

function authorization(proxy: URL): string[] {
  if (proxy.username === '' && proxy.password === '') return [];
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return [`Proxy-Authorization: Basic ${Buffer.from(pair).toString('base64')}`];
}

function answerOf(socket: Socket): Promise<{ status: number; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const done = (): void => {
      socket.removeListener('data', read);
      socket.removeListener('error', fail);
      socket.removeListener('close', closed);
      socket.pause();
    };
    const fail = (error: Error): void => {
      done();
      reject(error);
    };
    const closed = (): void => fail(new TunnelError('The proxy ended the connection before it answered'));
    const read = (piece: Buffer): void => {
      seen = Buffer.concat([seen, piece]);
      const end = seen.indexOf('\r\n\r\n');
      if (end === -1 && seen.length <= HEAD_LIMIT) return;
      const [, status] = /^HTTP\/1\.[01] (\d{3})\b/.exec(seen.toString('latin1')) ?? [];
      if (end === -1 || status === undefined) {
        fail(new TunnelError('The proxy did not answer with HTTP'));
        return;
      }
      done();
      resolve({ status: Number(status), rest: seen.subarray(end + 4) });
    };
    socket.on('data', read);
    socket.once('error', fail);
    socket.once('close', closed);
  });
}
