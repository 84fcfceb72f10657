import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

interface Keys {
  readonly applicationSecret: string;
  readonly consumerKey: string;
}

const BODY = JSON.stringify({ nichandle: 'ab12345-ovh', email: 'a@b.example', currency: { code: 'EUR', symbol: '€' }, country: 'FR' });

/**
 * Answers GET over TLS with as little work as possible, so that a client is measured and not the server; the signature has to be
 * right, with the port or without. Gives its URL.
 */
export async function startMinimal(tls: { readonly cert: Buffer; readonly key: Buffer }, keys: Keys): Promise<string> {
  const server = createServer(tls, (socket) => serve(socket, () => port, keys));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `https://127.0.0.1:${port}`;
}

function serve(socket: TLSSocket, port: () => number, keys: Keys): void {
  let seen = '';
  socket.setNoDelay(true).on('error', () => undefined);
  socket.on('data', (piece: Buffer) => {
    seen += piece.toString('latin1');
    for (let end = seen.indexOf('\r\n\r\n'); end >= 0; end = seen.indexOf('\r\n\r\n')) {
      const head = seen.slice(0, end + 2);
      seen = seen.slice(end + 4);
      socket.write(answerTo(head, port(), keys));
    }
  });
}

function answerTo(head: string, port: number, keys: Keys): string {
  const [, method = '', target = ''] = /^([A-Z]+) (\S+)/.exec(head) ?? [];
  if (target.endsWith('/auth/time')) return answer('200 OK', String(Math.floor(Date.now() / 1000)));
  const timestamp = headerOf(head, 'timestamp');
  const given = headerOf(head, 'signature');
  const right = ['', `:${port}`].some((suffix) => {
    const preimage = `${keys.applicationSecret}+${keys.consumerKey}+${method}+https://127.0.0.1${suffix}${target}++${timestamp}`;
    return `$1$${createHash('sha1').update(preimage).digest('hex')}` === given;
  });
  return right ? answer('200 OK', BODY) : answer('400 Bad Request', '{"class":"Client::BadRequest","message":"Invalid signature"}');
}

function headerOf(head: string, name: string): string {
  return new RegExp(`\\r\\nx-ovh-${name}: *([^\\r]*)`, 'i').exec(head)?.[1] ?? '';
}

function answer(status: string, body: string): string {
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nX-OVH-QUERYID: EU.ext-1.0\r\nContent-Length: ${length}\r\n\r\n${body}`;
}
