import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ADMIN, type CceGateway } from './cce-gateway.ts';

/** An answer of the JSON API. */
export interface JsonAnswer {
  readonly http: number;
  readonly body: string;
}

/** One connection that carries one question after the other. Neither side of a comparison pays for a client library. */
export interface Line<Answer> extends Disposable {
  ask(question: string): Promise<Answer>;
}

export interface JsonLineOptions {
  /** Comes from the address of the trusted proxy, with these headers. */
  readonly from?: { readonly proxy: string; readonly headers: Readonly<Record<string, string>> } | undefined;
}

/** HTTPS with keep-alive; a question is the body of `POST /v2/cce`. */
export async function openJsonLine({ port, ca }: CceGateway, { from }: JsonLineOptions = {}): Promise<Line<JsonAnswer>> {
  const local = from === undefined ? {} : { localAddress: from.proxy };
  const socket = connectTls({ host: '127.0.0.1', port, ca, ...local });
  await once(socket, 'secureConnect');
  const more = Object.entries(from?.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST /v2/cce HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${more.join('')}content-length: `;
  return line(socket, { written: (body) => `${head}${Buffer.byteLength(body)}\r\n\r\n${body}`, read: readHttp });
}

/** HTTPS with keep-alive, from an address of loopback; a question is a whole request. */
export async function openHttpsLine(port: number, ca: string, localAddress = '127.0.0.1'): Promise<Line<JsonAnswer>> {
  const local = { localAddress };
  const socket = connectTls({ host: '127.0.0.1', port, ca, ...local });
  await once(socket, 'secureConnect');
  return line(socket, { written: (request) => request, read: readHttp });
}

/** The Unix socket of the raw protocol, with its greeting read. */
export async function openRawLine({ socket: path }: CceGateway): Promise<Line<string>> {
  const socket = connect(path);
  const raw = line(socket, { written: (command) => (command === '' ? '' : `${command}\n`), read: readReply });
  await raw.ask('');
  return raw;
}

/** A raw connection on which the administrator has logged in. */
export async function openAdminLine(gateway: CceGateway): Promise<Line<string>> {
  const raw = await openRawLine(gateway);
  const reply = await raw.ask(`AUTH "${ADMIN.user}" "${ADMIN.password}"`);
  if (!reply.includes('201 OK')) throw new Error(`AUTH: ${reply}`);
  return raw;
}

/** Asks and reads what came as JSON; throws unless it is a success. */
export async function askJson<Data>(json: Line<JsonAnswer>, request: object): Promise<Data> {
  const { http, body } = await json.ask(JSON.stringify(request));
  if (http !== 200) throw new Error(`${http}: ${body.slice(0, 300)}`);
  return (JSON.parse(body) as { data: Data }).data;
}

interface Wire<Answer> {
  readonly written: (question: string) => string;
  /** The answer, once all of it is there. */
  readonly read: (bytes: Buffer) => Answer | undefined;
}

function line<Answer>(socket: Socket, { written, read }: Wire<Answer>): Line<Answer> {
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  let pieces: Buffer[] = [];
  socket.setNoDelay(true);
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece);
    const answer = read(pieces.length === 1 ? piece : Buffer.concat(pieces));
    if (answer === undefined) return;
    pieces = [];
    waiting?.resolve(answer);
  });
  const lost = (error?: Error) => waiting?.reject(error ?? new Error('The gateway closed the connection'));
  socket.on('error', lost).on('close', () => lost());
  return {
    ask: (question) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      waiting = { resolve, reject };
      socket.write(written(question));
      return promise;
    },
    [Symbol.dispose]: () => {
      waiting = undefined;
      socket.destroy();
    },
  };
}

function readHttp(bytes: Buffer): JsonAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
  if (bytes.length < end + 4 + length) return undefined;
  return { http: Number(head.slice(9, 12)), body: bytes.toString('utf8', end + 4) };
}

/** A reply is whole at a line that begins with 2, 4 or 9 (cce 1.6). */
function readReply(bytes: Buffer): string | undefined {
  if (bytes.at(-1) !== 10) return undefined;
  const last = bytes.lastIndexOf(10, bytes.length - 2) + 1;
  return [0x32, 0x34, 0x39].includes(bytes[last] ?? 0) ? bytes.toString('utf8') : undefined;
}
