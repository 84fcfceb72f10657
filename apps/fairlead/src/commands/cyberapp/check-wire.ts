import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect, type PeerCertificate, rootCertificates, type SecureVersion } from 'node:tls';

const LIMIT_MS = 8000;
const MOST_BYTES = 1_048_576;

/** How a server presents itself. */
export interface Greeting {
  /** `TLSv1.3` */
  readonly protocol: string;
  /** Why the public roots, or the one that was named, do not vouch for it; undefined: they do. */
  readonly distrust: string | undefined;
  /** Unix ms. */
  readonly validTo: number;
  readonly issuer: string;
}

/**
 * Opens a TLS connection and closes it: nothing is sent. What the peer shows is looked at even when nobody trusts it, since whether it is
 * trusted is what is asked for. Rejects with the error of the handshake.
 */
export async function greet(
  url: URL,
  options: { readonly ca?: string | undefined; readonly version?: SecureVersion } = {},
): Promise<Greeting> {
  const { ca, version } = options;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve, reject } = Promise.withResolvers<Greeting>();
  const only = version === undefined ? {} : { minVersion: version, maxVersion: version };
  const socket = connect({
    ...{ host, port: Number(url.port || 443), rejectUnauthorized: false, ca: ca === undefined ? [...rootCertificates] : [ca] },
    ...(/[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {}),
    ...only,
  });
  socket.setTimeout(LIMIT_MS, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
  socket.once('error', reject);
  socket.once('secureConnect', () => {
    const shown: PeerCertificate = socket.getPeerCertificate();
    resolve({
      protocol: socket.getProtocol() ?? '',
      distrust: socket.authorized ? undefined : distrustOf(socket.authorizationError),
      validTo: Date.parse(shown.valid_to),
      issuer: [shown.issuer?.O, shown.issuer?.CN].filter(Boolean).join(' '),
    });
    socket.end();
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

function distrustOf(reason: Error | string | null): string {
  if (reason instanceof Error) return 'code' in reason ? String(reason.code) : reason.message;
  return reason ?? 'unknown';
}

export interface Page {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** GETs a page. Rejects when it cannot be had in time. */
export async function getPage(url: string, ca: string | undefined): Promise<Page> {
  const { promise, resolve, reject } = Promise.withResolvers<Page>();
  const send = url.startsWith('https:') ? tlsRequest : plainRequest;
  const signal = AbortSignal.timeout(LIMIT_MS);
  const request = send(url, { signal, agent: false, ...(ca === undefined ? {} : { ca }) }, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (piece: string) => {
      text += piece;
      if (text.length > MOST_BYTES) answer.destroy(new Error('too long'));
    });
    answer.once('error', reject);
    answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
  });
  request.once('error', reject);
  request.end();
  return await promise;
}
